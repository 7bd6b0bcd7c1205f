package dev.landlord.agent.sync;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.landlord.api.join.JoinReply;
import dev.landlord.api.join.JoinRequest;
import dev.landlord.api.join.RenewalReply;
import dev.landlord.api.join.RenewalRequest;
import dev.landlord.api.problem.ProblemCode;
import dev.landlord.api.sync.DesiredReply;
import dev.landlord.api.sync.DesiredState;
import dev.landlord.api.sync.NodeReport;
import dev.landlord.api.sync.ReportReply;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/** The node API, as far as an agent needs it, over real TLS on a free port of the loopback. */
public final class HttpsControlPlane implements AutoCloseable {
    public static final String SCRAPE_TOKEN = "ll_scrape-token";

    public final TestAuthority authority;
    public final List<NodeReport> reports = new CopyOnWriteArrayList<>();
    public final List<String> desiredQueries = new CopyOnWriteArrayList<>();
    public final BlockingQueue<DesiredReply> desired = new LinkedBlockingQueue<>();
    /** Serial numbers of the certificates that were shown, in order, each once. */
    public final Set<BigInteger> shown = Collections.synchronizedSet(new LinkedHashSet<>());

    /** As the version that renewed the node's certificate alone. */
    public volatile boolean knowsNoMetrics;

    public volatile Duration certificateLife = Duration.ofHours(1);
    /** For a set; short, because the next one is lost with whoever was killed while it waited. */
    public volatile Duration longestWait = Duration.ofSeconds(1);

    private volatile @Nullable DesiredState told;
    private final HttpsServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private volatile Optional<ProblemCode> refusal = Optional.empty();
    private volatile Function<NodeReport, ReportReply> replies =
            report -> new ReportReply(report.sequence(), 60_000, 30_000, false);

    public HttpsControlPlane() {
        this(new TestAuthority());
    }

    /** Another replica of one that has the same authority. */
    HttpsControlPlane(TestAuthority authority) {
        this.authority = authority;
        try {
            server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setHttpsConfigurator(new HttpsConfigurator(authority.server()) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters asking = getSSLContext().getDefaultSSLParameters();
                asking.setWantClientAuth(true);
                parameters.setSSLParameters(asking);
            }
        });
        server.setExecutor(threads);
        server.createContext("/node/v1/ca", exchange -> answer(exchange, 200, authority.pem()));
        server.createContext("/node/v1/join", this::join);
        server.createContext("/node/v1/nodes/", this::node);
        server.start();
    }

    public URI uri() {
        return URI.create("https://127.0.0.1:" + server.getAddress().getPort());
    }

    public String joinToken() {
        return "llj_" + "A".repeat(43) + "." + authority.digest();
    }

    /** From now on every call but that for the authority is answered with this problem. */
    public void refuse(ProblemCode code) {
        refusal = Optional.of(code);
    }

    public void accept() {
        refusal = Optional.empty();
    }

    public void reply(Function<NodeReport, ReportReply> how) {
        replies = how;
    }

    private void join(HttpExchange exchange) throws IOException {
        if (refused(exchange)) {
            return;
        }
        JoinRequest request = HttpCalls.JSON.readValue(exchange.getRequestBody().readAllBytes(), JoinRequest.class);
        JoinReply reply = new JoinReply(
                certify(request.certificateRequest()),
                authority.certify(TestAuthority.requestedKey(request.metricsCertificateRequest())),
                sha256(SCRAPE_TOKEN));
        answer(exchange, 200, HttpCalls.JSON.writeValueAsString(reply));
    }

    private String certify(String request) {
        return authority.certify(TestAuthority.requestedKey(request), certificateLife);
    }

    /** False for a stranger. */
    private boolean isKnown(HttpExchange exchange) {
        try {
            Certificate certificate = ((HttpsExchange) exchange).getSSLSession().getPeerCertificates()[0];
            shown.add(((X509Certificate) certificate).getSerialNumber());
            return true;
        } catch (SSLPeerUnverifiedException none) {
            return false;
        }
    }

    private void node(HttpExchange exchange) throws IOException {
        if (refused(exchange)) {
            return;
        }
        if (!isKnown(exchange)) {
            problem(exchange, ProblemCode.UNAUTHENTICATED);
        } else if (exchange.getRequestURI().getPath().endsWith("/certificate")) {
            RenewalRequest request =
                    HttpCalls.JSON.readValue(exchange.getRequestBody().readAllBytes(), RenewalRequest.class);
            String metrics = request.metricsCertificateRequest();
            RenewalReply reply = new RenewalReply(
                    certify(request.certificateRequest()), metrics == null || knowsNoMetrics ? null : certify(metrics));
            answer(exchange, 200, HttpCalls.JSON.writeValueAsString(reply));
        } else if (exchange.getRequestURI().getPath().endsWith("/report")) {
            NodeReport report =
                    HttpCalls.JSON.readValue(exchange.getRequestBody().readAllBytes(), NodeReport.class);
            reports.add(report);
            answer(exchange, 200, HttpCalls.JSON.writeValueAsString(replies.apply(report)));
        } else {
            waiting(exchange);
        }
    }

    private void waiting(HttpExchange exchange) throws IOException {
        String query = exchange.getRequestURI().getQuery();
        desiredQueries.add(query);
        DesiredReply reply;
        try {
            reply = desired.poll(hasSeen(query) ? longestWait.toMillis() : 0, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
        if (reply != null && reply.desired() != null) {
            told = reply.desired();
        }
        if (reply == null && !hasSeen(query)) {
            reply = new DesiredReply(told, List.of());
        }
        if (reply == null) {
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        } else {
            answer(exchange, 200, HttpCalls.JSON.writeValueAsString(reply));
        }
    }

    /** An agent that does not follow a set yet, because it asked before it had its lease, asks for it again. */
    private boolean hasSeen(String query) {
        DesiredState last = told;
        return last == null || query.startsWith("generation=" + last.generation() + "&");
    }

    private boolean refused(HttpExchange exchange) throws IOException {
        if (refusal.isPresent()) {
            problem(exchange, refusal.get());
            return true;
        }
        return false;
    }

    private static void problem(HttpExchange exchange, ProblemCode code) throws IOException {
        Map<String, Object> body = Map.of(
                "type",
                "about:blank",
                "title",
                "x",
                "status",
                code.httpStatus(),
                "detail",
                "said by the test",
                "code",
                code.wire(),
                "errors",
                List.of());
        answer(exchange, code.httpStatus(), HttpCalls.JSON.writeValueAsString(body));
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
