package dev.landlord.controlplane.scheduler;

import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.plan.TenantState;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.AllocationView;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.TenantView;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.Wanted;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.WorkloadView;
import dev.landlord.controlplane.scheduler.Decision.Release;
import dev.landlord.controlplane.scheduler.Decision.Remove;
import dev.landlord.controlplane.scheduler.Decision.Stop;
import dev.landlord.controlplane.scheduler.Decision.Why;
import dev.landlord.controlplane.scheduler.Plan.Waits;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Plans one pass over the whole cluster. A function: equal snapshots give equal plans; ties go by name. Thread-safe.
 *
 * @param maxBatch most decisions of one pass that clear away, and most that add; 1 or more
 * @param settleMillis how long a new replica must have run before the one that it replaces is stopped; 0 or more
 * @param strategy which of the nodes that would do is taken
 */
public record Scheduler(int maxBatch, long settleMillis, Strategy strategy) {
    /** Replicas of one workload are spread first of all; then this decides. */
    public enum Strategy {
        /** The node with the fewest of the tenant, then the emptiest. */
        SPREAD,
        /** The fullest node. */
        PACK
    }

    public Scheduler {
        if (maxBatch < 1 || settleMillis < 0) {
            throw new IllegalArgumentException("maxBatch must be 1 or more and settleMillis 0 or more");
        }
    }

    /** Decides what to do next, and says of every missing replica that it does not place why not. */
    public Plan plan(ClusterSnapshot snapshot) {
        PlanDraft draft = new PlanDraft(maxBatch);
        List<AllocationView> allocations = snapshot.allocations().stream()
                .sorted(Comparator.comparing(allocation -> allocation.id().value()))
                .toList();
        clearAway(allocations, draft);
        List<AllocationView> there = allocations.stream()
                .filter(allocation -> !allocation.seen().gone())
                .toList();
        Neighbourhood neighbourhood = new Neighbourhood(snapshot.tenants());
        NodeConditions conditions = NodeConditions.of(snapshot.nodes(), there, neighbourhood);
        List<ReplicaDiff> diffs = compare(snapshot.workloads(), allocations, conditions, draft);
        Set<AllocationId> reclaimed = new HashSet<>();
        diffs.forEach(diff -> {
            diff.stops.forEach(draft::add);
            diff.reclaims.stream().filter(draft::add).forEach(reclaim -> reclaimed.add(reclaim.allocation()));
        });
        Map<TenantName, TenantView> tenants = new HashMap<>();
        snapshot.tenants().forEach(tenant -> tenants.put(tenant.name(), tenant));
        Placer placer = new Placer(new NodeSearch(snapshot.nodes(), strategy), tenants, neighbourhood, draft);
        there.forEach(allocation -> placer.book(allocation, reclaimed.contains(allocation.id())));
        FairOrder.of(diffs, tenants).forEach(missing -> placer.place(missing.diff(), missing.index()));
        diffs.forEach(diff -> tellWaiting(diff, draft));
        diffs.stream().filter(diff -> !diff.old.isEmpty()).forEach(placer::replaceNext);
        diffs.forEach(placer::moveNext);
        diffs.stream().filter(diff -> isActive(diff, tenants)).forEach(diff -> diff.restarts.forEach(draft::add));
        return draft.finish(conditions.brake());
    }

    private static void tellWaiting(ReplicaDiff diff, PlanDraft draft) {
        WorkloadKey key = diff.workload.key();
        for (int index : diff.held) {
            Reason massLoss = diff.massLoss(index);
            draft.unplaceable(key, index, Waits.PLACE, massLoss == null ? List.of() : List.of(massLoss));
        }
        diff.successors.forEach(successor ->
                draft.unplaceable(key, successor.index(), Waits.UPDATE, List.of(ReplicaDiff.notRunning(successor))));
    }

    private static void clearAway(List<AllocationView> allocations, PlanDraft draft) {
        for (AllocationView allocation : allocations) {
            if (allocation.seen().gone()) {
                draft.add(new Remove(allocation.id()));
            } else if (allocation.wanted() == Wanted.STOPPED
                    && allocation.seen().ended()) {
                draft.add(new Release(allocation.id()));
            }
        }
    }

    private List<ReplicaDiff> compare(
            List<WorkloadView> workloads,
            List<AllocationView> allocations,
            NodeConditions conditions,
            PlanDraft draft) {
        Map<WorkloadKey, List<AllocationView>> byWorkload = new HashMap<>();
        for (AllocationView allocation : allocations) {
            byWorkload
                    .computeIfAbsent(allocation.workload(), key -> new ArrayList<>())
                    .add(allocation);
        }
        List<ReplicaDiff> diffs = new ArrayList<>();
        workloads.stream().sorted(Comparator.comparing(WorkloadView::key)).forEach(workload -> {
            List<AllocationView> own = byWorkload.remove(workload.key());
            diffs.add(ReplicaDiff.of(workload, own == null ? List.of() : own, conditions, settleMillis));
        });
        // What is left belongs to no workload at all.
        allocations.stream()
                .filter(allocation -> byWorkload.containsKey(allocation.workload()) && allocation.live())
                .forEach(allocation -> draft.add(new Stop(allocation.id(), Why.WORKLOAD_DELETED)));
        return diffs;
    }

    private static boolean isActive(ReplicaDiff diff, Map<TenantName, TenantView> tenants) {
        TenantView tenant = tenants.get(diff.workload.key().tenant());
        return tenant != null && tenant.state() == TenantState.ACTIVE;
    }
}
