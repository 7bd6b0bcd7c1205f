package dev.landlord.e2e.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The figures by flat name. {@code launch.*} is back to back, {@code paced.*} the same with a pause before each launch. A
 * launch without further words is from the call until the program runs; ratios compare from the call to deleted, which
 * for a peer is the whole command.
 */
final class Summary {
    static final String OURS = "landlord";
    /** The same with a network. */
    static final String CONNECTED = "landlord_connected";

    private final PrintStream out;
    private final Map<String, Object> figures = new LinkedHashMap<>();

    Summary(PrintStream out) {
        this.out = out;
    }

    void put(String name, Object value) {
        figures.put(name, value instanceof Double number ? round(number) : value);
    }

    void phase(String prefix, String title, Map<String, Series> phase) {
        table(title, phase);
        phase.forEach((name, series) -> {
            if (series.size() > 0) {
                peer(prefix + "." + name, series);
            }
        });
        Series ours = phase.get(OURS);
        if (ours == null || ours.size() == 0) {
            return;
        }
        put(prefix + ".p50_ms", ours.execMillis(0.5));
        put(prefix + ".p99_ms", ours.execMillis(0.99));
        put(prefix + ".exec_p50_ms", ours.execMillis(0.5));
        put(prefix + ".exec_p99_ms", ours.execMillis(0.99));
        put(prefix + ".deleted_p50_ms", ours.deletedMillis(0.5));
        put(prefix + ".deleted_p99_ms", ours.deletedMillis(0.99));
        ratio(prefix + ".ratio_to_floor", ours, phase.get("floor"));
        ratio(prefix + ".ratio_to_runc", ours, phase.get("runc"));
        ratio(prefix + ".ratio_to_bwrap", ours, phase.get("bwrap"));
        ratio(prefix + ".ratio_to_docker", ours, phase.get("docker"));
        attachment(prefix, ours, phase.get(CONNECTED));
    }

    /** What a network adds to a start, and to a deletion. */
    private void attachment(String prefix, Series alone, @Nullable Series connected) {
        if (connected == null || connected.size() == 0) {
            return;
        }
        String name = prefix.equals("launch") ? "network" : "network." + prefix;
        double attach = connected.execMillis(0.5) - alone.execMillis(0.5);
        double both = connected.deletedMillis(0.5) - alone.deletedMillis(0.5);
        put(name + ".attach_p50_ms", attach);
        put(name + ".attach_p99_ms", connected.execMillis(0.99) - alone.execMillis(0.99));
        put(name + ".detach_p50_ms", both - attach);
    }

    private void peer(String prefix, Series series) {
        put(prefix + ".runs", series.size());
        if (series.seesExec()) {
            put(prefix + ".exec_p50_ms", series.execMillis(0.5));
            put(prefix + ".exec_p99_ms", series.execMillis(0.99));
        }
        put(prefix + ".deleted_p50_ms", series.deletedMillis(0.5));
        put(prefix + ".deleted_p99_ms", series.deletedMillis(0.99));
    }

    private void ratio(String name, @Nullable Series ours, @Nullable Series peer) {
        if (ours != null && peer != null && ours.size() > 0 && peer.size() > 0) {
            put(name, ours.deletedMillis(0.5) / peer.deletedMillis(0.5));
        }
    }

    private void table(String title, Map<String, Series> phase) {
        Series ours = phase.get(OURS);
        out.printf("%n%s%n", title);
        out.printf(
                "  %-20s %6s %10s %10s %12s %12s %14s%n",
                "", "runs", "exec p50", "exec p99", "deleted p50", "deleted p99", "landlord is");
        phase.forEach((name, series) -> out.printf(
                Locale.ROOT,
                "  %-20s %6d %10s %10s %12s %12s %14s%n",
                name,
                series.size(),
                series.seesExec() ? millis(series.execMillis(0.5)) : "-",
                series.seesExec() ? millis(series.execMillis(0.99)) : "-",
                millis(series.deletedMillis(0.5)),
                millis(series.deletedMillis(0.99)),
                ours == null || ours == series
                        ? ""
                        : String.format(Locale.ROOT, "%.2f x", ours.deletedMillis(0.5) / series.deletedMillis(0.5))));
    }

    private static String millis(double value) {
        return String.format(Locale.ROOT, "%.2f ms", value);
    }

    private static double round(double value) {
        return Math.round(value * 1000) / 1000.0;
    }

    void write(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        JsonMapper json =
                JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
        Files.writeString(file, json.writeValueAsString(figures) + "\n");
        out.println();
        figures.forEach((name, value) -> out.printf("%-40s %s%n", name, value));
    }
}
