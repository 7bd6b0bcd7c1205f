package dev.landlord.e2e.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** The public API as one identity sees it. Thread-safe. */
public final class RestClient {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpClient http;
    private final URI base;
    private final @Nullable String token;
    private final Duration patience;

    private RestClient(HttpClient http, URI base, @Nullable String token, Duration patience) {
        this.http = http;
        this.base = base;
        this.token = token;
        this.patience = patience;
    }

    /** Trusts this certificate authority and no other, and shows no token. */
    static RestClient anonymous(URI base, Path caCertificate) {
        return anonymous(base, caCertificate, PATIENCE);
    }

    /** @param patience with a connection, and with an answer */
    public static RestClient anonymous(URI base, Path caCertificate, Duration patience) {
        HttpClient http = HttpClient.newBuilder()
                .sslContext(trustOnly(caCertificate))
                .connectTimeout(patience)
                .build();
        return new RestClient(http, base, null, patience);
    }

    public RestClient as(@Nullable String otherToken) {
        return new RestClient(http, base, otherToken, patience);
    }

    public Answer get(String path) {
        return send("GET", path, BodyPublishers.noBody());
    }

    /** @param body turned to JSON; text is sent as it is */
    public Answer put(String path, Object body) {
        String text = body instanceof String raw ? raw : JSON.writeValueAsString(body);
        return send("PUT", path, BodyPublishers.ofString(text));
    }

    public Answer post(String path) {
        return send("POST", path, BodyPublishers.noBody());
    }

    public Answer delete(String path) {
        return send("DELETE", path, BodyPublishers.noBody());
    }

    private Answer send(String method, String path, BodyPublisher body) {
        try {
            var response = exchange(request(method, path, body));
            return new Answer(response.statusCode(), response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + path + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted during " + method + " " + path, e);
        }
    }

    /**
     * One try, with headers of the caller's and with those of the answer. That there was none is an {@link IOException}.
     *
     * @param body turned to JSON; null for none
     */
    public HttpResponse<String> exchange(String method, String path, @Nullable Object body, Map<String, String> headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = request(
                method,
                path,
                body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(JSON.writeValueAsString(body)));
        headers.forEach(request::header);
        return exchange(request);
    }

    private HttpResponse<String> exchange(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String method, String path, BodyPublisher body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path))
                .timeout(patience)
                .header("Content-Type", "application/json")
                .method(method, body);
        return token == null ? request : request.header("Authorization", "Bearer " + token);
    }

    private static SSLContext trustOnly(Path caCertificate) {
        try (InputStream pem = Files.newInputStream(caCertificate)) {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            store.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(pem));
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("trust " + caCertificate + ": " + e.getMessage(), e);
        }
    }
}
