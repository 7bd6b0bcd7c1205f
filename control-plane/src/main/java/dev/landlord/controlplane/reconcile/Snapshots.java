package dev.landlord.controlplane.reconcile;

import dev.landlord.api.id.NodeName;
import dev.landlord.api.id.PlanName;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.node.NodeFacts;
import dev.landlord.api.plan.PlanSpec;
import dev.landlord.api.sync.AppliedLimits;
import dev.landlord.api.sync.ObservedAllocation;
import dev.landlord.api.sync.ObservedHealth;
import dev.landlord.api.workload.ProcessSpec;
import dev.landlord.api.workload.Resources;
import dev.landlord.controlplane.allocation.Allocation;
import dev.landlord.controlplane.allocation.Template;
import dev.landlord.controlplane.allocation.Templates;
import dev.landlord.controlplane.network.HostPort;
import dev.landlord.controlplane.network.Subnet;
import dev.landlord.controlplane.network.Wiring;
import dev.landlord.controlplane.node.NodeRecord;
import dev.landlord.controlplane.scheduler.Amounts;
import dev.landlord.controlplane.scheduler.ClusterSnapshot;
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
import dev.landlord.controlplane.scheduler.ClusterSnapshot.WorkloadView;
import dev.landlord.controlplane.scheduler.WorkloadKey;
import dev.landlord.controlplane.tenant.TenantRecord;
import dev.landlord.controlplane.workload.WorkloadRecord;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
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
        Map<TenantName, Set<String>> needs = new HashMap<>();
        state.tenants().forEach(tenant -> needs.put(tenant.name(), needs(plans.get(tenant.plan()))));
        Map<NodeName, Subnet> subnets = new HashMap<>();
        for (NodeRecord node : state.nodes()) {
            if (node.subnet() != null) {
                subnets.put(node.name(), node.subnet());
            }
        }
        Surroundings around = new Surroundings(current(state), needs, subnets);
        return new ClusterSnapshot(
                state.nodes().stream().map(node -> node(node, nowMillis)).toList(),
                state.tenants().stream()
                        .map(tenant -> tenant(
                                tenant,
                                Objects.requireNonNull(plans.get(tenant.plan())),
                                state.avoids().getOrDefault(tenant.name(), Set.of())))
                        .toList(),
                state.workloads().stream()
                        .map(workload -> workload(workload, needs.getOrDefault(workload.tenant(), Set.of())))
                        .toList(),
                state.allocations().stream()
                        .map(allocation -> allocation(allocation, around, nowMillis))
                        .toList());
    }

    private record Current(long version, Template template, String templateDigest) {}

    /** Of workloads that have allocations to be compared with it: those that wait for a place may be many. */
    private Map<WorkloadKey, Current> current(ClusterState state) {
        Set<WorkloadKey> compared = state.allocated();
        Map<WorkloadKey, Current> current = new HashMap<>();
        for (WorkloadRecord workload : state.workloads()) {
            WorkloadKey key = key(workload);
            if (compared.contains(key)) {
                Template template = Template.of(workload.spec());
                current.put(key, new Current(workload.specVersion(), template, templates.digest(template)));
            }
        }
        return current;
    }

    /** @param needs the capabilities that plans ask for, by tenant */
    private record Surroundings(
            Map<WorkloadKey, Current> current, Map<TenantName, Set<String>> needs, Map<NodeName, Subnet> subnets) {}

    private static WorkloadKey key(WorkloadRecord workload) {
        return new WorkloadKey(workload.tenant(), workload.name());
    }

    private static NodeView node(NodeRecord node, long nowMillis) {
        NodeHealth health = switch (node.state()) {
            case JOINED -> NodeHealth.JOINED;
            case READY -> NodeHealth.READY;
            case SUSPECT -> NodeHealth.SUSPECT;
            case LOST -> NodeHealth.LOST;
        };
        NodeFacts facts = node.facts();
        if (facts == null) {
            return new NodeView(
                    node.name(),
                    NodeHealth.JOINED,
                    duty(node),
                    Amounts.ZERO,
                    Set.of(),
                    Map.of(),
                    Set.of(),
                    Reach.NONE,
                    Loss.NONE);
        }
        // A writable layer is memory of its node, so a node cannot hold more of them than it has memory.
        Amounts capacity = new Amounts(
                facts.cpuMillis(),
                facts.memoryBytes(),
                facts.pids(),
                facts.memoryBytes(),
                INODES_UNLIMITED,
                facts.swap());
        return new NodeView(
                node.name(),
                health,
                duty(node),
                capacity,
                Set.copyOf(facts.capabilities()),
                facts.missing(),
                facts.images().keySet(),
                new Reach(node.subnet() == null ? 0 : node.subnet().lastHost(), facts.network()),
                new Loss(Math.max(0, nowMillis - node.stateSince()), node.lossConfirmed()));
    }

    private static Duty duty(NodeRecord node) {
        return switch (node.duty()) {
            case OPEN -> Duty.OPEN;
            case CORDONED -> Duty.CORDONED;
            case DRAINING -> Duty.DRAINING;
        };
    }

    private static TenantView tenant(TenantRecord tenant, PlanSpec plan, Set<TenantName> avoids) {
        return new TenantView(
                tenant.name(), tenant.state(), Amounts.of(plan), plan.priority(), plan.trustClass(), avoids);
    }

    private static Set<String> needs(@Nullable PlanSpec plan) {
        return plan == null ? Set.of() : plan.needs();
    }

    /** What a plan, a program and its resources need of a node together. */
    private static Set<String> needs(Set<String> ofPlan, ProcessSpec process, Resources resources) {
        Set<String> all = new HashSet<>(ofPlan);
        all.addAll(process.needs());
        all.addAll(resources.needs());
        return all;
    }

    private static WorkloadView workload(WorkloadRecord workload, Set<String> capabilities) {
        return new WorkloadView(
                key(workload),
                workload.specVersion(),
                workload.restartCounter(),
                workload.spec().replicas(),
                new Ask(
                        Amounts.of(workload.spec().resources()),
                        workload.spec().process().image(),
                        workload.spec().network(),
                        needs(
                                capabilities,
                                workload.spec().process(),
                                workload.spec().resources())),
                workload.deleting());
    }

    /** An allocation of the same content is up to date, whatever the version was when it was placed. */
    private static AllocationView allocation(Allocation allocation, Surroundings around, long nowMillis) {
        Current newest = around.current.get(allocation.workload());
        boolean upToDate = newest != null && newest.templateDigest.equals(allocation.templateDigest());
        long version = newest != null && upToDate ? newest.version : allocation.specVersion();
        return new AllocationView(
                allocation.id(),
                allocation.workload(),
                allocation.index(),
                allocation.node(),
                version,
                new Ask(
                        Amounts.of(allocation.template().resources()),
                        allocation.template().process().image(),
                        allocation.template().network(),
                        needs(
                                around.needs.getOrDefault(allocation.workload().tenant(), Set.of()),
                                allocation.template().process(),
                                allocation.template().resources())),
                applied(allocation.observed()),
                wiring(allocation, around.subnets.get(allocation.node())),
                allocation.wanted(),
                seen(allocation, nowMillis),
                allocation.restartCounter(),
                allocation.isRestarting(),
                allocation.displaced(),
                !upToDate && newest != null && allocation.template().canBecome(newest.template));
    }

    private static Amounts applied(@Nullable ObservedAllocation observed) {
        AppliedLimits limits = observed == null ? null : observed.limits();
        return limits == null
                ? Amounts.ZERO
                : new Amounts(limits.cpuMillis(), limits.memoryBytes(), limits.pids(), 0, 0, limits.swap());
    }

    private static Wiring wiring(Allocation allocation, @Nullable Subnet subnet) {
        Long address = allocation.address();
        if (address == null || subnet == null) {
            return Wiring.NONE;
        }
        List<HostPort> ports = allocation.publishedPorts().stream()
                .map(port -> new HostPort(port.protocol(), port.hostPort()))
                .toList();
        return new Wiring(subnet.host(address), ports);
    }

    private static Seen seen(Allocation allocation, long nowMillis) {
        ObservedAllocation observed = allocation.observed();
        Long since = allocation.runningSince();
        return new Seen(
                observed == null ? null : observed.phase(),
                observed != null && Objects.equals(observed.exitCode(), 0),
                since == null ? 0 : Math.max(0, nowMillis - since),
                check(allocation, observed),
                allocation.gone(),
                observed != null && observed.endedWithLease());
    }

    private static Check check(Allocation allocation, @Nullable ObservedAllocation observed) {
        if (allocation.template().health() == null) {
            return Check.NONE;
        }
        return observed != null && observed.health() == ObservedHealth.HEALTHY ? Check.PASSED : Check.WAITING;
    }
}
