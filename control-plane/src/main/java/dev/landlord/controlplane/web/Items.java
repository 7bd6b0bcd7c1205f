package dev.landlord.controlplane.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A list on the wire: an object, so that fields can be added beside the items.
 *
 * @param cursor what to ask with for those that follow; absent if there are none
 */
public record Items<T>(
        List<T> items,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String cursor) {
    public Items {
        items = List.copyOf(items);
    }

    /** The whole list. */
    public Items(List<T> items) {
        this(items, null);
    }

    public <R> Items<R> map(Function<T, R> view) {
        return new Items<>(items.stream().map(view).toList(), cursor);
    }
}
