package dev.landlord.agent.sync;

import org.jspecify.annotations.Nullable;

/** One stream up to the control plane. For one thread, but for {@link #isOpen}. */
public interface StreamSink extends AutoCloseable {
    /** Returns when the bytes were taken, so a slow reader slows the sender. Throws {@link ControlPlaneException}. */
    void send(byte[] bytes) throws InterruptedException;

    /** False once the other side has gone. */
    boolean isOpen();

    /** Ends the stream; a reason says that it ended too early, and why. */
    void finish(@Nullable String reason);

    @Override
    default void close() {
        finish(null);
    }
}
