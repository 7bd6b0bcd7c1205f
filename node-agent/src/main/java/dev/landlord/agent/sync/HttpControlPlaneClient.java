package dev.landlord.agent.sync;

import dev.landlord.agent.address.ControlPlanes;
import dev.landlord.agent.identity.NodeIdentity;
import dev.landlord.api.id.Generation;
import dev.landlord.api.id.NodeName;
import dev.landlord.api.join.RenewalReply;
import dev.landlord.api.join.RenewalRequest;
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

/** Over HTTPS; trusts only the pinned authority and shows the node's certificate. */
public final class HttpControlPlaneClient implements ControlPlaneClient {
    private static final Pattern ADDRESS =
            Pattern.compile("([A-Za-z0-9.-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}])" + ":[0-9]{1,5}");
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    /** With another one to turn to, before the lease is over for one that is cut off. */
    private static final Duration PATIENCE_OF_SEVERAL = Duration.ofSeconds(4);

    private final ControlPlanes controlPlanes;
    private final X509Certificate authority;
    private final String nodePath;
    private volatile HttpCalls calls;
    private @Nullable HttpCalls before;

    public HttpControlPlaneClient(
            ControlPlanes controlPlanes, NodeName node, X509Certificate authority, NodeIdentity identity) {
        this.controlPlanes = controlPlanes;
        this.authority = authority;
        this.nodePath = "/node/v1/nodes/" + node;
        this.calls = showing(identity);
    }

    private HttpCalls showing(NodeIdentity identity) {
        return new HttpCalls(controlPlanes, PinnedTls.trusting(authority, identity));
    }

    /** A connection goes on with the certificate of its first moment, so there are new ones. */
    @Override
    public synchronized void show(NodeIdentity identity) {
        // Not at once: somebody may be about to call by it.
        if (before != null) {
            before.retire();
        }
        before = calls;
        calls = showing(identity);
    }

    @Override
    public RenewalReply renew(RenewalRequest wanted) throws InterruptedException {
        HttpCalls by = calls;
        byte[] asked = HttpCalls.JSON.writeValueAsBytes(wanted);
        HttpRequest request = by.request(nodePath + "/certificate", PATIENCE)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(asked))
                .build();
        String call = "POST " + request.uri();
        byte[] body = by.send(request).orElseThrow(() -> new ControlPlaneException(call, 204, "no answer", null));
        return WholeReply.require(call, HttpCalls.parse(call, body, RenewalReply.class));
    }

    @Override
    public ReportReply report(NodeReport report) throws InterruptedException {
        HttpCalls by = calls;
        HttpRequest request = by.request(
                        nodePath + "/report", controlPlanes.areSeveral() ? PATIENCE_OF_SEVERAL : PATIENCE)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(HttpCalls.JSON.writeValueAsBytes(report)))
                .build();
        byte[] body = by.send(request)
                .orElseThrow(() -> new ControlPlaneException("POST " + request.uri(), 204, "no answer", null));
        return HttpCalls.parse("POST " + request.uri(), body, ReportReply.class);
    }

    @Override
    public Optional<DesiredReply> awaitDesired(Generation seen, Duration wait) throws InterruptedException {
        String query = "?generation=" + URLEncoder.encode(seen.toString(), StandardCharsets.UTF_8) + "&waitMillis="
                + wait.toMillis();
        HttpCalls by = calls;
        HttpRequest request = by.request(nodePath + "/desired" + query, wait.plus(PATIENCE))
                .GET()
                .build();
        String call = "GET " + request.uri();
        return by.send(request).map(body -> WholeReply.require(call, HttpCalls.parse(call, body, DesiredReply.class)));
    }

    @Override
    public StreamSink openStream(String id, @Nullable String address) throws InterruptedException {
        return WebSocketSink.open(calls.client(), webSocket(address, "/node/v1/streams/", id));
    }

    @Override
    public StreamSink.Duplex openExec(String id, @Nullable String address, StreamSink.Duplex.Listener listener)
            throws InterruptedException {
        URI uri = webSocket(address, "/node/v1/execs/", id);
        return WebSocketSink.BothWays.open(calls.client(), uri, listener);
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
    public synchronized void close() {
        if (before != null) {
            before.close();
        }
        calls.close();
    }
}
