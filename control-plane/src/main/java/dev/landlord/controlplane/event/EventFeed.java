package dev.landlord.controlplane.event;

import dev.landlord.controlplane.store.Database;
import dev.landlord.controlplane.watch.Feed;
import dev.landlord.controlplane.watch.Frame;
import dev.landlord.controlplane.watch.Watch;
import java.util.List;
import java.util.function.Consumer;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The history as it goes on. */
public final class EventFeed implements Feed {
    private final Database database;
    private final Events events;
    private final Watch watch;
    private final Consumer<JdbcClient> mayRead;
    private EventQuery query;

    /**
     * Begins with what the query asks for, or after the last event that the caller had before.
     *
     * @param mayRead throws what ends the stream; called within each read
     */
    public EventFeed(Database database, Events events, EventQuery query, Watch watch, Consumer<JdbcClient> mayRead) {
        this.database = database;
        this.events = events;
        this.watch = watch;
        this.mayRead = mayRead;
        this.query = watch.lastEventId().map(query::after).orElse(query);
    }

    @Override
    public Batch next(long index) {
        EventPage page = database.read(reader -> {
            mayRead.accept(reader);
            return events.page(reader, query);
        });
        boolean more = query.after() != null && page.items().size() == query.limit();
        query = query.after(page.next());
        List<Frame> frames = page.items().stream()
                .map(event -> new Frame(Long.toString(event.id()), "put", watch.json(event)))
                .toList();
        return new Batch(frames, more);
    }
}
