package dev.landlord.controlplane.sync;

import dev.landlord.controlplane.RunningControlPlane;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** The agent's end of a stream. */
final class AgentSocket implements WebSocket.Listener {
    private static final long PATIENCE_SECONDS = 30;

    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final WebSocket socket;

    private AgentSocket(RunningControlPlane controlPlane, HttpClient client, String streamId) throws Exception {
        URI uri = URI.create("wss://localhost:" + controlPlane.port("node") + "/node/v1/streams/" + streamId);
        socket = client.newWebSocketBuilder().buildAsync(uri, this).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** @param client that shows the certificate of the agent's node */
    static AgentSocket dial(RunningControlPlane controlPlane, HttpClient client, String streamId) throws Exception {
        return new AgentSocket(controlPlane, client, streamId);
    }

    void send(String text) throws Exception {
        send(text.getBytes(StandardCharsets.UTF_8));
    }

    void send(byte[] bytes) throws Exception {
        socket.sendBinary(ByteBuffer.wrap(bytes), true).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    void close(int code, String reason) throws Exception {
        socket.sendClose(code, reason).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** The code with which the other end closed. */
    int awaitClosed() throws Exception {
        return closed.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    boolean isClosed() {
        return closed.isDone();
    }

    @Override
    public CompletionStage<?> onClose(WebSocket closing, int code, String reason) {
        closed.complete(code);
        return CompletableFuture.completedStage(null);
    }

    @Override
    public void onError(WebSocket broken, Throwable failure) {
        closed.complete(1006);
    }
}
