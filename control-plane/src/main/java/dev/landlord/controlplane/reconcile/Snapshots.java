package dev.landlord.controlplane.reconcile;

import dev.landlord.api.id.PlanName;
import dev.landlord.api.node.NodeFacts;
import dev.landlord.api.plan.PlanSpec;
import dev.landlord.api.sync.ObservedAllocation;
import dev.landlord.controlplane.allocation.Allocation;
import dev.landlord.controlplane.allocation.Template;
import dev.landlord.controlplane.allocation.Templates;
import dev.landlord.controlplane.node.NodeRecord;
import dev.landlord.controlplane.scheduler.Amounts;
import dev.landlord.controlplane.scheduler.ClusterSnapshot;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.AllocationView;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.NodeHealth;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.NodeView;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.Seen;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.TenantView;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.WorkloadView;
import dev.landlord.controlplane.scheduler.WorkloadKey;
import dev.landlord.controlplane.tenant.TenantRecord;
import dev.landlord.controlplane.workload.WorkloadRecord;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.springframework.stereotype.Component;

/** Turns the stored state into what the scheduler knows. Pure but for the memory of digests. */
@Component
final class Snapshots {
    /** Nodes do not tell of inodes, because layers live in memory; it is bounded by the memory they take. */
    private static final long INODES_UNLIMITED = 1L << 50;

    private final Templates templates;

    Snapshots(Templates templates) {
        this.templates = templates;
    }

    ClusterSnapshot of(ClusterState state, long nowMillis) {
        Map<PlanName, PlanSpec> plans = state.planSpecs();
        Map<WorkloadKey, Current> current = new HashMap<>();
        for (WorkloadRecord workload : state.workloads()) {
            String digest = templates.digest(Template.of(workload.spec()));
            current.put(key(workload), new Current(workload.specVersion(), digest));
        }
        return new ClusterSnapshot(
                state.nodes().stream().map(Snapshots::node).toList(),
                state.tenants().stream()
                        .map(tenant -> tenant(tenant, Objects.requireNonNull(plans.get(tenant.plan()))))
                        .toList(),
                state.workloads().stream().map(Snapshots::workload).toList(),
                state.allocations().stream()
                        .map(allocation -> allocation(allocation, current, nowMillis))
                        .toList());
    }

    private record Current(long version, String templateDigest) {}

    private static WorkloadKey key(WorkloadRecord workload) {
        return new WorkloadKey(workload.tenant(), workload.name());
    }

    private static NodeView node(NodeRecord node) {
        NodeHealth health = switch (node.state()) {
            case JOINED -> NodeHealth.JOINED;
            case READY -> NodeHealth.READY;
            case SUSPECT -> NodeHealth.SUSPECT;
            case LOST -> NodeHealth.LOST;
        };
        NodeFacts facts = node.facts();
        if (facts == null) {
            return new NodeView(node.name(), NodeHealth.JOINED, false, Amounts.ZERO, Set.of(), Set.of());
        }
        // A writable layer is memory of its node, so a node cannot hold more of them than it has memory.
        Amounts capacity = new Amounts(
                facts.cpuMillis(), facts.memoryBytes(), facts.pids(), facts.memoryBytes(), INODES_UNLIMITED);
        return new NodeView(
                node.name(),
                health,
                false,
                capacity,
                Set.copyOf(facts.capabilities()),
                facts.images().keySet());
    }

    private static TenantView tenant(TenantRecord tenant, PlanSpec plan) {
        return new TenantView(tenant.name(), tenant.state(), Amounts.of(plan), plan.priority());
    }

    private static WorkloadView workload(WorkloadRecord workload) {
        return new WorkloadView(
                key(workload),
                workload.specVersion(),
                workload.restartCounter(),
                workload.spec().replicas(),
                Amounts.of(workload.spec().resources()),
                workload.spec().process().image(),
                workload.deleting());
    }

    /** An allocation of the same content is up to date, whatever the version was when it was placed. */
    private static AllocationView allocation(Allocation allocation, Map<WorkloadKey, Current> current, long nowMillis) {
        Current newest = current.get(allocation.workload());
        long version = newest != null && newest.templateDigest.equals(allocation.templateDigest())
                ? newest.version
                : allocation.specVersion();
        return new AllocationView(
                allocation.id(),
                allocation.workload(),
                allocation.index(),
                allocation.node(),
                version,
                Amounts.of(allocation.template().resources()),
                allocation.wanted(),
                seen(allocation, nowMillis),
                allocation.restartCounter(),
                allocation.isRestarting());
    }

    private static Seen seen(Allocation allocation, long nowMillis) {
        ObservedAllocation observed = allocation.observed();
        Long since = allocation.runningSince();
        return new Seen(
                observed == null ? null : observed.phase(),
                observed != null && Objects.equals(observed.exitCode(), 0),
                since == null ? 0 : Math.max(0, nowMillis - since),
                allocation.gone());
    }
}
