package dev.landlord.controlplane.replica;

/** Another replica leads by now: nothing was written. */
public final class DeposedException extends RuntimeException {
    DeposedException(long epoch) {
        super("the term of epoch " + epoch + " is over: another control plane leads");
    }
}
