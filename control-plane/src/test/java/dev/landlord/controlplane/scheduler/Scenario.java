package dev.landlord.controlplane.scheduler;

import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.ImageName;
import dev.landlord.api.id.NodeName;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.id.WorkloadName;
import dev.landlord.api.network.NodeNetwork;
import dev.landlord.api.plan.TenantState;
import dev.landlord.api.sync.ObservedPhase;
import dev.landlord.api.workload.NetworkSpec;
import dev.landlord.api.workload.PortSpec;
import dev.landlord.api.workload.Protocol;
import dev.landlord.controlplane.network.HostPort;
import dev.landlord.controlplane.network.Wiring;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.AllocationView;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.Ask;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.Check;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.Duty;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.Loss;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.NodeHealth;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.NodeView;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.Reach;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.Seen;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.TenantView;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.Wanted;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.WorkloadView;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads and writes the text form of a scenario: lines of facts, a line {@code =>}, lines of the plan. */
final class Scenario {
    static final long MIB = 1 << 20;

    private final List<NodeView> nodes = new ArrayList<>();
    private final List<TenantView> tenants = new ArrayList<>();
    private final List<WorkloadView> workloads = new ArrayList<>();
    private final List<AllocationView> allocations = new ArrayList<>();

    private Scenario() {}

    static ClusterSnapshot parse(List<String> lines) {
        Scenario scenario = new Scenario();
        lines.stream()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .forEach(line -> scenario.line(new Words(line)));
        return new ClusterSnapshot(scenario.nodes, scenario.tenants, scenario.workloads, scenario.allocations);
    }

    private void line(Words words) {
        switch (words.get(0)) {
            case "node" -> nodes.add(node(words));
            case "tenant" -> tenants.add(tenant(words));
            case "workload" -> workloads.add(workload(words));
            case "alloc" -> allocations.add(allocation(words));
            default -> throw new IllegalArgumentException("unknown line: " + words);
        }
    }

    private static NodeView node(Words words) {
        Set<String> capabilities = new HashSet<>(NodeSearch.NEEDED);
        capabilities.add(NodeSearch.NETWORK);
        words.list("with").forEach(capabilities::add);
        capabilities.remove(words.value("without", ""));
        return new NodeView(
                new NodeName(words.get(1)),
                words.choice(NodeHealth.class, NodeHealth.READY),
                words.choice(Duty.class, Duty.OPEN),
                words.amounts(),
                capabilities,
                words.has("told") ? Map.of(words.value("without", ""), "no controller on " + words.get(1)) : Map.of(),
                Set.of(new ImageName(words.value("image", "busybox"))),
                new Reach(Integer.parseInt(words.value("hosts", "1000")), offer(words)),
                new Loss(Long.parseLong(words.value("for", "0")), words.has("confirmed")));
    }

    private static NodeNetwork offer(Words words) {
        String[] range = words.value("ports", "20000-20009").split("-", -1);
        Set<Integer> extra = words.list("extra").map(Integer::valueOf).collect(Collectors.toSet());
        return new NodeNetwork("10.0.0.1", Integer.parseInt(range[0]), Integer.parseInt(range[1]), extra);
    }

    private static TenantView tenant(Words words) {
        return new TenantView(
                new TenantName(words.get(1)),
                words.choice(TenantState.class, TenantState.ACTIVE),
                words.amounts(),
                Integer.parseInt(words.value("priority", "50")),
                words.value("trust", "standard"),
                words.list("avoids").map(TenantName::new).collect(Collectors.toSet()));
    }

    private static WorkloadView workload(Words words) {
        return new WorkloadView(
                key(words.get(1)),
                Long.parseLong(words.value("v", "1")),
                Long.parseLong(words.value("restart", "0")),
                Integer.parseInt(words.value("replicas", "1")),
                ask(words, network(words)),
                words.has("deleting"));
    }

    private static Ask ask(Words words, NetworkSpec network) {
        return new Ask(
                words.amounts(),
                new ImageName(words.value("image", "busybox")),
                network,
                words.list("needs").collect(Collectors.toSet()));
    }

    /** {@code ports=tcp,tcp:80}: one from the range and a fixed one. */
    private static NetworkSpec network(Words words) {
        List<PortSpec> ports = new ArrayList<>();
        words.list("ports").forEach(port -> {
            HostPort parsed = hostPort(port + (port.contains(":") ? "" : ":0"));
            ports.add(new PortSpec(
                    "p" + ports.size(),
                    8000 + ports.size(),
                    parsed.protocol(),
                    parsed.port() == 0 ? null : parsed.port()));
        });
        return words.has("routed") ? new NetworkSpec(NetworkSpec.Mode.ROUTED, ports) : NetworkSpec.NONE;
    }

    private static HostPort hostPort(String text) {
        int colon = text.indexOf(':');
        return new HostPort(
                Protocol.valueOf(text.substring(0, colon).toUpperCase(Locale.ROOT)),
                Integer.parseInt(text.substring(colon + 1)));
    }

