package dev.landlord.controlplane.watch;

import dev.landlord.controlplane.credential.Credentials;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * A list that is read again and again: first all of it, then what has become another, or is gone. Remembers a digest of each
 * item, not the item.
 */
final class ListFeed<T> implements Feed {
    private final Supplier<List<T>> read;
    private final Function<T, String> key;
    private final JsonMapper mapper;
    private @Nullable Map<String, String> digests;

    ListFeed(Supplier<List<T>> read, Function<T, String> key, JsonMapper mapper) {
        this.read = read;
        this.key = key;
        this.mapper = mapper;
    }

    private record Key(String key) {}

    private record Index(long index) {}

    @Override
    public Batch next(long index) {
        Map<String, String> texts = new LinkedHashMap<>();
        read.get().forEach(item -> texts.put(key.apply(item), mapper.writeValueAsString(item)));
        List<Frame> frames = new ArrayList<>();
        boolean first = digests == null;
        if (first) {
            frames.add(new Frame(null, "reset", "{}"));
        }
        Map<String, String> before = Objects.requireNonNullElse(digests, Map.of());
        digests = compare(before, texts, frames);
        if (!frames.isEmpty()) {
            frames.add(new Frame(null, "synced", mapper.writeValueAsString(new Index(index))));
        }
        return new Batch(frames, false);
    }

    private Map<String, String> compare(Map<String, String> before, Map<String, String> texts, List<Frame> frames) {
        Map<String, String> after = new HashMap<>();
        texts.forEach((name, text) -> {
            String digest = Credentials.sha256(text);
            after.put(name, digest);
            if (!digest.equals(before.get(name))) {
                frames.add(new Frame(null, "put", text));
            }
        });
        Set<String> gone = new HashSet<>(before.keySet());
        gone.removeAll(after.keySet());
        gone.stream()
                .sorted()
                .forEach(name -> frames.add(new Frame(null, "gone", mapper.writeValueAsString(new Key(name)))));
        return after;
    }
}
