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
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A whole control plane in this process, on free ports, with its state in the given folder. */
public final class RunningControlPlane implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path folder;
    private final ConfigurableApplicationContext context;
    private final JsonNode ports;
    private final HttpClient client;

    private RunningControlPlane(Path folder, ConfigurableApplicationContext context) throws IOException {
        this.folder = folder;
        this.context = context;
        this.ports = JSON.readTree(Files.readString(folder.resolve("listeners.json")));
        this.client = HttpClient.newBuilder()
                .sslContext(trusting(folder.resolve("ca.crt")))
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(10))
                .build();
    }

    /** @param settings more of them, for example {@code node.report-interval=200ms} */
    public static RunningControlPlane start(Path folder, String... settings) throws IOException {
        Stream<String> all = Stream.concat(
                Stream.of("state-dir=" + folder, "public-port=0", "node-port=0", "management-port=0"),
                Stream.of(settings));
        ConfigurableApplicationContext context = SpringApplication.run(
                ControlPlaneApplication.class,
                all.map(setting -> "--landlord." + setting).toArray(String[]::new));
        return new RunningControlPlane(folder, context);
    }

    public ConfigurableApplicationContext context() {
        return context;
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
        return send(request(listener, token, path)
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body))
                .header("Content-Type", "application/json")
                .build());
    }

    public HttpRequest.Builder request(String listener, @Nullable String token, String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("https://localhost:" + port(listener) + path))
                .timeout(Duration.ofSeconds(30));
        return token == null ? request : request.header("Authorization", "Bearer " + token);
    }

    public Answer send(HttpRequest request) throws IOException {
        try {
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.body(), response.headers());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException(interrupted);
        }
    }

    @Override
    public void close() {
        client.close();
        context.close();
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
