package dev.landlord.cli.exec;

import dev.landlord.api.exec.ExecFrame;
import dev.landlord.cli.client.ApiPath;
import dev.landlord.cli.client.LandlordClient;
import dev.landlord.cli.failure.CommandFailure;
import dev.landlord.cli.failure.ExitCode;
import dev.landlord.cli.terminal.PlainText;
import dev.landlord.cli.terminal.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The client's end of an exec stream. One thread calls {@link #run} and shows output, a second one reads stdin, and those of the
 * WebSocket only put frames into a queue: so the connection shows signs of life also while nobody reads the output.
 */
final class ExecStream implements AutoCloseable {
    private static final long SEND_SECONDS = 30;
    private final Terminal terminal;
    private final boolean plain;
    /** Bounded by what the other side may send without being told that it was read. Empty: nothing more comes. */
    private final BlockingQueue<Optional<ExecFrame>> frames = new LinkedBlockingQueue<>();
    /** Input that may still be sent. */
    private final Semaphore room = new Semaphore(ExecFrame.WINDOW_BYTES);
    /** One message is under way at a time. */
    private final ReentrantLock sending = new ReentrantLock();

    private @Nullable WebSocket socket;
    private volatile String reason = "";

    private ExecStream(Terminal terminal, boolean plain) {
        this.terminal = terminal;
        this.plain = plain;
    }

    /** @param plain whether control characters are kept from the terminal */
    static ExecStream open(LandlordClient client, ApiPath path, Terminal terminal, boolean plain) {
        ExecStream stream = new ExecStream(terminal, plain);
        stream.socket = client.webSocket(path, stream.new Ear());
        return stream;
    }

    /** Returns the program's exit code. */
    int run(boolean input) {
        if (input) {
            // Blocks in a read that nothing can interrupt, so it ends with the process.
            Thread.ofPlatform().daemon().name("stdin").start(() -> type(null));
        }
        return show();
    }

    /** Returns the program's exit code, or 0 when the keys to leave were pressed. */
    int run(DetachKeys keys) {
        Thread.ofPlatform().daemon().name("stdin").start(() -> type(keys));
        return show();
    }

    private int show() {
        while (true) {
            switch (next()) {
                case ExecFrame.Output frame -> show(terminal.out(), frame.bytes());
                case ExecFrame.Errors frame -> show(terminal.err(), frame.bytes());
                case ExecFrame.Taken taken -> room.release(taken.bytes());
                case ExecFrame.Exited exited -> {
                    return exited.code();
                }
                case ExecFrame.Failed failed -> throw new CommandFailure(ExitCode.FAILED, failed.reason());
                default -> throw new CommandFailure(ExitCode.FAILED, "the server said what only a client says");
            }
        }
    }

    private ExecFrame next() {
        try {
            return frames.take()
                    .orElseThrow(() -> new CommandFailure(
                            ExitCode.UNREACHABLE, "the connection to the program broke off" + reason));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure(ExitCode.INTERRUPTED, "interrupted", e);
        }
    }

    private void show(PrintStream to, byte[] bytes) {
        byte[] shown = plain
                ? PlainText.ofLines(new String(bytes, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8)
                : bytes;
        to.write(shown, 0, shown.length);
        if (to.checkError()) {
            throw new CommandFailure(ExitCode.FAILED, "the program's output cannot be written");
        }
        send(new ExecFrame.Read(bytes.length));
    }

    private void type(@Nullable DetachKeys keys) {
        byte[] buffer = new byte[ExecFrame.DATA_MAX_BYTES - 1]; // and a key that was held back
        try {
            int got = terminal.in().read(buffer);
            while (got >= 0) {
                byte[] passed = keys == null ? Arrays.copyOf(buffer, got) : keys.pass(buffer, got);
                if (passed.length > 0) {
                    room.acquire(passed.length);
                    send(new ExecFrame.Input(passed));
                }
                if (keys != null && keys.pressed()) {
                    frames.add(Optional.of(new ExecFrame.Exited(0, 0)));
                    return;
                }
                got = terminal.in().read(buffer);
            }
            send(new ExecFrame.InputEnd());
        } catch (IOException e) {
            send(new ExecFrame.InputEnd());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void resize(int rows, int columns) {
        send(new ExecFrame.Resize(rows, columns));
    }

    /** A connection that takes nothing any more is noticed by who reads from it. */
    private void send(ExecFrame frame) {
        WebSocket to = socket;
        sending.lock();
        try {
            if (to != null && !to.isOutputClosed()) {
                to.sendBinary(ByteBuffer.wrap(frame.encode()), true).get(SEND_SECONDS, TimeUnit.SECONDS);
            }
        } catch (ExecutionException | TimeoutException e) {
            broken(": " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            sending.unlock();
        }
    }

    private void broken(String why) {
        reason = why;
        frames.add(Optional.empty());
    }

    @Override
    public void close() {
        WebSocket to = socket;
        if (to != null && !to.isOutputClosed()) {
            sending.lock();
            try {
                to.sendClose(WebSocket.NORMAL_CLOSURE, "").get(1, TimeUnit.SECONDS);
            } catch (ExecutionException | TimeoutException e) {
                to.abort();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                sending.unlock();
            }
        }
    }

    private final class Ear implements WebSocket.Listener {
        private final ByteArrayOutputStream message = new ByteArrayOutputStream();

        @Override
        public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
            byte[] part = new byte[data.remaining()];
            data.get(part);
            message.writeBytes(part);
            if (message.size() > 1 + ExecFrame.DATA_MAX_BYTES) {
                from.abort();
                broken(": a message was too long");
                return null;
            }
            if (last) {
                byte[] whole = message.toByteArray();
                message.reset();
                hear(from, whole);
            }
            from.request(1);
            return null;
        }

        private void hear(WebSocket from, byte[] whole) {
            try {
                frames.add(Optional.of(ExecFrame.decode(whole)));
            } catch (IllegalArgumentException e) {
                from.abort();
                broken(": " + e.getMessage());
            }
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String why) {
            broken(why.isEmpty() ? "" : ": " + why);
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable error) {
            broken(": " + error.getMessage());
        }
    }
}
