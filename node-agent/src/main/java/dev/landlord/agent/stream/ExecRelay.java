package dev.landlord.agent.stream;

import dev.landlord.agent.sync.ControlPlaneException;
import dev.landlord.agent.sync.StreamSink;
import dev.landlord.api.exec.ExecFrame;
import dev.landlord.runtime.ExecEvent;
import dev.landlord.runtime.ExecSession;
import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.TerminalSize;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Between one program and one stream: output goes up no faster than the client reads it, input goes down no faster than the
 * program takes it. One thread calls {@link #run}, a second one feeds the program, a third one brings what the client says.
 */
final class ExecRelay implements StreamSink.Duplex.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(ExecRelay.class);
    private static final Duration SLICE = Duration.ofMillis(250);

    /** Output that the client may still be sent. */
    private final Semaphore room = new Semaphore(ExecFrame.WINDOW_BYTES);
    /** What the client was granted, less what it was told to be taken; a little more, which is on its way to the program. */
    private final InputBuffer input = new InputBuffer(ExecFrame.WINDOW_BYTES);

    private volatile @Nullable ExecSession session;
    private volatile boolean gone;

    /** Returns when the program has ended, or nobody is interested in it any more. */
    void run(ExecSession program, StreamSink.Duplex stream) throws InterruptedException {
        session = program;
        stream.send(new ExecFrame.Started().encode());
        Thread feeder = Thread.ofPlatform()
                .daemon()
                .name(Thread.currentThread().getName() + "-input")
                .start(() -> feed(program, stream));
        try {
            pump(program, stream);
        } finally {
            gone = true;
            feeder.interrupt();
        }
    }

    private void pump(ExecSession program, StreamSink.Duplex stream) throws InterruptedException {
        while (!gone) {
            if (!room.tryAcquire(SLICE.toMillis(), TimeUnit.MILLISECONDS)) {
                continue;
            }
            room.release();
            int bytes = Math.min(room.availablePermits(), ExecFrame.DATA_MAX_BYTES);
            Optional<ExecEvent> event = program.next(bytes, SLICE);
            if (event.isEmpty()) {
                continue;
            }
            switch (event.get()) {
                case ExecEvent.Output output -> {
                    room.acquire(output.bytes().length);
                    stream.send(
                            output.errors()
                                    ? new ExecFrame.Errors(output.bytes()).encode()
                                    : new ExecFrame.Output(output.bytes()).encode());
                }
                case ExecEvent.Exited exited -> {
                    stream.send(new ExecFrame.Exited(exited.exitCode(), exited.signal()).encode());
                    return;
                }
            }
        }
    }

    private void feed(ExecSession program, StreamSink.Duplex stream) {
        try {
            while (!gone) {
                byte[] bytes = input.take(ExecFrame.DATA_MAX_BYTES, SLICE.toMillis());
                if (bytes == null) {
                    program.endInput();
                } else {
                    feed(program, stream, bytes);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ControlPlaneException | SandboxException e) {
            LOG.info("input of {} ended early: {}", Thread.currentThread().getName(), e.getMessage());
            gone = true;
        }
    }

    private void feed(ExecSession program, StreamSink.Duplex stream, byte[] bytes) throws InterruptedException {
        int done = 0;
        while (done < bytes.length && !gone) {
            int taken = program.write(bytes, done, bytes.length - done, SLICE);
            // What it will never take is as good as taken: the client must not wait for it.
            int used = taken < 0 ? bytes.length - done : taken;
            if (used > 0) {
                done += used;
                stream.send(new ExecFrame.Taken(used).encode());
            }
        }
    }

    @Override
    public void message(byte[] message) {
        ExecSession program = session;
        try {
            ExecFrame frame = ExecFrame.decode(message);
            if (program == null) {
                throw new IllegalArgumentException("a frame before the program was started");
            }
            obey(program, frame);
        } catch (IllegalArgumentException | SandboxException e) {
            LOG.warn("an exec stream is broken off: {}", e.getMessage());
            gone = true;
        }
    }

    private void obey(ExecSession program, ExecFrame frame) {
        switch (frame) {
            case ExecFrame.Input typed -> take(typed.bytes());
            case ExecFrame.InputEnd() -> input.end();
            case ExecFrame.Resize size -> program.resize(new TerminalSize(size.rows(), size.columns()));
            case ExecFrame.Signal signal -> program.signal(signal.number());
            case ExecFrame.Read read -> grant(read.bytes());
            default -> throw new IllegalArgumentException("a client does not say " + frame);
        }
    }

    private void take(byte[] bytes) {
        if (!input.add(bytes)) {
            throw new IllegalArgumentException("more input than was granted");
        }
    }

    private void grant(int bytes) {
        if (room.availablePermits() + bytes > ExecFrame.WINDOW_BYTES) {
            throw new IllegalArgumentException("more output was read than was sent");
        }
        room.release(bytes);
    }

    @Override
    public void gone() {
        gone = true;
    }
}