    private static AllocationView allocation(Words words) {
        String path = words.get(2);
        int slash = path.lastIndexOf('/');
        Seen seen = words.has("unseen")
                ? Seen.NOTHING_YET
                : new Seen(
                        words.choice(ObservedPhase.class, ObservedPhase.RUNNING),
                        words.has("succeeded"),
                        Long.parseLong(words.value("for", "10000")),
                        words.has("unhealthy") ? Check.WAITING : words.has("healthy") ? Check.PASSED : Check.NONE,
                        words.has("gone"),
                        words.has("fenced"));
        return new AllocationView(
                new AllocationId(words.get(1)),
                key(path.substring(0, slash)),
                Integer.parseInt(path.substring(slash + 1)),
                new NodeName(words.value("on", "n1")),
                Long.parseLong(words.value("v", "1")),
                ask(words, NetworkSpec.NONE),
                new Amounts(
                        0, Long.parseLong(words.value("applied-mem", "0")) * MIB, 0, 0, 0, swap(words, "applied-swap")),
                new Wiring(
                        Integer.parseInt(words.value("host", "0")),
                        words.list("ports").map(Scenario::hostPort).toList()),
                Wanted.valueOf(words.value("wanted", "running").toUpperCase(Locale.ROOT)),
                seen,
                Long.parseLong(words.value("restart", "0")),
                words.has("restarting"),
                words.has("displaced"),
                words.has("resizable"));
    }

    private static long swap(Words words, String key) {
        return Long.parseLong(words.value(key, "0")) * MIB;
    }

    private static WorkloadKey key(String path) {
        String[] parts = path.split("/", -1);
        return new WorkloadKey(new TenantName(parts[0]), new WorkloadName(parts[1]));
    }

    static String print(Plan plan) {
        List<String> lines = new ArrayList<>();
        plan.decisions().forEach(decision -> lines.add(print(decision)));
        plan.unplaceable()
                .forEach(waiting -> lines.add(print(waiting.waits())
                        + waiting.workload() + waiting.indexes() + ": "
                        + waiting.reasons().stream().map(Reason::text).collect(Collectors.joining("; "))));
        if (plan.brake().engaged()) {
            lines.add("brake: " + plan.brake().missing() + " of " + plan.brake().nodes());
        }
        if (plan.truncated()) {
            lines.add("truncated");
        }
        return String.join("\n", lines);
    }

    private static String print(Plan.Waits waits) {
        return switch (waits) {
            case PLACE -> "no place for ";
            case UPDATE -> "update of ";
            case MOVE -> "move of ";
        };
    }

    private static String print(Decision decision) {
        return switch (decision) {
            case Decision.Place place ->
                "place %s/%d v=%d restart=%d on %s%s%s"
                        .formatted(
                                place.workload(),
                                place.index(),
                                place.specVersion(),
                                place.restartCounter(),
                                place.node(),
                                place.wiring().equals(Wiring.NONE)
                                        ? ""
                                        : " host=" + place.wiring().host() + " ports="
                                                + place.wiring().ports(),
                                place.displaces().isEmpty() ? "" : " instead of " + place.displaces());
            case Decision.Reclaim reclaim ->
                "reclaim " + reclaim.allocation()
                        + (reclaim.displaces().isEmpty() ? "" : " instead of " + reclaim.displaces());
            case Decision.Stop stop ->
                "stop " + stop.allocation() + ": " + stop.why().text()
                        + (stop.instead() == null ? "" : " while " + stop.instead() + " serves");
            case Decision.Release release -> "release " + release.allocation();
            case Decision.Resize resize -> "resize " + resize.allocation() + " to v=" + resize.specVersion();
            case Decision.Remove remove -> "remove " + remove.allocation();
            case Decision.Restart restart -> "restart " + restart.allocation() + " to " + restart.restartCounter();
        };
    }

    /** One line: a kind, names, {@code key=value} pairs and flags. */
    private record Words(List<String> all) {
        Words(String line) {
            this(List.of(line.split("\\s+")));
        }

        String get(int position) {
            return all.get(position);
        }

        boolean has(String flag) {
            return all.contains(flag);
        }

        String value(String key, String fallback) {
            return all.stream()
                    .filter(word -> word.startsWith(key + "="))
                    .map(word -> word.substring(key.length() + 1))
                    .findFirst()
                    .orElse(fallback);
        }

        Stream<String> list(String key) {
            return Stream.of(value(key, "").split(",", -1)).filter(word -> !word.isEmpty());
        }

        <E extends Enum<E>> E choice(Class<E> type, E fallback) {
            for (E constant : type.getEnumConstants()) {
                if (has(constant.name().toLowerCase(Locale.ROOT).replace('_', '-'))) {
                    return constant;
                }
            }
            return fallback;
        }

        Amounts amounts() {
            boolean one = get(0).equals("workload") || get(0).equals("alloc");
            return new Amounts(
                    Long.parseLong(value("cpu", one ? "100" : "100000")),
                    Long.parseLong(value("mem", one ? "64" : "1000000")) * MIB,
                    Long.parseLong(value("pids", one ? "10" : "100000")),
                    Long.parseLong(value("disk", one ? "16" : "1000000")) * MIB,
                    Long.parseLong(value("inodes", one ? "100" : "100000000")),
                    swap(this, "swap"));
        }
    }
}
