package dev.landlord.agent.sync;

import dev.landlord.agent.address.ControlPlanes;
import dev.landlord.api.id.Id;
import dev.landlord.api.problem.Problem;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.ToStringSerializer;

/**
 * Single calls over one HTTP/2 connection: bounded answers, and one exception that says what was asked and answered. A call that
 * fails is not made anew; the next one goes to another control plane, if there is one.
 */
public final class HttpCalls implements AutoCloseable {
    /** The wire form of the contract: ids are strings, and what a newer control plane adds is ignored. */
    public static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new SimpleModule().addSerializer(Id.class, ToStringSerializer.instance))
            .build();

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final long MAX_ANSWER_BYTES = 64L << 20;
    /** From here on the answer says that the one that was asked does not work. */
    private static final int SERVER_FAILS = 500;

    private final ControlPlanes controlPlanes;
    private final HttpClient client;
    private final AtomicLong calls = new AtomicLong();
    private final Map<Long, UnderWay> underWay = new ConcurrentHashMap<>();

    private record UnderWay(URI asked, CompletableFuture<?> answer) {}

    public HttpCalls(ControlPlanes controlPlanes, SSLContext tls) {
        this.controlPlanes = controlPlanes;
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
        return controlPlanes.current().resolve(path);
    }

    public HttpRequest.Builder request(String path, Duration timeout) {
        return HttpRequest.newBuilder(resolve(path)).timeout(timeout);
    }

    /** The body of a 200; empty for a 204. */
    public Optional<byte[]> send(HttpRequest request) throws InterruptedException {
        String call = request.method() + " " + request.uri();
        HttpResponse<byte[]> response;
        try {
            response = answer(request);
        } catch (IOException e) {
            giveUp(request.uri());
            throw new ControlPlaneException(call, 0, reason(e), e);
        }
        if (response.statusCode() >= SERVER_FAILS) {
            controlPlanes.failed(request.uri());
        }
        return switch (response.statusCode()) {
            case 200 -> Optional.of(response.body());
            case 204 -> Optional.empty();
            default ->
                throw new ControlPlaneException(
                        call, response.statusCode(), response.statusCode() + " " + problem(response.body()), null);
        };
    }

    private HttpResponse<byte[]> answer(HttpRequest request) throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<byte[]>> answer =
                client.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_ANSWER_BYTES));
        long number = calls.incrementAndGet();
        underWay.put(number, new UnderWay(request.uri(), answer));
        try {
            return answer.get();
        } catch (ExecutionException | CancellationException e) {
            if (!underWay.containsKey(number)) {
                throw new IOException("given up, because another call has failed there", e);
            }
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
        } finally {
            underWay.remove(number);
            answer.cancel(true);
        }
    }

    /** A call that waits for news at one that is cut off would hear of that much later than one that is answered at once. */
    private void giveUp(URI failed) {
        controlPlanes.failed(failed);
        if (controlPlanes.areSeveral()) {
            underWay.forEach((number, call) -> {
                if (call.asked.getAuthority().equals(failed.getAuthority()) && underWay.remove(number) != null) {
                    call.answer.cancel(true);
                }
            });
        }
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
