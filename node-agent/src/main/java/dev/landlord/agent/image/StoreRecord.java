package dev.landlord.agent.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.landlord.agent.image.tree.TreeSync;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * A small file of the store: lines {@code key=value}, of which {@code version} must be 1 and {@code requires}, a list of
 * what a reader must understand, must be empty; unknown keys are ignored. A file that breaks this is as good as absent,
 * because everything that it says can be found out again.
 */
record StoreRecord(Map<String, String> values) {
    private static final String VERSION = "1";
    private static final long MAX_BYTES = 64 * 1024;

    StoreRecord {
        values = Map.copyOf(values);
    }

    static Optional<StoreRecord> read(Path file) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) > MAX_BYTES) {
            return Optional.empty();
        }
        return parse(new String(Files.readAllBytes(file), UTF_8));
    }

    /** Pure. */
    static Optional<StoreRecord> parse(String text) {
        Map<String, String> values = new HashMap<>();
        text.lines().forEach(line -> {
            int equals = line.indexOf('=');
            if (equals > 0) {
                values.put(line.substring(0, equals), line.substring(equals + 1));
            }
        });
        boolean understood =
                VERSION.equals(values.remove("version")) && "".equals(values.remove("requires")) && text.endsWith("\n");
        return understood ? Optional.of(new StoreRecord(values)) : Optional.empty();
    }

    /** Pure. */
    String format() {
        StringBuilder text = new StringBuilder("version=" + VERSION + "\nrequires=\n");
        new TreeMap<>(values)
                .forEach((key, value) ->
                        text.append(key).append('=').append(value).append('\n'));
        return text.toString();
    }

    /** Replaces the file as a whole, durably. */
    void write(Path directory, String name) throws IOException {
        Path fresh = directory.resolve("." + name + ".new");
        Files.writeString(fresh, format());
        TreeSync.syncOne(fresh);
        Files.move(fresh, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        TreeSync.syncOne(directory);
    }

    Optional<String> text(String key) {
        return Optional.ofNullable(values.get(key));
    }

    OptionalLong number(String key) {
        String value = values.getOrDefault(key, "");
        return value.matches("[0-9]{1,18}") ? OptionalLong.of(Long.parseLong(value)) : OptionalLong.empty();
    }
}
