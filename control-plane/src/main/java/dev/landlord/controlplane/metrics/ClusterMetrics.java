package dev.landlord.controlplane.metrics;

import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.NodeName;
import dev.landlord.api.id.PlanName;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.node.NodeFacts;
import dev.landlord.api.plan.PlanSpec;
import dev.landlord.api.plan.TenantState;
import dev.landlord.api.sync.ObservedHealth;
import dev.landlord.api.sync.ObservedPhase;
import dev.landlord.controlplane.allocation.Allocation;
import dev.landlord.controlplane.node.NodeDuty;
import dev.landlord.controlplane.node.NodeRecord;
import dev.landlord.controlplane.node.NodeState;
import dev.landlord.controlplane.reconcile.ClusterState;
import dev.landlord.controlplane.reconcile.ReconcileStats;
import dev.landlord.controlplane.replica.Leadership.Role;
import dev.landlord.controlplane.scheduler.Amounts;
import dev.landlord.controlplane.scheduler.WorkloadKey;
import dev.landlord.controlplane.tenant.TenantRecord;
import dev.landlord.controlplane.workload.WorkloadRecord;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The names, and what they say of a state. Pure. CPU is in cores, memory and disk in bytes, times in seconds. */
final class ClusterMetrics {
    private final ReconcileStats.View view;
    private final ClusterState state;
    private final int pending;
    private final Map<NodeName, NodeWords> words;
    private final Role role;
    private final Set<NodeName> lost;
    private final List<MetricSnapshot> out = new ArrayList<>();

    /**
     * What is known of a node beside the state.
     *
     * @param held it waits for an operator before it accepts its newest set
     */
    record NodeWords(long lastSeenMillis, int orphans, boolean held) {}

    private ClusterMetrics(ReconcileStats.View view, int pending, Map<NodeName, NodeWords> words, Role role) {
        this.view = view;
        this.state = view.state();
        this.pending = pending;
        this.words = words;
        this.role = role;
        this.lost = state.nodes().stream()
                .filter(node -> node.state() == NodeState.LOST)
                .map(NodeRecord::name)
                .collect(Collectors.toSet());
    }

    /** Of the cluster only the leader speaks: the sum over all replicas must not count it several times. */
    static MetricSnapshots of(ReconcileStats.View view, int pending, Map<NodeName, NodeWords> words, Role role) {
        ClusterMetrics metrics = new ClusterMetrics(view, pending, words, role);
        if (role.leads()) {
            metrics.workloads();
            metrics.allocations();
            metrics.health();
            metrics.nodes();
            metrics.losses();
            metrics.leases();
            metrics.tenants();
            metrics.pending();
        }
        metrics.loop();
        metrics.leadership();
        // A family without samples is left out.
        return new MetricSnapshots(metrics.out.stream()
                .filter(family -> !family.getDataPoints().isEmpty())
                .toList());
    }

    private void workloads() {
        Map<WorkloadKey, Long> running = count(allocation -> isIn(allocation, ObservedPhase.RUNNING) ? 1 : 0);
        Family desired = new Family(
                "landlord_workload_replicas_desired", "Replicas that a workload is to have.", "tenant", "workload");
        Family runs = new Family("landlord_workload_replicas_running", "Replicas that run.", "tenant", "workload");
        for (WorkloadRecord workload : state.workloads()) {
            WorkloadKey key = new WorkloadKey(workload.tenant(), workload.name());
            desired.add(workload.deleting() ? 0 : workload.spec().replicas(), key.tenant(), key.name());
            runs.add(running.getOrDefault(key, 0L), key.tenant(), key.name());
        }
        out.add(desired.gauge());
        out.add(runs.gauge());
    }

    private void allocations() {
        Family restarts = new Family(
                "landlord_workload_restarts",
                "How often the program of an allocation was started again.",
                "tenant",
                "workload",
                "allocation");
        Family oomKilled = new Family(
                "landlord_allocation_oom_killed",
                "1 if the last run of an allocation was ended by its memory limit.",
                "tenant",
                "workload",
                "allocation");
        for (Allocation allocation : state.allocations()) {
            WorkloadKey key = allocation.workload();
            AllocationId id = allocation.id();
            var seen = allocation.observed();
            restarts.add(seen == null ? 0 : seen.restarts(), key.tenant(), key.name(), id);
            oomKilled.add(seen != null && seen.oomKilled() ? 1 : 0, key.tenant(), key.name(), id);
        }
        out.add(restarts.counter());
        out.add(oomKilled.gauge());
    }

