package dev.landlord.cli.watch;

import dev.landlord.cli.render.Fields;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What is known of a list. It is told anew with each connection: only what became another meanwhile is news. */
final class WatchedList {
    private final String key;
    private Map<String, JsonNode> known = new HashMap<>();
    private @Nullable Map<String, JsonNode> fresh;

    /** @param key the field by which an item is known */
    WatchedList(String key) {
        this.key = key;
    }

    /** What is new for people. */
    record News(List<JsonNode> items, List<String> gone) {
        static final News NONE = new News(List.of(), List.of());
    }

    News accept(Told told) {
        return switch (told.event()) {
            case "reset" -> {
                fresh = new LinkedHashMap<>();
                yield News.NONE;
            }
            case "put" -> put(told.data());
            case "gone" -> {
                String name = Fields.text(told.data(), "key");
                known.remove(name);
                yield new News(List.of(), List.of(name));
            }
            case "synced" -> synced();
            default -> News.NONE;
        };
    }

    private News put(JsonNode item) {
        String name = Fields.text(item, key);
        if (fresh != null) {
            fresh.put(name, item);
            return News.NONE;
        }
        known.put(name, item);
        return new News(List.of(item), List.of());
    }

    private News synced() {
        Map<String, JsonNode> whole = fresh;
        if (whole == null) {
            return News.NONE;
        }
        List<JsonNode> changed = whole.entrySet().stream()
                .filter(entry -> !entry.getValue().equals(known.get(entry.getKey())))
                .map(Map.Entry::getValue)
                .toList();
        List<String> gone = known.keySet().stream()
                .filter(name -> !whole.containsKey(name))
                .sorted()
                .toList();
        known = new HashMap<>(whole);
        fresh = null;
        return new News(changed, gone);
    }
}
