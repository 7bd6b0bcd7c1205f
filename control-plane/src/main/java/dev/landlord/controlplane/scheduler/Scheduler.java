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
import dev.landlord.controlplane.scheduler.Plan.Waits;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Plans one pass over the whole cluster. A function: equal snapshots give equal plans; ties go by name. Thread-safe.
 *
 * @param maxBatch most decisions of one pass that clear away, and most that add; 1 or more
 * @param settleMillis how long a new replica must have run before the one that it replaces is stopped; 0 or more
 * @param strategy which of the nodes that would do is taken
 */
public record Scheduler(int maxBatch, long settleMillis, Strategy strategy) {
    /** What a node must have verified by trying before it gets anything. */
    public static final List<String> CAPABILITIES = NodeSearch.NEEDED;

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
        List<AllocationView> there = allocations.stream()
                .filter(allocation -> !allocation.seen().gone())
                .toList();
        Map<TenantName, TenantView> tenants =
                snapshot.tenants().stream().collect(Collectors.toMap(TenantView::name, tenant -> tenant));
        Neighbourhood neighbourhood = new Neighbourhood(snapshot.tenants());
        NodeConditions conditions = NodeConditions.of(snapshot.nodes(), there, neighbourhood);

        clearAway(allocations, draft);
        List<ReplicaDiff> diffs = compare(snapshot.workloads(), allocations, conditions, tenants);
        Set<AllocationId> reclaimed = stopAndReclaim(diffs, draft);
        Placer placer = new Placer(new NodeSearch(snapshot.nodes(), strategy), tenants, neighbourhood, draft);
        there.forEach(allocation -> placer.book(allocation, reclaimed.contains(allocation.id())));
        diffs.stream().filter(diff -> !diff.old.isEmpty()).forEach(placer::resize);
        FairOrder.of(diffs, tenants).forEach(missing -> placer.place(missing.diff(), missing.index()));
        diffs.forEach(diff -> tellWaiting(diff, draft));
        diffs.stream().filter(diff -> !diff.old.isEmpty()).forEach(placer::replaceNext);
        diffs.forEach(placer::moveNext);
        diffs.stream()
                .filter(diff -> !isSuspended(diff.workload, tenants))
                .forEach(diff -> diff.restarts.forEach(draft::add));
        return draft.finish(conditions.brake());
    }

    private static void tellWaiting(ReplicaDiff diff, PlanDraft draft) {
        WorkloadKey key = diff.workload.key();
        diff.held.forEach((index, reason) -> draft.unplaceable(key, index, Waits.PLACE, List.of(reason)));
        diff.successors.forEach(successor ->
                draft.unplaceable(key, successor.index(), Waits.UPDATE, List.of(diff.notRunning(successor))));
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

    /** By the names of the workloads. */
    private List<ReplicaDiff> compare(
            List<WorkloadView> workloads,
            List<AllocationView> allocations,
            NodeConditions conditions,
            Map<TenantName, TenantView> tenants) {
        Map<WorkloadKey, List<AllocationView>> byWorkload =
                allocations.stream().collect(Collectors.groupingBy(AllocationView::workload));
        return workloads.stream()
                .sorted(Comparator.comparing(WorkloadView::key))
                .map(workload -> ReplicaDiff.of(
                        workload,
                        byWorkload.getOrDefault(workload.key(), List.of()),
                        conditions,
                        settleMillis,
                        isSuspended(workload, tenants)))
                .toList();
    }

    /** Returns what counts again. */
    private static Set<AllocationId> stopAndReclaim(List<ReplicaDiff> diffs, PlanDraft draft) {
        Set<AllocationId> reclaimed = new HashSet<>();
        for (ReplicaDiff diff : diffs) {
            diff.stops.forEach(draft::add);
            diff.reclaims.stream().filter(draft::add).forEach(reclaim -> reclaimed.add(reclaim.allocation()));
        }
        return reclaimed;
    }

    private static boolean isSuspended(WorkloadView workload, Map<TenantName, TenantView> tenants) {
        TenantView tenant = tenants.get(workload.key().tenant());
        return tenant != null && tenant.state() == TenantState.SUSPENDED;
    }
}
