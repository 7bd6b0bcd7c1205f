package dev.landlord.runtime;

import java.time.Duration;
import java.util.Optional;

/**
 * A program in a sandbox, and the one who sits in front of it. It ends with its sandbox, and when the session is closed.
 *
 * <p>Thread-safe: one thread may read while another one writes and a third closes. Calls wait in native code, so they belong
 * on platform threads. All faults are {@link SandboxException}.
 */
public interface ExecSession extends AutoCloseable {
    /**
     * Waits for something that the program does. Nothing is read ahead, so a program that writes more than is read has to
     * wait. The last event is {@link ExecEvent.Exited}, also for a session that was closed; it comes again for who asks again.
     *
     * @return empty when the time ran out
     */
    Optional<ExecEvent> next(int maxBytes, Duration patience);

    /**
     * Gives it input.
     *
     * @return how many bytes it took, 0 when it took none in that time, -1 when it never will take any
     */
    int write(byte[] bytes, int offset, int length, Duration patience);

    /** The end of its input: on a terminal, what Ctrl-D is. */
    void endInput();

    /** Does nothing without a terminal. */
    void resize(TerminalSize size);

    /** To the program and the group of processes that it leads. Nothing happens if it has ended. */
    void signal(int signal);

    /**
     * Leaves. A program that still runs is sent SIGHUP, and SIGKILL two seconds later. Returns when it has ended, or after
     * some seconds if it cannot be ended, because it is frozen for example. Idempotent.
     */
    @Override
    void close();
}
