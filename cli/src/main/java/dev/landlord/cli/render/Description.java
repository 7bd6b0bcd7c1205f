package dev.landlord.cli.render;

import dev.landlord.cli.terminal.PlainText;
import java.io.PrintStream;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** One thing in full: lines of name and value, then tables. */
public final class Description {
    private static final int NAME_WIDTH = 17;

    private final PrintStream out;
    private final Instant now;

    public Description(PrintStream out, Instant now) {
        this.out = out;
        this.now = now;
    }

    public void title(String kind, String name) {
        line(kind, name);
    }

    /** A workload's status: how many run, and why not all. */
    public void status(JsonNode status) {
        line(
                "Status",
                Fields.text(status, "running") + " of " + Fields.text(status, "desired") + " running, "
                        + Fields.text(status, "updated") + " as described");
        optional("Message", Fields.text(status, "message"));
        status.path("reasons").forEach(reason -> line("Reason", reason.asString()));
    }

    /** A workload's spec. */
    public void spec(JsonNode spec) {
        line("Image", Fields.text(spec, "image"));
        line("Command", Fields.text(spec, "command"));
        JsonNode resources = spec.path("resources");
        line(
                "Per replica",
                Fields.cores(resources, "cpuMillis") + " CPU, " + Fields.bytes(resources, "memoryBytes") + " memory, "
                        + swap(resources)
                        + Fields.text(resources, "pids") + " processes, " + Fields.bytes(resources, "diskBytes")
                        + " disk");
        optional(
                "Rlimits",
                spec.path("rlimits").properties().stream()
                        .map(limit -> limit.getKey() + "=" + rlimit(limit.getValue()))
                        .collect(Collectors.joining(", ")));
        line("Restart", Fields.text(spec, "restart.mode"));
        optional("When cut off", Fields.text(spec, "onDisconnect"));
        optional(
                "Labels",
                spec.path("labels").properties().stream()
                        .map(label -> label.getKey() + "=" + label.getValue().asString())
                        .collect(Collectors.joining(", ")));
    }

    /** As prlimit(1) takes it. */
    private static String rlimit(JsonNode limit) {
        return orUnlimited(Fields.text(limit, "soft")) + ":" + orUnlimited(Fields.text(limit, "hard"));
    }

    private static String orUnlimited(String value) {
        return value.isEmpty() ? "unlimited" : value;
    }

    private static String swap(JsonNode resources) {
        String swap = Fields.bytes(resources, "swapBytes");
        return swap.isEmpty() ? "" : swap + " swap, ";
    }

    private void optional(String name, String value) {
        if (!value.isEmpty()) {
            line(name, value);
        }
    }

    /** Every field of the object but one, nested objects indented, long lists over several lines. */
    public void fields(JsonNode object, String without) {
        object.properties().stream()
                .filter(entry -> !entry.getKey().equals(without))
                .forEach(entry -> field("", entry.getKey(), entry.getValue()));
    }

    private void field(String indent, String name, JsonNode value) {
        if (value.isNull() || (value.isContainer() && value.isEmpty())) {
            return;
        }
        if (value.isObject()) {
            out.println(indent + PlainText.of(label(indent, name)) + ":");
            value.properties().forEach(entry -> field(indent + "  ", entry.getKey(), entry.getValue()));
        } else if (value.isArray()) {
            out.println(indent + PlainText.of(label(indent, name)) + ":");
            value.forEach(item -> out.println(indent + "  - " + PlainText.of(text("", item))));
        } else {
            out.println(indent + padded(label(indent, name)) + PlainText.of(text(name, value)));
        }
    }

    private String text(String name, JsonNode value) {
        if (name.endsWith("Bytes") && value.isNumber()) {
            return Quantities.bytes(value.asLong());
        }
        if (name.endsWith("At") && value.isIntegralNumber() && value.asLong() > 0) {
            return Instant.ofEpochMilli(value.asLong()).toString();
        }
        return value.isValueNode() ? value.asString() : value.toString();
    }

    /** A table under a heading, or the heading and the word none. */
    public void section(String heading, View view, List<JsonNode> items) {
        out.println();
        out.println(heading + ":" + (items.isEmpty() ? " none" : ""));
        if (!items.isEmpty()) {
            view.table(items, now).print(out, "  ");
        }
    }

    private void line(String name, String value) {
        out.println(padded(name) + PlainText.of(value));
    }

    private static String padded(String name) {
        String label = PlainText.of(name) + ":";
        return label + " ".repeat(Math.max(1, NAME_WIDTH - label.length()));
    }

    /** {@code cgroupMode} as {@code Cgroup mode}; further in, names are data (a capability, an image) and stay as they are. */
    private static String label(String indent, String name) {
        if (indent.length() > 2 || !name.matches("[a-z][a-zA-Z]*")) {
            return name;
        }
        String words = name.replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT);
        return Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }
}
