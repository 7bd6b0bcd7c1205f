package dev.landlord.cli.render;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import tools.jackson.databind.JsonNode;

/** The columns of one kind of object. */
public final class View {
    public static final View PLANS = new View(
            List.of("NAME", "CPU", "WEIGHT", "MEMORY", "SWAP", "PIDS", "DISK", "INODES", "PRIORITY", "TRUST"),
            (plan, unused) -> List.of(
                    Fields.text(plan, "name"),
                    Fields.cores(spec(plan), "cpuMillis"),
                    Fields.text(spec(plan), "cpuWeight"),
                    Fields.bytes(spec(plan), "memoryBytes"),
                    Fields.bytes(spec(plan), "swapBytes"),
                    Fields.text(spec(plan), "pids"),
                    Fields.bytes(spec(plan), "diskBytes"),
                    Fields.text(spec(plan), "inodes"),
                    Fields.text(spec(plan), "priority"),
                    Fields.text(spec(plan), "trustClass")));

    public static final View TENANTS = new View(
            List.of("NAME", "PLAN", "STATE", "AVOIDS"),
            (tenant, unused) -> List.of(
                    Fields.text(tenant, "name"),
                    Fields.text(tenant, "plan"),
                    Fields.text(tenant, "state"),
                    Fields.list(tenant, "avoids")));

    public static final View WORKLOADS = new View(
            List.of("TENANT", "NAME", "IMAGE", "DESIRED", "RUNNING", "HEALTHY", "UPDATED", "MESSAGE"),
            (workload, unused) -> List.of(
                    Fields.text(workload, "tenant"),
                    Fields.text(workload, "name"),
                    Fields.text(workload, "spec.image"),
                    Fields.text(workload, "status.desired"),
                    Fields.text(workload, "status.running"),
                    Fields.text(workload, "status.healthy"),
                    Fields.text(workload, "status.updated"),
                    why(workload.path("status"))));

    public static final View ALLOCATIONS = new View(
            List.of(
                    "TENANT",
                    "ID",
                    "WORKLOAD",
                    "INDEX",
                    "NODE",
                    "PHASE",
                    "HEALTH",
                    "ADDRESS",
                    "PORTS",
                    "RESTARTS",
                    "UPTIME",
                    "EXIT",
                    "OOM",
                    "MESSAGE"),
            (allocation, now) -> List.of(
                    Fields.text(allocation, "tenant"),
                    Fields.text(allocation, "id"),
                    Fields.text(allocation, "workload"),
                    Fields.text(allocation, "index"),
                    Fields.text(allocation, "node"),
                    Fields.text(allocation, "phase"),
                    Fields.text(allocation, "health"),
                    Fields.text(allocation, "address"),
                    ports(allocation),
                    Fields.text(allocation, "restarts"),
                    Fields.age(allocation, "startedAt", now),
                    Fields.text(allocation, "exitCode"),
                    Fields.text(allocation, "oomKilled"),
                    Fields.text(allocation, "message")));

    public static final View NODES = new View(
            List.of("NAME", "STATE", "ALLOCATIONS", "CPU", "MEMORY", "SWAP", "PIDS", "CGROUPS", "KERNEL", "LAST SEEN"),
            (node, now) -> List.of(
                    Fields.text(node, "name"),
                    state(node),
                    Fields.text(node, "allocations"),
                    ofAll(Fields.cores(node, "allocated.cpuMillis"), Fields.cores(node, "capacity.cpuMillis")),
                    ofAll(Fields.bytes(node, "allocated.memoryBytes"), Fields.bytes(node, "capacity.memoryBytes")),
                    swap(node),
                    ofAll(Fields.text(node, "allocated.pids"), Fields.text(node, "capacity.pids")),
                    Fields.text(node, "cgroupMode"),
                    Fields.text(node, "kernel"),
                    Fields.age(node, "lastSeenAt", now)));

