package dev.landlord.cli.watch;

import dev.landlord.cli.client.ApiPath;
import dev.landlord.cli.failure.CommandFailure;
import dev.landlord.cli.failure.ExitCode;
import dev.landlord.cli.render.Fields;
import dev.landlord.cli.render.GrowingList;
import dev.landlord.cli.render.View;
import dev.landlord.cli.session.Patience;
import dev.landlord.cli.session.Session;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;

/**
 * Prints what is new until the process is interrupted. Its methods end by a failure only: that of the server which has nothing
 * more to tell, or is not found again. For one thread.
 */
public final class Watching {
    private static final int TRIES_MAX = 60;
    private static final long PAUSE_MILLIS = 1000;
    /** The server says every 15 s that it is there. */
    private static final Duration SILENCE_MAX = Duration.ofSeconds(45);

    private final Session session;
    private final GrowingList output;
    private final UnaryOperator<JsonNode> shown;
    private String lastId = "";
    private int failures;

    /** @param shown makes of an item what is printed of it */
    public Watching(Session session, View view, UnaryOperator<JsonNode> shown) {
        this.session = session;
        this.shown = shown;
        this.output = session.printer().growing(view);
    }

    /**
     * Follows a list.
     *
     * @param key the field by which its items are known
     */
    public int list(ApiPath path, String key) {
        WatchedList list = new WatchedList(key);
        return follow(() -> path, told -> {
            WatchedList.News news = list.accept(told);
            output.add(news.items().stream().map(shown).toList());
            news.gone().forEach(name -> session.terminal().say(name + " is gone"));
        });
    }

    /** Follows a history. */
    public int history(ApiPath path) {
        return follow(() -> lastId.isEmpty() ? path : path.query("after", lastId), told -> {
            lastId = told.id();
            output.add(List.of(shown.apply(told.data())));
        });
    }

    /** The server ends a stream after an hour, and a control plane may be replaced by another: then it is asked anew. */
    private int follow(Supplier<ApiPath> path, Consumer<Told> listener) {
        while (true) {
            ApiPath stream = path.get().query("watch", "true");
            try (InputStream in = new AttentiveStream(session.client().stream(stream), SILENCE_MAX)) {
                read(new EventReader(in), listener);
            } catch (IOException | CommandFailure broken) {
                failed(broken);
            }
            Patience.sleep(PAUSE_MILLIS);
        }
    }

    private void read(EventReader reader, Consumer<Told> listener) throws IOException {
        for (Told told = reader.next(); told != null; told = reader.next()) {
            failures = 0;
            if (told.event().equals("end")) {
                throw ended(told.data());
            }
            listener.accept(told);
        }
    }

    private void failed(Exception broken) {
        CommandFailure failure = broken instanceof CommandFailure known
                ? known
                : new CommandFailure(ExitCode.UNREACHABLE, "the stream broke off: " + broken.getMessage(), broken);
        boolean mayReturn = failure.code() == ExitCode.UNREACHABLE && output.hasBegun();
        if (!mayReturn || ++failures > TRIES_MAX) {
            throw failure;
        }
        if (failures == 1) {
            failure.lines().forEach(line -> session.terminal().say("warning: " + line + "; trying again"));
        }
    }

    private static CommandFailure ended(JsonNode why) {
        String code = Fields.text(why, "code");
        ExitCode exit = switch (code) {
            case "not-found" -> ExitCode.NOT_FOUND;
            case "unauthenticated", "forbidden" -> ExitCode.UNAUTHORIZED;
            case "unavailable" -> ExitCode.UNREACHABLE;
            default -> ExitCode.FAILED;
        };
        return new CommandFailure(exit, code + ": " + Fields.text(why, "detail"));
    }
}
