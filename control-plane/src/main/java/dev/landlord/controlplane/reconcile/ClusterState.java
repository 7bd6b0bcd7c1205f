package dev.landlord.controlplane.reconcile;

import dev.landlord.api.id.PlanName;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.plan.PlanSpec;
import dev.landlord.api.plan.TenantState;
import dev.landlord.controlplane.allocation.Allocation;
import dev.landlord.controlplane.allocation.DesiredSet.Terms;
import dev.landlord.controlplane.node.NodeRecord;
import dev.landlord.controlplane.scheduler.WorkloadKey;
import dev.landlord.controlplane.tenant.PlanRecord;
import dev.landlord.controlplane.tenant.TenantRecord;
import dev.landlord.controlplane.workload.WorkloadRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Everything that a pass looks at, from one snapshot of the store.
 *
 * @param controlPlane IPv4 addresses of all replicas
 */
public record ClusterState(
        List<NodeRecord> nodes,
        List<PlanRecord> plans,
        List<TenantRecord> tenants,
        List<WorkloadRecord> workloads,
        List<Allocation> allocations,
        Map<TenantName, Set<TenantName>> avoids,
        Set<String> controlPlane) {
    public static final ClusterState EMPTY =
            new ClusterState(List.of(), List.of(), List.of(), List.of(), List.of(), Map.of(), Set.of());

    public ClusterState {
        nodes = List.copyOf(nodes);
        plans = List.copyOf(plans);
        tenants = List.copyOf(tenants);
        workloads = List.copyOf(workloads);
        allocations = List.copyOf(allocations);
        avoids = Map.copyOf(avoids);
        controlPlane = Set.copyOf(controlPlane);
    }

    /** The same with that workload, in place of the one of its name if there is one. */
    ClusterState with(WorkloadRecord workload) {
        List<WorkloadRecord> changed = new ArrayList<>(workloads);
        changed.removeIf(
                old -> old.tenant().equals(workload.tenant()) && old.name().equals(workload.name()));
        changed.add(workload);
        return new ClusterState(nodes, plans, tenants, changed, allocations, avoids, controlPlane);
    }

    public Map<PlanName, PlanSpec> planSpecs() {
        return plans.stream().collect(Collectors.toMap(PlanRecord::name, PlanRecord::spec));
    }

    Map<WorkloadKey, WorkloadRecord> workloadsByKey() {
        return workloads.stream()
                .collect(Collectors.toMap(
                        workload -> new WorkloadKey(workload.tenant(), workload.name()), Function.identity()));
    }

    /** The workloads of all allocations; some may be there no more. */
    Set<WorkloadKey> allocated() {
        return allocations.stream().map(Allocation::workload).collect(Collectors.toSet());
    }

    Map<TenantName, Terms> terms() {
        return terms(tenants, plans);
    }

    static Map<TenantName, Terms> terms(List<TenantRecord> tenants, List<PlanRecord> plans) {
        Map<PlanName, PlanSpec> specs = new HashMap<>();
        plans.forEach(plan -> specs.put(plan.name(), plan.spec()));
        Map<TenantName, Terms> terms = new HashMap<>();
        for (TenantRecord tenant : tenants) {
            PlanSpec plan = specs.get(tenant.plan());
            boolean suspended = tenant.state() == TenantState.SUSPENDED;
            terms.put(tenant.name(), plan == null ? new Terms(1, suspended) : Terms.of(plan, suspended));
        }
        return terms;
    }
}
