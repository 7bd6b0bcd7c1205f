package dev.landlord.cli.usage;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Parses the Prometheus text format; only samples of the metrics that are wanted, and lines that make no sense are left out. */
final class Exposition {
    private final String line;
    private int at;

    private Exposition(String line) {
        this.line = line;
    }

    static List<Sample> parse(String text, Set<String> wanted) {
        List<Sample> samples = new ArrayList<>();
        text.lines().forEach(line -> {
            int end = nameEnd(line);
            if (wanted.contains(line.substring(0, end))) {
                Sample sample = new Exposition(line).sample(end);
                if (sample != null) {
                    samples.add(sample);
                }
            }
        });
        return samples;
    }

    private static int nameEnd(String line) {
        int end = 0;
        while (end < line.length() && line.charAt(end) != '{' && line.charAt(end) != ' ') {
            end++;
        }
        return end;
    }

    private @Nullable Sample sample(int nameEnd) {
        String name = line.substring(0, nameEnd);
        at = nameEnd;
        Map<String, String> labels = new HashMap<>();
        if (at < line.length() && line.charAt(at) == '{') {
            at++;
            while (at < line.length() && line.charAt(at) != '}') {
                if (!label(labels)) {
                    return null;
                }
            }
            at++;
        }
        String[] rest = at < line.length() ? line.substring(at).strip().split(" ") : new String[0];
        try {
            return rest.length == 0 ? null : new Sample(name, labels, number(rest[0]));
        } catch (NumberFormatException ignored) {
            return null;
        }
    }

    private static double number(String text) {
        return switch (text) {
            case "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
    }

    private boolean label(Map<String, String> labels) {
        int equals = line.indexOf("=\"", at);
        if (equals < 0) {
            return false;
        }
        String name = line.substring(at, equals).strip();
        StringBuilder value = new StringBuilder();
        at = equals + 2;
        while (at < line.length() && line.charAt(at) != '"') {
            char next = line.charAt(at++);
            if (next == '\\' && at < line.length()) {
                char escaped = line.charAt(at++);
                value.append(escaped == 'n' ? '\n' : escaped);
            } else {
                value.append(next);
            }
        }
        if (at >= line.length()) {
            return false;
        }
        at++;
        if (at < line.length() && line.charAt(at) == ',') {
            at++;
        }
        labels.put(name, value.toString());
        return true;
    }
}
