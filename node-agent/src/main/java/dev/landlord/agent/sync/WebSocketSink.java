package dev.landlord.agent.sync;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A stream as binary frames of one WebSocket; one frame is under way at a time. */
final class WebSocketSink implements StreamSink {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    /** A reader that takes nothing for this long is given up, so that it does not hold a place for ever. */
    private static final Duration STALLED = Duration.ofSeconds(60);

    private static final int INTERNAL_ERROR = 1011;
    /** The protocol allows 123 bytes. */
    private static final int MAX_REASON = 120;

    private final String call;
    private final WebSocket socket;
    private final Peer peer;

    private WebSocketSink(String call, WebSocket socket, Peer peer) {
        this.call = call;
        this.socket = socket;
        this.peer = peer;
    }

    static StreamSink open(HttpClient client, URI uri) throws InterruptedException {
        return open(client, uri, new Peer());
    }

    static WebSocketSink open(HttpClient client, URI uri, Peer peer) throws InterruptedException {
        String call = "open stream " + uri;
        CompletableFuture<WebSocket> opening =
                client.newWebSocketBuilder().connectTimeout(CONNECT).buildAsync(uri, peer);
        return new WebSocketSink(call, await(call, opening, CONNECT), peer);
    }

    @Override
    public void send(byte[] bytes) throws InterruptedException {
        await(call, socket.sendBinary(ByteBuffer.wrap(bytes), true), STALLED);
    }

    @Override
    public boolean isOpen() {
        return !peer.gone;
    }

    @Override
    public void finish(@Nullable String reason) {
        if (socket.isOutputClosed()) {
            return;
        }
        String text = reason == null ? "" : ascii(reason);
        try {
            await(call, socket.sendClose(reason == null ? WebSocket.NORMAL_CLOSURE : INTERNAL_ERROR, text), CONNECT);
        } catch (ControlPlaneException e) {
            socket.abort();
        } catch (InterruptedException e) {
            socket.abort();
            Thread.currentThread().interrupt();
        }
    }

    private static String ascii(String reason) {
        String plain = reason.replaceAll("[^ -~]", "?");
        return plain.substring(0, Math.min(plain.length(), MAX_REASON));
    }

    private static <T> T await(String call, CompletableFuture<T> future, Duration patience)
            throws InterruptedException {
        try {
            return future.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new ControlPlaneException(call, 0, cause.toString(), cause);
        } catch (TimeoutException e) {
            future.cancel(true);
            throw new ControlPlaneException(call, 0, "not taken within " + patience.toSeconds() + " s", e);
        }
    }

    /** Says nothing that we need, but its going ends the stream. */
    static class Peer implements WebSocket.Listener {
        private volatile boolean gone;

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
            gone = true;
            return null;
        }

        @Override
        public void onError(WebSocket webSocket, Throwable error) {
            gone = true;
        }
    }

    /** Binary messages of one WebSocket. */
    static final class BothWays implements Duplex {
        private final WebSocketSink sink;
        /** One message is under way at a time. */
        private final ReentrantLock sending = new ReentrantLock();

        private BothWays(WebSocketSink sink) {
            this.sink = sink;
        }

        static Duplex open(HttpClient client, URI uri, Listener listener) throws InterruptedException {
            return new BothWays(WebSocketSink.open(client, uri, new Ear(listener)));
        }

        @Override
        public void send(byte[] message) throws InterruptedException {
            sending.lock();
            try {
                sink.send(message);
            } finally {
                sending.unlock();
            }
        }

        @Override
        public void close() {
            sending.lock();
            try {
                sink.finish(null);
            } finally {
                sending.unlock();
            }
        }

        /** Puts messages together; one that is too long ends the stream. */
        private static final class Ear extends Peer {
            private static final int MAX_MESSAGE_BYTES = 64 << 10;
            private static final int TOO_BIG = 1009;

            private final Listener listener;
            private final ByteArrayOutputStream message = new ByteArrayOutputStream();

            Ear(Listener listener) {
                this.listener = listener;
            }

            @Override
            public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
                byte[] part = new byte[data.remaining()];
                data.get(part);
                if (message.size() + part.length > MAX_MESSAGE_BYTES) {
                    CompletionStage<WebSocket> closing = socket.sendClose(TOO_BIG, "message too long");
                    listener.gone();
                    return closing;
                }
                message.writeBytes(part);
                if (last) {
                    byte[] whole = message.toByteArray();
                    message.reset();
                    listener.message(whole);
                }
                socket.request(1);
                return null;
            }

            @Override
            public @Nullable CompletionStage<?> onClose(WebSocket socket, int statusCode, String reason) {
                super.onClose(socket, statusCode, reason);
                listener.gone();
                return null;
            }

            @Override
            public void onError(WebSocket socket, Throwable error) {
                super.onError(socket, error);
                listener.gone();
            }
        }
    }
}
