package dev.landlord.controlplane;

/** The control plane must not start like this; the message is for the operator and says what to change. */
final class StartRefused extends RuntimeException {
    private final String remedy;

    StartRefused(String reason, String remedy) {
        super(reason);
        this.remedy = remedy;
    }

    String remedy() {
        return remedy;
    }
}
