package dev.landlord.controlplane.store;

import org.jspecify.annotations.Nullable;

/**
 * The store could not take or finish the work: its queue is full, it is closing, or the disk refused. A write that ends so
 * was either not made at all, or (only while closing) its outcome is unknown.
 */
public final class StoreUnavailableException extends RuntimeException {
    public StoreUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
