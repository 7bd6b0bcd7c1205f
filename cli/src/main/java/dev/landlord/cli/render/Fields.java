package dev.landlord.cli.render;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads fields of the server's JSON for a table. A newer or older server may leave one out: then the cell is empty. */
public final class Fields {
    private static final Pattern DOT = Pattern.compile("\\.");

    private Fields() {}

    /** Dotted path; empty when absent or null. */
    public static String text(JsonNode node, String path) {
        JsonNode found = find(node, path);
        if (found.isMissingNode() || found.isNull()) {
            return "";
        }
        return found.isValueNode() ? found.asString() : found.toString();
    }

    /** The words of a list, comma separated; empty when absent. */
    public static String list(JsonNode node, String path) {
        List<String> words = new ArrayList<>();
        find(node, path).forEach(word -> words.add(word.asString()));
        return String.join(",", words);
    }

    public static long number(JsonNode node, String path) {
        return find(node, path).asLong(0);
    }

    public static JsonNode find(JsonNode node, String path) {
        JsonNode found = node;
        for (String part : DOT.splitAsStream(path).toList()) {
            found = found.path(part);
        }
        return found;
    }

    public static String bytes(JsonNode node, String path) {
        JsonNode found = find(node, path);
        return found.isNumber() ? Quantities.bytes(found.asLong()) : "";
    }

    public static String cores(JsonNode node, String path) {
        JsonNode found = find(node, path);
        return found.isNumber() ? Quantities.cores(found.asLong()) : "";
    }

    /** How long ago that was; empty when it never was. */
    public static String age(JsonNode node, String path, Instant now) {
        Instant then = instant(find(node, path));
        return then == null ? "" : age(Duration.between(then, now));
    }

    /** Epoch milliseconds or ISO 8601. */
    private static @Nullable Instant instant(JsonNode node) {
        if (node.isIntegralNumber()) {
            return node.asLong() <= 0 ? null : Instant.ofEpochMilli(node.asLong());
        }
        if (!node.isString()) {
            return null;
        }
        try {
            return Instant.parse(node.asString());
        } catch (DateTimeParseException ignored) {
            return null;
        }
    }

    /** The two largest units, as {@code 3h12m}; a time ahead of us (clocks differ) is {@code 0s}. */
    static String age(Duration age) {
        long seconds = Math.max(0, age.toSeconds());
        if (seconds < 60) {
            return seconds + "s";
        }
        if (seconds < 3600) {
            return pair(seconds / 60, "m", seconds % 60, "s");
        }
        if (seconds < 86_400) {
            return pair(seconds / 3600, "h", seconds % 3600 / 60, "m");
        }
        return pair(seconds / 86_400, "d", seconds % 86_400 / 3600, "h");
    }

    private static String pair(long large, String largeUnit, long small, String smallUnit) {
        return large + largeUnit + (small == 0 ? "" : small + smallUnit);
    }
}
