package dev.landlord.controlplane.sync;

import dev.landlord.api.exec.ExecFrame;
import dev.landlord.controlplane.RunningControlPlane;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** An agent's or a client's end of an exec stream. */
final class FrameSocket implements WebSocket.Listener {
    private static final long PATIENCE_SECONDS = 30;

    private final BlockingQueue<byte[]> heard = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final WebSocket socket;

    private FrameSocket(WebSocket.Builder builder, int port, String path) throws Exception {
        socket = builder.buildAsync(URI.create("wss://localhost:" + port + path), this)
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** @param client that shows the certificate of the agent's node */
    static FrameSocket ofAgent(RunningControlPlane controlPlane, HttpClient client, String id) throws Exception {
        return new FrameSocket(client.newWebSocketBuilder(), controlPlane.port("node"), "/node/v1/execs/" + id);
    }

    static FrameSocket ofClient(RunningControlPlane controlPlane, String token, String tenant, String id)
            throws Exception {
        WebSocket.Builder builder =
                controlPlane.client().newWebSocketBuilder().header("Authorization", "Bearer " + token);
        return new FrameSocket(builder, controlPlane.port("public"), "/api/v1/tenants/" + tenant + "/execs/" + id);
    }

    void say(ExecFrame frame) throws Exception {
        socket.sendBinary(ByteBuffer.wrap(frame.encode()), true).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    byte[] hear() throws Exception {
        byte[] message = heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (message == null) {
            throw new AssertionError("nothing was said, closed: " + closed);
        }
        return message;
    }

    void close() throws Exception {
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    void cut() {
        socket.abort();
    }

    int awaitClosed() throws Exception {
        return closed.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
        byte[] bytes = new byte[data.remaining()];
        data.get(bytes);
        heard.add(bytes);
        from.request(1);
        return CompletableFuture.completedStage(null);
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