    private void health() {
        Map<WorkloadKey, Map<ObservedHealth, Long>> counts = present()
                .filter(allocation ->
                        allocation.observed() != null && allocation.observed().health() != null)
                .collect(Collectors.groupingBy(
                        Allocation::workload,
                        Collectors.groupingBy(
                                allocation -> Objects.requireNonNull(Objects.requireNonNull(allocation.observed())
                                        .health()),
                                Collectors.counting())));
        Family replicas = new Family(
                "landlord_workload_replicas_health",
                "Replicas by what their health check says, of workloads that have one.",
                "tenant",
                "workload",
                "health");
        for (WorkloadRecord workload : state.workloads()) {
            if (workload.spec().health() != null) {
                WorkloadKey key = new WorkloadKey(workload.tenant(), workload.name());
                Map<ObservedHealth, Long> own = counts.getOrDefault(key, Map.of());
                for (ObservedHealth each : ObservedHealth.values()) {
                    replicas.add(
                            own.getOrDefault(each, 0L),
                            key.tenant(),
                            key.name(),
                            each.name().toLowerCase(Locale.ROOT));
                }
            }
        }
        out.add(replicas.gauge());
    }

    private void losses() {
        long stranded = state.allocations().stream()
                .filter(allocation ->
                        allocation.isLive() && !allocation.displaced() && lost.contains(allocation.node()))
                .count();
        out.add(new Family("landlord_lost_nodes", "Nodes that are lost.")
                .add(lost.size())
                .gauge());
        out.add(new Family("landlord_stranded_replicas", "Replicas on lost nodes that nothing has taken the place of.")
                .add(stranded)
                .gauge());
        out.add(new Family(
                        "landlord_replacement_brake_engaged",
                        "1 while so many nodes are missing at once that nothing of them is replaced.")
                .add(view.brake().engaged() ? 1 : 0)
                .gauge());
    }

    /** By the state of the node, which is lost when no lease that it was given can hold any more. */
    private void leases() {
        Map<NodeName, NodeState> states =
                state.nodes().stream().collect(Collectors.toMap(NodeRecord::name, NodeRecord::state));
        Map<String, Long> counts = state.allocations().stream()
                .filter(allocation -> allocation.isLive()
                        && !allocation.displaced()
                        && allocation.template().process().endsWithLease())
                .collect(Collectors.groupingBy(
                        allocation -> lease(states.getOrDefault(allocation.node(), NodeState.LOST)),
                        Collectors.counting()));
        Family leased = new Family(
                "landlord_leased_replicas",
                "Replicas that must not run twice, by what is known of the lease of their node.",
                "lease");
        for (String lease : List.of("held", "ending", "over")) {
            leased.add(counts.getOrDefault(lease, 0L), lease);
        }
        out.add(leased.gauge());
    }

    private static String lease(NodeState state) {
        return switch (state) {
            case JOINED, READY -> "held";
            case SUSPECT -> "ending";
            case LOST -> "over";
        };
    }

    private void nodes() {
        Map<NodeName, Amounts> taken = state.allocations().stream()
                .filter(allocation -> !allocation.gone())
                .collect(Collectors.toMap(
                        Allocation::node,
                        allocation -> Amounts.of(allocation.template().resources()),
                        Amounts::plus));
        Family states = new Family("landlord_node_state", "1 for the state that a node is in.", "node", "state");
        Family schedulable = new Family("landlord_node_schedulable", "1 if a node takes new replicas.", "node");
        Family allocatable = new Family("landlord_node_allocatable", "What a node offers in all.", "node", "resource");
        Family allocated =
                new Family("landlord_node_allocated", "What allocations hold of a node.", "node", "resource");
        for (NodeRecord node : state.nodes()) {
            for (NodeState each : NodeState.values()) {
                states.add(node.state() == each ? 1 : 0, node.name(), each.wire());
            }
            boolean open = node.state() == NodeState.READY && node.duty() == NodeDuty.OPEN;
            schedulable.add(open ? 1 : 0, node.name());
            NodeFacts facts = node.facts();
            if (facts != null) {
                share(allocatable, node.name(), facts.cpuMillis(), facts.memoryBytes(), facts.pids(), facts.swap());
            }
            Amounts held = taken.getOrDefault(node.name(), Amounts.ZERO);
            share(allocated, node.name(), held.cpuMillis(), held.memoryBytes(), held.pids(), held.swapBytes());
        }
        out.addAll(List.of(states.gauge(), schedulable.gauge(), allocatable.gauge(), allocated.gauge()));
        nodeWords();
    }

    private void nodeWords() {
        Family lastSeen = new Family(
                "landlord_node_last_seen_timestamp_seconds", "When a node was last heard of, Unix time.", "node");
        Family orphans = new Family("landlord_node_orphans", "Sandboxes on a node that nobody asked for.", "node");
        Family held = new Family(
                "landlord_node_desired_held", "1 if a node waits for an operator to accept its newest set.", "node");
        for (NodeRecord node : state.nodes()) {
            NodeWords its = words.getOrDefault(node.name(), new NodeWords(node.lastSeenAt(), 0, false));
            lastSeen.add(its.lastSeenMillis / 1e3, node.name());
            orphans.add(its.orphans, node.name());
            held.add(its.held ? 1 : 0, node.name());
        }
        out.addAll(List.of(lastSeen.gauge(), orphans.gauge(), held.gauge()));
    }

