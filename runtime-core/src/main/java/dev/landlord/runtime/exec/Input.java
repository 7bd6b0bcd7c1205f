package dev.landlord.runtime.exec;

import dev.landlord.runtime.TerminalSize;
import dev.landlord.runtime.launch.HelperFault;
import dev.landlord.runtime.linux.Descriptors;
import dev.landlord.runtime.linux.Errno;
import dev.landlord.runtime.linux.Linux;
import dev.landlord.runtime.linux.LinuxFault;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Our end of what a program reads. Used and closed under one lock, because the descriptor's number is another's once it is
 * closed; waiting is done in short slices, so that closing need not wait long. Thread-safe.
 */
final class Input {
    static final int SLICE_MILLIS = 100;

    private final ReentrantLock writing = new ReentrantLock();
    private final boolean terminal;
    private volatile boolean closing;
    private int fd;

    /** @param fd taken over; does not wait; -1 for a program that reads nothing */
    Input(int fd, boolean terminal) {
        this.fd = fd;
        this.terminal = terminal;
    }

    boolean isTerminal() {
        return terminal;
    }

    /** As {@link dev.landlord.runtime.ExecSession#write}. */
    int write(byte[] bytes, int offset, int length, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        writing.lock();
        try {
            while (!closing && fd >= 0) {
                if (Descriptors.writable(fd, slice(deadline))) {
                    return Descriptors.write(fd, bytes, offset, length);
                }
                if (System.nanoTime() >= deadline) {
                    return 0;
                }
            }
            return -1;
        } catch (LinuxFault e) {
            return switch (e.errno()) {
                case Errno.EAGAIN, Errno.EINTR -> 0;
                case Errno.EPIPE, Errno.EIO -> -1;
                default -> throw HelperFault.of("write input of", "program", e);
            };
        } finally {
            writing.unlock();
        }
    }

    /** What is left of the time, at most a slice of it. */
    static int slice(long deadlineNanos) {
        return Math.clamp((deadlineNanos - System.nanoTime()) / 1_000_000, 0, SLICE_MILLIS);
    }

    void resize(TerminalSize size) {
        writing.lock();
        try {
            if (terminal && fd >= 0) {
                Descriptors.resize(fd, size.rows(), size.columns());
            }
        } catch (LinuxFault e) {
            throw HelperFault.of("resize", "terminal", e);
        } finally {
            writing.unlock();
        }
    }

    /** Whoever waits to write is told that nothing will be taken any more. */
    void stop() {
        closing = true;
    }

    void close() {
        writing.lock();
        try {
            if (fd >= 0) {
                Linux.close(fd);
                fd = -1;
            }
        } finally {
            writing.unlock();
        }
    }
}
