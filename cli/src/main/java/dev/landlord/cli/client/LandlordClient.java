package dev.landlord.cli.client;

import dev.landlord.cli.config.Settings;
import dev.landlord.cli.failure.CommandFailure;
import dev.landlord.cli.failure.ExitCode;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/**
 * Calls the REST API. Every method throws {@link CommandFailure} for all that is not a success, and none retries. Safe for
 * several threads.
 */
public final class LandlordClient implements AutoCloseable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(30);
    private static final int MAX_BODY_BYTES = 64 << 20;
    private static final int MAX_PROBLEM_BYTES = 1 << 20;

    private final Settings settings;
    private final HttpClient http;
    private final JsonMapper mapper = JsonMapper.shared();

    public LandlordClient(Settings settings) {
        this.settings = settings;
        // HTTP/1.1: one short request after the other; HTTP/2 would only load more classes.
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_TIMEOUT)
                .followRedirects(HttpClient.Redirect.NEVER);
        if (settings.caFile() != null) {
            builder.sslContext(ServerTrust.of(settings.caFile()));
        }
        http = builder.build();
    }

    public JsonNode get(ApiPath path) {
        return send("GET", path, null).body();
    }

    /** For what does not answer in JSON; at most 64 MiB. */
    public String text(ApiPath path) {
        HttpResponse<InputStream> response =
                exchange(request(path, REQUEST_TIMEOUT).GET().build());
        String text = text(response, MAX_BODY_BYTES);
        if (response.statusCode() / 100 != 2) {
            throw refused(response.statusCode(), text);
        }
        return text;
    }

    public Reply put(ApiPath path, JsonNode body) {
        return send("PUT", path, body);
    }

    public Reply post(ApiPath path) {
        return send("POST", path, null);
    }

    public Reply post(ApiPath path, JsonNode body) {
        return send("POST", path, body);
    }

    /** Opens a WebSocket; the caller closes it. */
    public WebSocket webSocket(ApiPath path, WebSocket.Listener listener) {
        URI https = URI.create(settings.server() + path.value());
        URI wss = URI.create(https.toString().replaceFirst("^http", "ws"));
        WebSocket.Builder builder = http.newWebSocketBuilder().connectTimeout(CONNECT_TIMEOUT);
        if (settings.token() != null) {
            builder.header("Authorization", "Bearer " + settings.token());
        }
        try {
            return builder.buildAsync(wss, listener).get(REQUEST_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            throw cause instanceof WebSocketHandshakeException refused
                    ? refused(refused.getResponse().statusCode(), "")
                    : unreachable(String.valueOf(cause), e);
        } catch (TimeoutException e) {
            throw unreachable("no answer in time", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure(ExitCode.INTERRUPTED, "interrupted", e);
        }
    }

    public void delete(ApiPath path) {
        send("DELETE", path, null);
    }

    /**
     * Reads a stream that may never end; the caller closes it.
     *
     * @param path of something that answers with text
     */
    public InputStream stream(ApiPath path) {
        HttpRequest request = request(path, null).GET().build();
        HttpResponse<InputStream> response = exchange(request);
        if (response.statusCode() / 100 != 2) {
            throw refused(response.statusCode(), text(response, MAX_PROBLEM_BYTES));
        }
        return response.body();
    }

    private Reply send(String method, ApiPath path, @Nullable JsonNode body) {
        BodyPublisher publisher =
                body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(mapper.writeValueAsBytes(body));
        HttpRequest.Builder request = request(path, REQUEST_TIMEOUT).method(method, publisher);
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        HttpResponse<InputStream> response = exchange(request.build());
        String text = text(response, MAX_BODY_BYTES);
        if (response.statusCode() / 100 != 2) {
            throw refused(response.statusCode(), text);
        }
        return new Reply(response.statusCode(), parse(text));
    }

    private CommandFailure refused(int status, String body) {
        CommandFailure failure = Problems.failure(status, body);
        if (status != 401 || settings.token() != null) {
            return failure;
        }
        List<String> lines = new ArrayList<>(failure.lines());
        lines.add("no token is known; give --token-file, or run landlord login");
        return new CommandFailure(failure.code(), lines);
    }

    private HttpRequest.Builder request(ApiPath path, @Nullable Duration timeout) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(settings.server() + path.value()))
                .header("Accept", "application/json, application/problem+json, application/x-ndjson, text/plain");
        if (settings.token() != null) {
            request.header("Authorization", "Bearer " + settings.token());
        }
        return timeout == null ? request : request.timeout(timeout);
    }

    private HttpResponse<InputStream> exchange(HttpRequest request) {
        try {
            return http.send(request, BodyHandlers.ofInputStream());
        } catch (SSLException e) {
            throw unreachable("TLS: " + tlsReason(e), e);
        } catch (HttpTimeoutException e) {
            throw unreachable("no answer in time", e);
        } catch (ConnectException e) {
            throw unreachable(e.getMessage() == null ? "connection refused" : e.getMessage(), e);
        } catch (IOException e) {
            throw unreachable(e.getMessage() == null ? e.toString() : e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure(ExitCode.INTERRUPTED, "interrupted", e);
        }
    }

    private String tlsReason(SSLException e) {
        String message = String.valueOf(e.getMessage());
        if (!message.contains("PKIX")) {
            return message;
        }
        return settings.caFile() == null
                ? "its certificate is not signed by an authority that is known here; give --ca-file"
                : "its certificate is not signed by the authority in " + settings.caFile();
    }

    private CommandFailure unreachable(String reason, Exception cause) {
        return new CommandFailure(ExitCode.UNREACHABLE, "cannot reach " + settings.server() + ": " + reason, cause);
    }

    private String text(HttpResponse<InputStream> response, int max) {
        try (InputStream in = response.body()) {
            byte[] bytes = in.readNBytes(max + 1);
            if (bytes.length > max) {
                throw new CommandFailure(ExitCode.FAILED, "the server's answer is larger than " + max + " bytes");
            }
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw unreachable("the answer broke off: " + e.getMessage(), e);
        }
    }

    private JsonNode parse(String text) {
        if (text.isBlank()) {
            return MissingNode.getInstance();
        }
        try {
            return mapper.readTree(text);
        } catch (JacksonException e) {
            throw new CommandFailure(
                    ExitCode.FAILED, settings.server() + " does not answer in JSON; is it a Landlord server?", e);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
