package dev.landlord.controlplane.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.controlplane.RunningControlPlane;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Iterator;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client of a stream of events, as a browser is one. */
public final class EventSource implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final HttpResponse<Stream<String>> response;
    private final BlockingQueue<Told> told = new LinkedBlockingQueue<>();

    /** @param id empty if it has none */
    public record Told(String event, String id, JsonNode data) {
        static final Told END = new Told("(end)", "", JSON.createObjectNode());

        /** The event, and what it is about. */
        String text() {
            String about = data.path("name").asString(data.path("key").asString(""));
            return about.isEmpty() ? event : event + " " + about;
        }
    }

    private EventSource(HttpResponse<Stream<String>> response) {
        this.response = response;
        Thread.ofVirtual().start(this::read);
    }

    public static EventSource open(RunningControlPlane running, String token, String path, @Nullable String lastEventId)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = running.request("public", token, path);
        if (lastEventId != null) {
            request.header("Last-Event-ID", lastEventId);
        }
        return new EventSource(running.client().send(request.build(), HttpResponse.BodyHandlers.ofLines()));
    }

    int status() {
        return response.statusCode();
    }

    String header(String name) {
        return response.headers().firstValue(name).orElse("");
    }

    private void read() {
        String event = "";
        String id = "";
        try (Stream<String> lines = response.body()) {
            for (Iterator<String> each = lines.iterator(); each.hasNext(); ) {
                String line = each.next();
                if (line.startsWith("event: ")) {
                    event = line.substring("event: ".length());
                } else if (line.startsWith("id: ")) {
                    id = line.substring("id: ".length());
                } else if (line.startsWith("data: ")) {
                    told.add(new Told(event, id, JSON.readTree(line.substring("data: ".length()))));
                }
            }
            told.add(Told.END);
        } catch (RuntimeException broken) {
            told.add(new Told("(broken)", "", JSON.createObjectNode()));
        }
    }

    /** The next event. */
    Told next() throws InterruptedException {
        Told next = told.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(next).as("an event within " + PATIENCE).isNotNull();
        return Objects.requireNonNull(next);
    }

    /** The first event from here on that is wanted. */
    public Told await(Predicate<Told> wanted) throws InterruptedException {
        Told next = next();
        while (!wanted.test(next)) {
            assertThat(next.event()).doesNotStartWith("(");
            next = next();
        }
        return next;
    }

    @Override
    public void close() {
        response.body().close();
    }
}
