package dev.landlord.e2e.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A real Prometheus that finds what to scrape by asking the control plane. */
public final class Prometheus implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(30);
    private static final JsonMapper JSON = new JsonMapper();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    private final ChildProcess process;
    private final URI base;

    private Prometheus(ChildProcess process, URI base) {
        this.process = process;
        this.base = base;
    }

    /** Returns once it answers; it may not have scraped anything by then. */
    public static Prometheus start(Cluster cluster, Path scratch) throws IOException, InterruptedException {
        Path directory = Files.createDirectories(scratch.resolve("prometheus"));
        Path configuration = Files.writeString(directory.resolve("prometheus.yml"), configuration(cluster));
        URI base = URI.create("http://127.0.0.1:" + freePort());
        ChildProcess process = ChildProcess.start(
                "prometheus",
                scratch.resolve("prometheus.log"),
                Map.of(),
                List.of(
                        "prometheus",
                        "--config.file=" + configuration,
                        "--storage.tsdb.path=" + directory.resolve("data"),
                        "--web.listen-address=" + base.getAuthority(),
                        "--log.level=warn"));
        Prometheus prometheus = new Prometheus(process, base);
        boolean ready = Eventually.observe(START, prometheus::isReady, found -> found || !process.isAlive());
        if (!ready) {
            IllegalStateException failure = process.failure("did not answer within " + START);
            prometheus.close();
            throw failure;
        }
        return prometheus;
    }

    public URI uri() {
        return base;
    }

    /** The answer to an instant query: value by series, the series in its text form. */
    public Map<String, Double> query(String expression) {
        JsonNode answer = get("/api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8));
        if (!answer.path("status").asString().equals("success")) {
            throw new IllegalStateException("query " + expression + ": " + answer);
        }
        Map<String, Double> values = new TreeMap<>();
        for (JsonNode series : answer.path("data").path("result")) {
            values.put(
                    series.path("metric").toString(),
                    Double.valueOf(series.path("value").path(1).asString()));
        }
        return values;
    }

    /** Value by the one label that the expression groups by. */
    public Map<String, Double> queryBy(String label, String expression) {
        Map<String, Double> values = new TreeMap<>();
        query(expression)
                .forEach((series, value) ->
                        values.put(JSON.readTree(series).path(label).asString(), value));
        return values;
    }

    /** Health ({@code up}, {@code down}, {@code unknown}) by scrape address. */
    public Map<String, String> targets() {
        Map<String, String> health = new TreeMap<>();
        for (JsonNode target : get("/api/v1/targets?state=active").path("data").path("activeTargets")) {
            String state = target.path("health").asString();
            String error = target.path("lastError").asString();
            health.put(target.path("scrapeUrl").asString(), error.isEmpty() ? state : state + " (" + error + ")");
        }
        return health;
    }

    private boolean isReady() {
        try {
            return HTTP.send(HttpRequest.newBuilder(base.resolve("/-/ready")).build(), BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException ended) {
            return false; // it does not listen yet
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private JsonNode get(String path) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(base + path))
                    .timeout(Duration.ofSeconds(20))
                    .build();
            return JSON.readTree(HTTP.send(request, BodyHandlers.ofString()).body());
        } catch (IOException e) {
            throw new UncheckedIOException("prometheus " + path + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted during a query", e);
        }
    }

    private static String configuration(Cluster cluster) {
        return """
               global: {scrape_interval: 2s, scrape_timeout: 2s}
               scrape_configs:
                 - job_name: landlord
                   scheme: https
                   tls_config: {ca_file: %1$s}
                   authorization: {type: Bearer, credentials_file: %2$s}
                   http_sd_configs:
                     - url: %3$s/api/v1/prometheus/targets
                       refresh_interval: 2s
                       tls_config: {ca_file: %1$s}
                       authorization: {type: Bearer, credentials_file: %2$s}
               """.formatted(cluster.caCertificate(), cluster.scrapeTokenFile(), cluster.publicUri());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        process.close();
    }
}
