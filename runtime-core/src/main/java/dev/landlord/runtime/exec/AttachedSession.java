package dev.landlord.runtime.exec;

import dev.landlord.runtime.ExecEvent;
import dev.landlord.runtime.ExecSession;
import dev.landlord.runtime.ExitRecord;
import dev.landlord.runtime.LogPage;
import dev.landlord.runtime.TerminalSize;
import dev.landlord.runtime.state.OutputFiles;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Somebody in front of a sandbox's own program. What it writes is read where it is captured anyway: so the program never waits
 * for who looks on, and there may be several of them.
 */
final class AttachedSession implements ExecSession {
    private static final long LOOK_NANOS = 10_000_000;

    private final Input input;
    private final Follower output;
    private final Follower errors;
    private final Supplier<Optional<ExitRecord>> end;
    private final IntConsumer signals;
    private final ReentrantLock reading = new ReentrantLock();
    private volatile boolean closed;

    /** @param end empty while the program runs, and then for good how it ended, once all its output is kept */
    AttachedSession(
            Input input,
            OutputFiles output,
            OutputFiles errors,
            Supplier<Optional<ExitRecord>> end,
            IntConsumer signals) {
        this.input = input;
        this.output = new Follower(output);
        this.errors = new Follower(errors);
        this.end = end;
        this.signals = signals;
    }

    /** One captured output from now on. */
    private static final class Follower {
        private final OutputFiles files;
        private long offset;

        Follower(OutputFiles files) {
            this.files = files;
            this.offset = files.end();
        }

        byte[] read(int maxBytes) {
            LogPage page = files.read(offset, maxBytes);
            offset = page.offset() + page.bytes().length;
            return page.bytes();
        }
    }

    @Override
    public Optional<ExecEvent> next(int maxBytes, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        reading.lock();
        try {
            while (true) {
                ExecEvent event = look(maxBytes);
                if (event != null) {
                    return Optional.of(event);
                }
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return Optional.empty();
                }
                LockSupport.parkNanos(Math.min(left, LOOK_NANOS));
            }
        } finally {
            reading.unlock();
        }
    }

    private @Nullable ExecEvent look(int maxBytes) {
        if (closed) {
            return new ExecEvent.Exited(0, 0);
        }
        Optional<ExitRecord> ended = end.get(); // before the output, or its last words would be missed
        byte[] bytes = output.read(maxBytes);
        if (bytes.length > 0) {
            return new ExecEvent.Output(false, bytes);
        }
        bytes = errors.read(maxBytes);
        if (bytes.length > 0) {
            return new ExecEvent.Output(true, bytes);
        }
        return ended.map(exit -> new ExecEvent.Exited(exit.exitCode(), exit.signal()))
                .orElse(null);
    }

    @Override
    public int write(byte[] bytes, int offset, int length, Duration patience) {
        return input.write(bytes, offset, length, patience);
    }

    @Override
    public void endInput() {
        // Others may still type: its input ends with the sandbox.
    }

    @Override
    public void resize(TerminalSize size) {
        input.resize(size);
    }

    @Override
    public void signal(int signal) {
        signals.accept(signal);
    }

    @Override
    public void close() {
        closed = true;
        input.stop();
        input.close();
    }
}
