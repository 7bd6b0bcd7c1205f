package dev.landlord.controlplane.watch;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A caller's wish to be told of changes. Controllers may take it as a parameter of a method for {@code params = "watch"}. Its
 * methods answer the request; they block a virtual thread for as long as the caller listens and may.
 */
public final class Watch {
    private final Watches watches;
    private final Watches.Client client;
    private final @Nullable Long lastEventId;

    Watch(Watches watches, Watches.Client client, @Nullable Long lastEventId) {
        this.watches = watches;
        this.client = client;
        this.lastEventId = lastEventId;
    }

    /** The last event that the caller had of a stream before; empty if it begins. */
    public Optional<Long> lastEventId() {
        return Optional.ofNullable(lastEventId);
    }

    /**
     * Tells of a list as it changes.
     *
     * @param read the whole list; what it throws is the answer at first, and the end of the stream later
     * @param key of an item; no two have the same
     */
    public <T> void list(Supplier<List<T>> read, Function<T, String> key) throws IOException {
        tell(new ListFeed<>(read, key, watches.mapper()));
    }

    /** Tells what the feed has. */
    public void tell(Feed feed) throws IOException {
        watches.stream(client, feed);
    }

    /** An item as data of an event. */
    public String json(Object item) {
        return watches.mapper().writeValueAsString(item);
    }
}
