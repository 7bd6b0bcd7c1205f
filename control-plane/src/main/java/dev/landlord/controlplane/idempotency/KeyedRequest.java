package dev.landlord.controlplane.idempotency;

/**
 * A request with a key. Used by the request's thread, and by the writer's while that one waits.
 */
final class KeyedRequest {
    private final String scope;
    private final String keySha256;
    private final String requestSha256;
    private volatile boolean stored;

    /**
     * @param scope the public id of the token: another's keys are other keys
     * @param requestSha256 over all that says what is asked for
     */
    KeyedRequest(String scope, String keySha256, String requestSha256) {
        this.scope = scope;
        this.keySha256 = keySha256;
        this.requestSha256 = requestSha256;
    }

    String scope() {
        return scope;
    }

    String keySha256() {
        return keySha256;
    }

    String requestSha256() {
        return requestSha256;
    }

    /** Whether a change of this request has stored the key. */
    boolean isStored() {
        return stored;
    }

    void store() {
        stored = true;
    }
}
