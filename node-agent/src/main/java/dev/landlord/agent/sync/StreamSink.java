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

    /** A stream of whole messages in both directions. Thread-safe. */
    interface Duplex extends AutoCloseable {
        /** Hears the other side. Called by one thread at a time, which must not be kept waiting. */
        interface Listener {
            void message(byte[] message);

            /** Nothing more comes, for whatever reason. */
            void gone();
        }

        /** Returns when the message was taken. Throws {@link ControlPlaneException}. */
        void send(byte[] message) throws InterruptedException;

        /** Ends the stream. Idempotent. */
        @Override
        void close();
    }
}
