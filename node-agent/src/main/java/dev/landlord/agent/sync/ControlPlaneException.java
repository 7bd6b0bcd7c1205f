package dev.landlord.agent.sync;

import org.jspecify.annotations.Nullable;

/** A call to the control plane failed: what was called, and what was the answer or the fault on the way. */
public final class ControlPlaneException extends RuntimeException {
    private final int status;

    public ControlPlaneException(String call, int status, String reason, @Nullable Throwable cause) {
        super(call + ": " + reason, cause);
        this.status = status;
    }

    /** HTTP status of the answer; 0 when there was none. */
    public int status() {
        return status;
    }

    /** True when asking again with the same words cannot help. */
    public boolean isFinal() {
        return status >= 400 && status < 500 && status != 408 && status != 429;
    }
}
