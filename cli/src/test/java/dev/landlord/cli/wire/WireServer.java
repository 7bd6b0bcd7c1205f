package dev.landlord.cli.wire;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * A TLS listener that gives prepared answers and remembers what it was asked. An answer is found by method and path with its
 * query; several answers to one question are given in turn, the last one for ever.
 */
public final class WireServer implements AutoCloseable {
    /** One prepared answer. */
    public record Answer(int status, String contentType, String body) {}

    /** What came in. */
    public record Request(String line, @Nullable String authorization, String body) {}

    private final HttpsServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Deque<Answer>> answers = new ConcurrentHashMap<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();

    public WireServer(ServerKeys keys) throws IOException {
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(keys.context()));
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    public URI uri() {
        return URI.create("https://127.0.0.1:" + server.getAddress().getPort());
    }

    /** For example {@code "GET /api/v1/plans"}. */
    public WireServer answer(String line, int status, String body) {
        String type = status < 400 ? "application/json" : "application/problem+json";
        return answer(line, new Answer(status, type, body));
    }

    public WireServer answer(String line, Answer answer) {
        answers.computeIfAbsent(line, unused -> new ArrayDeque<>()).add(answer);
        return this;
    }

    /** In the order in which they came. */
    public List<Request> requests() {
        return List.copyOf(requests);
    }

    public List<String> lines() {
        return requests.stream().map(Request::line).toList();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String line = exchange.getRequestMethod() + " " + exchange.getRequestURI();
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            requests.add(new Request(line, exchange.getRequestHeaders().getFirst("Authorization"), body));
            Answer answer = next(line);
            byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", answer.contentType());
            exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
            if (bytes.length > 0) {
                exchange.getResponseBody().write(bytes);
            }
        }
    }

    private Answer next(String line) {
        Deque<Answer> prepared = answers.get(line);
        if (prepared == null) {
            return new Answer(404, "application/problem+json", Problems.of(404, "not-found", "nothing at " + line));
        }
        synchronized (prepared) {
            return prepared.size() > 1 ? prepared.removeFirst() : prepared.getFirst();
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
