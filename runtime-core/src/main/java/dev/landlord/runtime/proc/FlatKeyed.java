package dev.landlord.runtime.proc;

import java.util.HashMap;
import java.util.Map;

/**
 * A file of lines {@code key number}: {@code cpu.stat}, {@code memory.stat}, {@code memory.events},
 * {@code memory.oom_control}, {@code cgroup.events}.
 *
 * @param values numbers of 2^63 and above are held as {@link Long#MAX_VALUE}
 */
public record FlatKeyed(Map<String, Long> values) {
    public FlatKeyed {
        values = Map.copyOf(values);
    }

    public static FlatKeyed parse(String text) {
        Map<String, Long> values = new HashMap<>();
        int from = 0;
        while (from < text.length()) {
            int end = text.indexOf('\n', from);
            end = end < 0 ? text.length() : end;
            if (end > from) {
                put(values, text.substring(from, end));
            }
            from = end + 1;
        }
        return new FlatKeyed(values);
    }

    /** 0 when this kernel does not write the key. */
    public long get(String key) {
        return values.getOrDefault(key, 0L);
    }

    private static void put(Map<String, Long> values, String line) {
        int blank = line.indexOf(' ');
        if (blank < 1) {
            throw new IllegalArgumentException("line without key and number: " + line);
        }
        try {
            long value = Long.parseUnsignedLong(line, blank + 1, line.length(), 10);
            values.put(line.substring(0, blank), value < 0 ? Long.MAX_VALUE : value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("line with a bad number: " + line, e);
        }
    }
}
