package dev.landlord.agent.sync;

import dev.landlord.api.id.Id;
import dev.landlord.api.problem.Problem;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.ToStringSerializer;

/** Single calls over one HTTP/2 connection: bounded answers, and one exception that says what was asked and answered. */
public final class HttpCalls implements AutoCloseable {
    /** The wire form of the contract: ids are strings, and what a newer control plane adds is ignored. */
    public static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new SimpleModule().addSerializer(Id.class, ToStringSerializer.instance))
            .build();

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final long MAX_ANSWER_BYTES = 64L << 20;

    private final URI base;
    private final HttpClient client;

    public HttpCalls(URI base, SSLContext tls) {
        this.base = base;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_2)
                .sslContext(tls)
                .connectTimeout(CONNECT)
                .build();
    }

    HttpClient client() {
        return client;
    }

    URI resolve(String path) {
        return base.resolve(path);
    }

    public HttpRequest.Builder request(String path, Duration timeout) {
        return HttpRequest.newBuilder(resolve(path)).timeout(timeout);
    }

    /** The body of a 200; empty for a 204. */
    public Optional<byte[]> send(HttpRequest request) throws InterruptedException {
        String call = request.method() + " " + request.uri();
        HttpResponse<byte[]> response;
        try {
            response = client.send(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_ANSWER_BYTES));
        } catch (IOException e) {
            throw new ControlPlaneException(call, 0, reason(e), e);
        }
        return switch (response.statusCode()) {
            case 200 -> Optional.of(response.body());
            case 204 -> Optional.empty();
            default ->
                throw new ControlPlaneException(
                        call, response.statusCode(), response.statusCode() + " " + problem(response.body()), null);
        };
    }

    public static <T> T parse(String call, byte[] body, Class<T> type) {
        try {
            T value = JSON.readValue(body, type);
            if (value == null) {
                throw new ControlPlaneException(call, 0, "the answer is null", null);
            }
            return value;
        } catch (JacksonException e) {
            throw new ControlPlaneException(call, 0, "the answer is not understood: " + e.getOriginalMessage(), e);
        }
    }

    private static String problem(byte[] body) {
        try {
            Problem problem = JSON.readValue(body, Problem.class);
            return problem == null ? "" : problem.code() + ": " + problem.detail();
        } catch (JacksonException | NullPointerException e) {
            return "without a problem document";
        }
    }

    /** JDK exceptions often have their reason only in the cause. */
    private static String reason(IOException e) {
        Throwable cause = e;
        while (cause.getMessage() == null && cause.getCause() != null) {
            cause = cause.getCause();
        }
        @Nullable String message = cause.getMessage();
        return cause.getClass().getSimpleName() + (message == null ? "" : ": " + message);
    }

    /** Takes no new calls, and lets those under way end. */
    void retire() {
        client.shutdown();
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
