package dev.landlord.cli.manifest;

import dev.landlord.cli.manifest.Shape.Fields;
import dev.landlord.cli.manifest.Shape.ListOf;
import dev.landlord.cli.manifest.Shape.MapOf;
import dev.landlord.cli.manifest.Shape.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The fields of each kind of spec, as in the REST API. */
final class Shapes {
    private static final Shape RESOURCES = fields(
            List.of(),
            Set.of("io", "network"),
            Map.of(
                    "cpuMillis", Value.INTEGER,
                    "memoryBytes", Value.INTEGER,
                    "pids", Value.INTEGER,
                    "diskBytes", Value.INTEGER,
                    "inodes", Value.INTEGER,
                    "swapBytes", Value.INTEGER));

    private static final Shape RESTART = fields(
            List.of(),
            Set.of("maxAttempts"),
            Map.of(
                    "mode", Value.STRING,
                    "initialBackoffMillis", Value.INTEGER,
                    "maxBackoffMillis", Value.INTEGER));

    private static final Shape PORT = fields(
            List.of("port"),
            Set.of(),
            Map.of(
                    "name", Value.STRING,
                    "port", Value.INTEGER,
                    "protocol", Value.STRING,
                    "hostPort", Value.INTEGER));

    private static final Shape HEALTH = fields(
            List.of("kind", "port"),
            Set.of(),
            Map.of(
                    "kind", Value.STRING,
                    "port", Value.INTEGER,
                    "path", Value.STRING,
                    "intervalMillis", Value.INTEGER,
                    "timeoutMillis", Value.INTEGER,
                    "healthyAfter", Value.INTEGER,
                    "unhealthyAfter", Value.INTEGER));

    private static final Shape RLIMIT =
            fields(List.of(), Set.of(), Map.of("soft", Value.INTEGER, "hard", Value.INTEGER));

    private static final Shape WORKLOAD = fields(
            List.of("image", "command"),
            Set.of("volumes", "io", "schedule", "update", "constraints", "secrets", "readOnlyRoot", "hostname"),
            Map.of(
                    "kind", Value.STRING,
                    "image", Value.STRING,
                    "command", new ListOf(Value.STRING),
                    "env", new MapOf(Value.STRING),
                    "user", Value.STRING,
                    "workdir", Value.STRING,
                    "init", Value.BOOLEAN,
                    "replicas", Value.INTEGER,
                    "resources", RESOURCES,
                    "restart", RESTART),
            Map.of(
                    "network",
                    Value.STRING,
                    "ports",
                    new ListOf(PORT),
                    "health",
                    HEALTH,
                    "stdin",
                    Value.BOOLEAN,
                    "tty",
                    Value.BOOLEAN,
                    "onDisconnect",
                    Value.STRING,
                    "labels",
                    new MapOf(Value.STRING),
                    "rlimits",
                    new MapOf(RLIMIT)));

    private static final Shape IO = fields(
            List.of(),
            Set.of(),
            Map.of(
                    "readBytesPerSecond", Value.INTEGER,
                    "writeBytesPerSecond", Value.INTEGER,
                    "readOpsPerSecond", Value.INTEGER,
                    "writeOpsPerSecond", Value.INTEGER,
                    "bufferedWrites", Value.BOOLEAN));

    private static final Shape PLAN = fields(
            List.of(),
            Set.of("network", "traffic"),
            Map.of(
                    "cpuMillis", Value.INTEGER,
                    "cpuWeight", Value.INTEGER,
                    "memoryBytes", Value.INTEGER,
                    "pids", Value.INTEGER,
                    "diskBytes", Value.INTEGER,
                    "inodes", Value.INTEGER,
                    "priority", Value.INTEGER,
                    "trustClass", Value.STRING,
                    "io", IO),
            Map.of("swapBytes", Value.INTEGER, "ioWeight", Value.INTEGER, "cpuBurstPercent", Value.INTEGER));

    private static final Shape TENANT =
            fields(List.of("plan"), Set.of(), Map.of("plan", Value.STRING, "avoids", new ListOf(Value.STRING)));

    private Shapes() {}

    /** The whole document of this kind. */
    static Shape document(Kind kind) {
        return switch (kind) {
            case PLAN -> envelope(PLAN, Map.of());
            case TENANT -> envelope(TENANT, Map.of());
            case WORKLOAD -> envelope(WORKLOAD, Map.of("tenant", Value.STRING));
        };
    }

    private static Shape envelope(Shape spec, Map<String, Shape> more) {
        Map<String, Shape> known = new HashMap<>(more);
        known.put("kind", Value.STRING);
        known.put("name", Value.STRING);
        known.put("spec", spec);
        return fields(List.of("name", "spec"), Set.of(), known);
    }

    @SafeVarargs
    private static Shape fields(List<String> required, Set<String> later, Map<String, Shape>... known) {
        Map<String, Shape> all = new HashMap<>();
        for (Map<String, Shape> some : known) {
            all.putAll(some);
        }
        return new Fields(Map.copyOf(all), required, later);
    }
}
