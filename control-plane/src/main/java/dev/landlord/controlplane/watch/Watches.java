package dev.landlord.controlplane.watch;

import dev.landlord.api.problem.ProblemCode;
import dev.landlord.controlplane.credential.Credentials;
import dev.landlord.controlplane.credential.IdentityToken;
import dev.landlord.controlplane.store.Database;
import dev.landlord.controlplane.store.StoreUnavailableException;
import dev.landlord.controlplane.web.ProblemException;
import dev.landlord.controlplane.web.Wire;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.springframework.web.method.HandlerMethod;
import tools.jackson.databind.json.JsonMapper;

/** Sends streams of changes. Thread-safe. */
final class Watches {
    /** Between two looks of one stream: whoever changes something often wakes all who watch. */
    private static final Duration GAP = Duration.ofMillis(250);

    /** A connection that nobody hears at the other end is found out by writing to it. */
    private static final Duration SILENCE_MAX = Duration.ofSeconds(15);

    private static final Duration LONGEST = Duration.ofHours(1);
    private static final String RETRY = "retry: 2000\n\n";
    private static final String COMMENT = ":\n\n";

    private final Database database;
    private final Credentials credentials;
    private final Watchers watchers;
    private final JsonMapper mapper;

    Watches(Database database, Credentials credentials, Watchers watchers, JsonMapper mapper) {
        this.database = database;
        this.credentials = credentials;
        this.watchers = watchers;
        this.mapper = mapper;
    }

    /** Who listens, and where. */
    record Client(IdentityToken caller, HttpServletResponse response) {}

    /** Why a stream ends, as its last event. */
    private record End(String code, String detail) {}

    static boolean isStream(HandlerMethod handler) {
        return Arrays.stream(handler.getMethodParameters())
                .anyMatch(parameter -> parameter.getParameterType() == Watch.class);
    }

    JsonMapper mapper() {
        return mapper;
    }

    void stream(Client client, Feed feed) throws IOException {
        String holder = client.caller().getName();
        if (!watchers.enter(holder)) {
            throw watchers.full();
        }
        try {
            send(client, feed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the control plane is closing");
        } finally {
            watchers.leave(holder);
        }
    }

    private void send(Client client, Feed feed) throws IOException, InterruptedException {
        long until = System.nanoTime() + LONGEST.toNanos();
        long index = database.revision();
        Feed.Batch batch = feed.next(index);
        OutputStream out = begin(client.response());
        write(out, batch.frames());
        Optional<End> end = Optional.empty();
        while (end.isEmpty() && watchers.isOpen() && System.nanoTime() < until) {
            if (!batch.more()) {
                watchers.pause(GAP);
                watchers.waitFor(index, SILENCE_MAX);
            }
            index = database.revision();
            try {
                requireGood(client.caller());
                batch = feed.next(index);
                write(out, batch.frames());
            } catch (ProblemException problem) {
                end = Optional.of(new End(Wire.of(problem.code()), String.valueOf(problem.getMessage())));
            } catch (StoreUnavailableException busy) {
                end = Optional.of(new End(Wire.of(ProblemCode.UNAVAILABLE), "the store cannot be read now"));
            }
        }
        if (end.isPresent()) {
            write(out, List.of(new Frame(null, "end", mapper.writeValueAsString(end.get()))));
        }
    }

    private static OutputStream begin(HttpServletResponse response) throws IOException {
        response.setContentType("text/event-stream;charset=UTF-8");
        response.setHeader("Cache-Control", "no-store");
        // What stands before the control plane must not gather events until it has a page of them.
        response.setHeader("X-Accel-Buffering", "no");
        // Not the writer, which keeps it to itself that nobody reads any more.
        OutputStream out = response.getOutputStream();
        out.write(RETRY.getBytes(StandardCharsets.UTF_8));
        return out;
    }

    private static void write(OutputStream out, List<Frame> frames) throws IOException {
        if (frames.isEmpty()) {
            out.write(COMMENT.getBytes(StandardCharsets.UTF_8));
        }
        for (Frame frame : frames) {
            out.write(frame.text().getBytes(StandardCharsets.UTF_8));
        }
        out.flush();
    }

    /** A token that was revoked meanwhile sees no more. */
    private void requireGood(IdentityToken caller) {
        if (!database.read(reader -> credentials.isGood(reader, caller.holder()))) {
            throw new ProblemException(ProblemCode.UNAUTHENTICATED, "the token is not valid any more");
        }
    }
}
