package dev.landlord.runtime.exec;

import dev.landlord.runtime.ExecEvent;
import dev.landlord.runtime.ExecSession;
import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.TerminalSize;
import dev.landlord.runtime.launch.HelperFault;
import dev.landlord.runtime.launch.HelperMessage;
import dev.landlord.runtime.launch.Supervisor;
import dev.landlord.runtime.linux.Descriptors;
import dev.landlord.runtime.linux.Errno;
import dev.landlord.runtime.linux.Linux;
import dev.landlord.runtime.linux.LinuxFault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One program. A descriptor is used and closed under the lock of those who use it, because its number is another's once it is
 * closed; waiting is done in short slices, so that closing need not wait long.
 */
final class Session implements ExecSession {
    /** A process that outlives the program may hold its output and write for ever. */
    private static final int MAX_BYTES_BEHIND_THE_END = 256 << 10;

    private static final byte END_OF_INPUT = 4;
    private static final int SIGKILL = 9;

    private final Warden warden;
    private final Supervisor supervisor;
    private final Input input;
    private final BiConsumer<Session, Warden> onClose;
    private final AtomicBoolean closing = new AtomicBoolean();
    /** Of the outputs, and of hearing what the helper says. */
    private final ReentrantLock reading = new ReentrantLock();

    /** Of speaking to the helper; never held while waiting. */
    private final ReentrantLock steering = new ReentrantLock();

    private int output;
    private int errors;
    private boolean hungUp;
    private ExecEvent.@Nullable Exited exit;
    private int bytesBehindTheEnd = MAX_BYTES_BEHIND_THE_END;

    Session(Warden warden, Streams streams, BiConsumer<Session, Warden> onClose) {
        this.warden = warden;
        this.supervisor = warden.supervisor();
        this.input = new Input(streams.input(), streams.terminal());
        this.output = streams.output();
        this.errors = streams.errors();
        this.onClose = onClose;
    }

    @Override
    public Optional<ExecEvent> next(int maxBytes, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        reading.lock();
        try {
            while (true) {
                if (closing.get()) {
                    return Optional.of(exit == null ? new ExecEvent.Exited(128 + SIGKILL, SIGKILL) : exit);
                }
                int slice = exit != null ? 0 : Input.slice(deadline);
                ExecEvent event = look(maxBytes, slice);
                if (event != null) {
                    return Optional.of(event);
                }
                if (exit == null && System.nanoTime() >= deadline) {
                    return Optional.empty();
                }
            }
        } catch (LinuxFault e) {
            throw HelperFault.of("read output of", "exec", e);
        } finally {
            reading.unlock();
        }
    }

    private @Nullable ExecEvent look(int maxBytes, int timeoutMillis) {
        int channel = exit == null ? supervisor.channel() : -1;
        List<Integer> ready = Descriptors.readable(List.of(output, errors, channel), timeoutMillis);
        for (int fd : ready) {
            if (fd != channel) {
                ExecEvent.Output event = readFrom(fd, maxBytes);
                if (event != null) {
                    return event;
                }
            }
        }
        if (exit == null && ready.contains(channel)) {
            exit = heard(supervisor.listen(0));
            return null; // and what it wrote before is read first
        }
        return ready.isEmpty() || bytesBehindTheEnd <= 0 ? exit : null;
    }

    private static ExecEvent.@Nullable Exited heard(HelperMessage message) {
        return switch (message) {
            case HelperMessage.Ended ended -> new ExecEvent.Exited(ended.exitCode(), ended.signal());
            // The kernel has killed the program with its warden.
            case HelperMessage.Gone() -> new ExecEvent.Exited(128 + SIGKILL, SIGKILL);
            case HelperMessage other -> null;
        };
    }

    private ExecEvent.@Nullable Output readFrom(int fd, int maxBytes) {
        byte[] bytes;
        try {
            bytes = Descriptors.read(fd, maxBytes);
        } catch (LinuxFault e) {
            if (e.errno() == Errno.EAGAIN || e.errno() == Errno.EINTR) {
                return null;
            }
            if (e.errno() != Errno.EIO) { // which is how a terminal says that nobody has it any more
                throw e;
            }
            bytes = new byte[0];
        }
        if (exit != null) {
            bytesBehindTheEnd -= bytes.length;
        }
        if (bytes.length > 0) {
            return new ExecEvent.Output(fd == errors, bytes);
        }
        Linux.close(fd);
        if (fd == output) {
            output = -1;
        } else {
            errors = -1;
        }
        return null;
    }

    @Override
    public int write(byte[] bytes, int offset, int length, Duration patience) {
        return input.write(bytes, offset, length, patience);
    }

    @Override
    public void endInput() {
        if (input.isTerminal()) {
            write(new byte[] {END_OF_INPUT}, 0, 1, Duration.ofMillis(Input.SLICE_MILLIS));
        } else {
            input.close();
        }
    }

    @Override
    public void resize(TerminalSize size) {
        input.resize(size);
    }

    @Override
    public void signal(int signal) {
        if (signal < 1 || signal > 64) {
            throw new SandboxException(
                    SandboxException.Kind.INVALID, "signal", Integer.toString(signal), "must be between 1 and 64");
        }
        steering.lock();
        try {
            if (!hungUp) {
                supervisor.signalGroup(signal);
            }
        } finally {
            steering.unlock();
        }
    }

    @Override
    public void close() {
        if (!closing.compareAndSet(false, true)) {
            return;
        }
        input.stop();
        hangUp();
        try {
            onClose.accept(this, warden);
        } finally {
            // Only now: what still writes while it ends would be killed for it.
            closeStreams();
        }
    }

    private void hangUp() {
        reading.lock();
        steering.lock();
        try {
            hungUp = true;
            supervisor.hangUp();
        } finally {
            steering.unlock();
            reading.unlock();
        }
    }

    private void closeStreams() {
        input.close();
        reading.lock();
        try {
            closeIfOpen(output);
            closeIfOpen(errors);
            output = -1;
            errors = -1;
        } finally {
            reading.unlock();
        }
    }

    private static void closeIfOpen(int fd) {
        if (fd >= 0) {
            Linux.close(fd);
        }
    }
}
