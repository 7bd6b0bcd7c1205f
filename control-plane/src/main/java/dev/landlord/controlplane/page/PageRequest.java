package dev.landlord.controlplane.page;

import dev.landlord.controlplane.web.Items;
import dev.landlord.controlplane.web.ProblemException;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which part of a list. Controllers may take it as a parameter. A part begins after a key and not at a number, so what is
 * added or removed meanwhile makes nothing appear twice or be left out.
 *
 * @param list the path of the list
 * @param after the key of the last item of the part before; null for the first part
 * @param limit how many items at most
 */
public record PageRequest(String list, @Nullable String after, int limit) {
    static final int LIMIT_MAX = 5000;

    /** Fills in what is absent; throws invalid-field for what is out of range or no cursor. */
    static PageRequest of(String list, @Nullable String limit, @Nullable String cursor) {
        return new PageRequest(
                list, cursor == null ? null : Cursor.key(list, cursor), limit == null ? LIMIT_MAX : number(limit));
    }

    /**
     * Cuts the part out of the whole list, in the order of the keys.
     *
     * @param key of an item; no two have the same
     */
    public <T> Items<T> of(List<T> all, Function<T, String> key) {
        List<T> found = all.stream()
                .filter(item -> after == null || key.apply(item).compareTo(after) > 0)
                .sorted(Comparator.comparing(key))
                .limit(limit + 1L)
                .toList();
        if (found.size() <= limit) {
            return new Items<>(found);
        }
        List<T> part = found.subList(0, limit);
        return new Items<>(part, Cursor.of(list, key.apply(part.getLast())));
    }

    private static int number(String text) {
        try {
            int number = Integer.parseInt(text);
            if (number >= 1 && number <= LIMIT_MAX) {
                return number;
            }
        } catch (NumberFormatException noNumber) {
            throw ProblemException.invalidField("?limit", "must be a whole number, was " + shown(text));
        }
        throw ProblemException.invalidField("?limit", "must be between 1 and " + LIMIT_MAX + ", was " + text);
    }

    private static String shown(String text) {
        return text.length() <= 20 ? text : text.substring(0, 20) + "...";
    }
}
