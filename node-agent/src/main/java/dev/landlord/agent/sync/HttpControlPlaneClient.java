package dev.landlord.agent.sync;

import dev.landlord.api.id.Generation;
import dev.landlord.api.id.NodeName;
import dev.landlord.api.sync.DesiredReply;
import dev.landlord.api.sync.NodeReport;
import dev.landlord.api.sync.ReportReply;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Over HTTPS; trusts only the pinned authority and shows the node's token. */
public final class HttpControlPlaneClient implements ControlPlaneClient {
    private static final Pattern ADDRESS =
            Pattern.compile("([A-Za-z0-9.-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}])" + ":[0-9]{1,5}");
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final HttpCalls calls;
    private final String nodePath;
    private final String authorization;

    public HttpControlPlaneClient(URI controlPlane, NodeName node, X509Certificate authority, String nodeToken) {
        this.calls = new HttpCalls(controlPlane, PinnedTls.trusting(authority));
        this.nodePath = "/node/v1/nodes/" + node;
        this.authorization = "Bearer " + nodeToken;
    }

    @Override
    public ReportReply report(NodeReport report) throws InterruptedException {
        HttpRequest request = calls.request(nodePath + "/report", PATIENCE)
                .header("Authorization", authorization)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(HttpCalls.JSON.writeValueAsBytes(report)))
                .build();
        byte[] body = calls.send(request)
                .orElseThrow(() -> new ControlPlaneException("POST " + request.uri(), 204, "no answer", null));
        return HttpCalls.parse("POST " + request.uri(), body, ReportReply.class);
    }

    @Override
    public Optional<DesiredReply> awaitDesired(Generation seen, Duration wait) throws InterruptedException {
        String query = "?generation=" + URLEncoder.encode(seen.toString(), StandardCharsets.UTF_8) + "&waitMillis="
                + wait.toMillis();
        HttpRequest request = calls.request(nodePath + "/desired" + query, wait.plus(PATIENCE))
                .header("Authorization", authorization)
                .GET()
                .build();
        String call = "GET " + request.uri();
        return calls.send(request)
                .map(body -> WholeReply.require(call, HttpCalls.parse(call, body, DesiredReply.class)));
    }

    @Override
    public StreamSink openStream(String id, @Nullable String address) throws InterruptedException {
        return WebSocketSink.open(calls.client(), webSocket(address, "/node/v1/streams/", id), authorization);
    }

    @Override
    public StreamSink.Duplex openExec(String id, @Nullable String address, StreamSink.Duplex.Listener listener)
            throws InterruptedException {
        URI uri = webSocket(address, "/node/v1/execs/", id);
        return WebSocketSink.BothWays.open(calls.client(), uri, authorization, listener);
    }

    /** Another address is as good as the usual one: who answers there has to show a certificate of the same authority. */
    private URI webSocket(@Nullable String address, String path, String id) {
        String encoded = path + URLEncoder.encode(id, StandardCharsets.UTF_8);
        if (address == null) {
            String https = calls.resolve(encoded).toString();
            return URI.create("wss" + https.substring("https".length()));
        }
        if (!ADDRESS.matcher(address).matches()) {
            throw new ControlPlaneException("dial " + path, 0, "an address must be HOST:PORT, was " + address, null);
        }
        return URI.create("wss://" + address + encoded);
    }

    @Override
    public void close() {
        calls.close();
    }
}