    private static void share(
            Family family, NodeName node, long cpuMillis, long memoryBytes, long pids, long swapBytes) {
        family.add(cpuMillis / 1e3, node, "cpu");
        family.add(memoryBytes, node, "memory");
        family.add(pids, node, "pids");
        family.add(swapBytes, node, "swap");
    }

    private void tenants() {
        Map<PlanName, PlanSpec> plans = state.planSpecs();
        Map<TenantName, Amounts> used = state.workloads().stream()
                .collect(Collectors.toMap(WorkloadRecord::tenant, ClusterMetrics::whole, Amounts::plus));
        Family suspended = new Family("landlord_tenant_suspended", "1 while a tenant is suspended.", "tenant");
        Family quota = new Family(
                "landlord_tenant_quota",
                "What a tenant's plan allows (hard) and what its workloads ask for (used).",
                "tenant",
                "resource",
                "type");
        for (TenantRecord tenant : state.tenants()) {
            suspended.add(tenant.state() == TenantState.SUSPENDED ? 1 : 0, tenant.name());
            PlanSpec plan = plans.get(tenant.plan());
            if (plan != null) {
                quota(quota, tenant.name(), "hard", Amounts.of(plan));
            }
            quota(quota, tenant.name(), "used", used.getOrDefault(tenant.name(), Amounts.ZERO));
        }
        out.add(suspended.gauge());
        out.add(quota.gauge());
    }

    private static void quota(Family family, TenantName tenant, String type, Amounts amounts) {
        family.add(amounts.cpuMillis() / 1e3, tenant, "cpu", type);
        family.add(amounts.memoryBytes(), tenant, "memory", type);
        family.add(amounts.pids(), tenant, "pids", type);
        family.add(amounts.diskBytes(), tenant, "disk", type);
        family.add(amounts.inodes(), tenant, "inodes", type);
        family.add(amounts.swapBytes(), tenant, "swap", type);
    }

    private static Amounts whole(WorkloadRecord workload) {
        Amounts one = Amounts.of(workload.spec().resources());
        long replicas = workload.spec().replicas();
        return new Amounts(
                one.cpuMillis() * replicas,
                one.memoryBytes() * replicas,
                one.pids() * replicas,
                one.diskBytes() * replicas,
                one.inodes() * replicas,
                one.swapBytes() * replicas);
    }

    private void pending() {
        out.add(new Family("landlord_scheduler_pending", "Replicas that have no place.")
                .add(pending)
                .gauge());
    }

    private void leadership() {
        out.add(new Family("landlord_controlplane_leader", "1 if this control plane schedules.")
                .add(role.leads() ? 1 : 0)
                .gauge());
        out.add(new Family("landlord_controlplane_epoch", "The newest term of a leader that is known here.")
                .add(role.epoch())
                .gauge());
        out.add(new Family("landlord_controlplane_takeovers", "How often this control plane began to lead.")
                .add(role.takeovers())
                .counter());
    }

    private void loop() {
        out.add(new Family("landlord_scheduler_decisions", "Decisions by what became of them.", "outcome")
                .add(view.applied(), "applied")
                .add(view.stale(), "stale")
                .counter());
        out.add(new Family("landlord_reconcile_passes", "Passes that succeeded.")
                .add(view.passes())
                .counter());
        out.add(new Family("landlord_reconcile_failures", "Passes that failed.")
                .add(view.failures())
                .counter());
        out.add(new Family(
                        "landlord_reconcile_last_success_timestamp_seconds", "When a pass last succeeded, Unix time.")
                .add(view.lastSuccessAt() / 1e3)
                .gauge());
        out.add(durations());
    }

    private MetricSnapshot durations() {
        List<Double> bounds = new ArrayList<>(ReconcileStats.BUCKETS);
        bounds.add(Double.POSITIVE_INFINITY);
        return HistogramSnapshot.builder()
                .name("landlord_reconcile_duration_seconds")
                .help("How long a pass took.")
                .dataPoint(HistogramDataPointSnapshot.builder()
                        .classicHistogramBuckets(ClassicHistogramBuckets.of(bounds, view.durations()))
                        .sum(view.durationSecondsSum())
                        .build())
                .build();
    }

    private Map<WorkloadKey, Long> count(ToLongFunction<Allocation> value) {
        return present().collect(Collectors.groupingBy(Allocation::workload, Collectors.summingLong(value)));
    }

    /** What is wanted and not on a lost node. */
    private Stream<Allocation> present() {
        return state.allocations().stream()
                .filter(allocation -> allocation.isLive() && !lost.contains(allocation.node()));
    }

    private static boolean isIn(Allocation allocation, ObservedPhase phase) {
        return allocation.observed() != null && allocation.observed().phase() == phase;
    }
}
