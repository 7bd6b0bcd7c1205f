package dev.landlord.controlplane;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A whole control plane in this process or one of its own, on free ports, with its state in the given folder. */
public final class RunningControlPlane implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration START = Duration.ofMinutes(2);
    /** A node that a test plays reports when the test says so, and is not silent because the machine is slow. */
    private static final List<String> PATIENT = List.of("node.suspect-after=10m", "node.lost-after=20m");

    private final Path folder;
    private final @Nullable ConfigurableApplicationContext context;
    private final @Nullable Process process;
    private final JsonNode ports;
    private final HttpClient client;

    private RunningControlPlane(
            Path folder, @Nullable ConfigurableApplicationContext context, @Nullable Process process)
            throws IOException {
        this.folder = folder;
        this.context = context;
        this.process = process;
        this.ports = JSON.readTree(Files.readString(folder.resolve("listeners.json")));
        this.client = HttpClient.newBuilder()
                .sslContext(trusting(folder.resolve("ca.crt")))
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(10))
                .build();
    }

    /** @param settings more of them, for example {@code node.report-interval=200ms} */
    public static RunningControlPlane start(Path folder, String... settings) throws IOException {
        ConfigurableApplicationContext context =
                SpringApplication.run(ControlPlaneApplication.class, arguments(folder, settings));
        return new RunningControlPlane(folder, context, null);
    }

    /** In a process of its own, which may be killed or stopped. What it says goes to the log of the tests. */
    public static RunningControlPlane startProcess(Path folder, String... settings) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                ControlPlaneApplication.class.getName()));
        command.addAll(List.of(arguments(folder, settings)));
        Process process = new ProcessBuilder(command).inheritIO().start();
        long until = System.nanoTime() + START.toNanos();
        // The file of an earlier process is deleted at the start.
        while (!Files.exists(folder.resolve("listeners.json"))) {
            if (!process.isAlive() || System.nanoTime() > until) {
                process.destroyForcibly();
                throw new IOException("the control plane in " + folder + " did not start");
            }
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
        return new RunningControlPlane(folder, null, process);
    }

    private static String[] arguments(Path folder, String... settings) {
        boolean ownTimes = Stream.of(settings).anyMatch(setting -> setting.startsWith("node.lost-after="));
        return Stream.of(
                        Stream.of("state-dir=" + folder, "public-port=0", "node-port=0", "management-port=0"),
                        ownTimes ? Stream.<String>empty() : PATIENT.stream(),
                        Stream.of(settings))
                .flatMap(part -> part)
                .map(setting -> "--landlord." + setting)
                .toArray(String[]::new);
    }

    /** Gives a new state folder what replicas of one installation share, and its operator's tokens. */
    public static void share(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        for (String file : List.of("ca.crt", "ca.key", "operator.token", "scrape.token")) {
            Files.copy(from.resolve(file), to.resolve(file));
        }
    }

    public ConfigurableApplicationContext context() {
        return Objects.requireNonNull(context, "it is a process of its own");
    }

    /** Of one that was started as such. */
    public Process process() {
        return Objects.requireNonNull(process, "it is in this process");
    }

    public Path folder() {
        return folder;
    }

    /** Trusts this control plane. */
    public HttpClient client() {
        return client;
    }

    public int port(String listener) {
        return ports.get(listener).asInt();
    }

    public String operatorToken() throws IOException {
        return Files.readString(folder.resolve("operator.token")).strip();
    }

    public String scrapeToken() throws IOException {
        return Files.readString(folder.resolve("scrape.token")).strip();
    }

    /** As the operator, on the public listener. */
    public Answer operator(String method, String path, @Nullable String body) throws IOException {
        return call("public", operatorToken(), method, path, body);
    }

    public Answer call(String listener, @Nullable String token, String method, String path, @Nullable String body)
            throws IOException {
        return send(whole(request(listener, token, path), method, body));
    }

    /** At the node API, with the certificate that the client shows. */
    public Answer nodeCall(HttpClient by, String method, String path, @Nullable String body) throws IOException {
        return send(by, whole(request("node", null, path), method, body));
    }

    private static HttpRequest whole(HttpRequest.Builder request, String method, @Nullable String body) {
        return request.method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body))
                .header("Content-Type", "application/json")
                .build();
    }

    /** All metrics, as text. */
    public String metrics() throws IOException {
        return call("management", operatorToken(), "GET", "/actuator/prometheus", null)
                .body();
    }

    public boolean leads() throws IOException {
        return metrics().contains("landlord_controlplane_leader 1.0");
    }

    public HttpRequest.Builder request(String listener, @Nullable String token, String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("https://localhost:" + port(listener) + path))
                .timeout(Duration.ofSeconds(30));
        return token == null ? request : request.header("Authorization", "Bearer " + token);
    }

    public Answer send(HttpRequest request) throws IOException {
        return send(client, request);
    }

    private static Answer send(HttpClient by, HttpRequest request) throws IOException {
        try {
            HttpResponse<String> response = by.send(request, HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.body(), response.headers());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException(interrupted);
        }
    }

    @Override
    public void close() {
        if (process != null) {
            // One that stands still answers nobody.
            client.shutdownNow();
        }
        client.close();
        if (context != null) {
            context.close();
        }
        if (process != null) {
            end(process);
        }
    }

    private static void end(Process process) {
        try {
            if (!process.destroyForcibly().waitFor(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the control plane " + process.pid() + " does not end");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static SSLContext trusting(Path authority) throws IOException {
        try (var certificate = Files.newInputStream(authority)) {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            trusted.setCertificateEntry("ca", (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(certificate));
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, factory.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException failure) {
            throw new IOException("trust " + authority, failure);
        }
    }
}