    public static final View EVENTS = new View(
            List.of("AGE", "KIND", "TENANT", "WORKLOAD", "ALLOCATION", "NODE", "MESSAGE"),
            (event, now) -> List.of(
                    Fields.age(event, "at", now),
                    Fields.text(event, "kind"),
                    Fields.text(event, "tenant"),
                    Fields.text(event, "workload"),
                    Fields.text(event, "allocation"),
                    Fields.text(event, "node"),
                    Fields.text(event, "message")));

    public static final View AUDIT = new View(
            List.of("ID", "AGE", "WHO", "TOKEN", "METHOD", "RESOURCE", "OUTCOME", "DETAIL"),
            (entry, now) -> List.of(
                    Fields.text(entry, "id"),
                    Fields.age(entry, "at", now),
                    who(entry),
                    Fields.text(entry, "actor.token"),
                    Fields.text(entry, "method"),
                    Fields.text(entry, "resource"),
                    Fields.text(entry, "outcome"),
                    Fields.text(entry, "detail")));

    public static final View TOKENS = new View(
            List.of("ID", "NAME", "SCOPE", "CREATED", "EXPIRES"),
            (token, now) -> List.of(
                    Fields.text(token, "id"),
                    Fields.text(token, "name"),
                    Fields.text(token, "scope"),
                    Fields.age(token, "createdAt", now),
                    expiry(token)));

    private final List<String> headers;
    private final BiFunction<JsonNode, Instant, List<String>> cells;

    private View(List<String> headers, BiFunction<JsonNode, Instant, List<String>> cells) {
        this.headers = headers;
        this.cells = cells;
    }

    public Table table(Iterable<JsonNode> items, Instant now) {
        Table table = new Table(headers.toArray(String[]::new));
        items.forEach(item -> table.row(cells.apply(item, now)));
        return table;
    }

    /** Specs stand beside the name or in their own field. */
    private static JsonNode spec(JsonNode node) {
        return node.has("spec") ? node.path("spec") : node;
    }

    private static String ofAll(String part, String all) {
        return all.isEmpty() ? "" : part + "/" + all;
    }

    /** Empty where there is none, as on most nodes. */
    private static String swap(JsonNode node) {
        boolean none = Fields.number(node, "allocated.swapBytes") + Fields.number(node, "capacity.swapBytes") == 0;
        return none ? "" : ofAll(Fields.bytes(node, "allocated.swapBytes"), Fields.bytes(node, "capacity.swapBytes"));
    }

    /** As in {@code 10.0.0.1:80->8080/tcp}. */
    private static String ports(JsonNode allocation) {
        List<String> ports = new ArrayList<>();
        for (JsonNode port : allocation.path("ports")) {
            ports.add(Fields.text(port, "address") + ":" + Fields.text(port, "hostPort") + "->"
                    + Fields.text(port, "port") + "/" + Fields.text(port, "protocol"));
        }
        return String.join(" ", ports);
    }

    private static String state(JsonNode node) {
        String state = Fields.text(node, "state");
        if (node.path("drained").asBoolean(false)) {
            return state + ",drained";
        }
        if (node.path("draining").asBoolean(false)) {
            return state + ",draining";
        }
        boolean cordoned = state.equals("ready")
                && node.has("schedulable")
                && !node.path("schedulable").asBoolean();
        return cordoned ? state + ",cordoned" : state;
    }

    /** As in {@code tenant/alice}. */
    private static String who(JsonNode entry) {
        String name = Fields.text(entry, "actor.name");
        return Fields.text(entry, "actor.kind") + (name.isEmpty() ? "" : "/" + name);
    }

    private static String expiry(JsonNode token) {
        long at = Fields.number(token, "expiresAt");
        return at == 0 ? "never" : Instant.ofEpochMilli(at).toString();
    }

    private static String why(JsonNode status) {
        String message = Fields.text(status, "message");
        JsonNode reasons = status.path("reasons");
        return message.isEmpty() && !reasons.isEmpty() ? reasons.get(0).asString() : message;
    }
}
