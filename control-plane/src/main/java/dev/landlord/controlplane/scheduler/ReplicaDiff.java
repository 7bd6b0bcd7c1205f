package dev.landlord.controlplane.scheduler;

import dev.landlord.controlplane.scheduler.ClusterSnapshot.AllocationView;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.WorkloadView;
import dev.landlord.controlplane.scheduler.Decision.Restart;
import dev.landlord.controlplane.scheduler.Decision.Stop;
import dev.landlord.controlplane.scheduler.Decision.Why;
import dev.landlord.controlplane.scheduler.Reason.ReplicaNotRunning;
import dev.landlord.controlplane.scheduler.Reason.StillStopping;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One workload as it is wanted against what there is: what can be decided without looking at any node, and what is left
 * to be placed. Everything it tells a replica to do leaves the others alone: one replacement or restart at a time.
 */
final class ReplicaDiff {
    /** Of several allocations of one index the one worth keeping: it runs, it is newer, and then by id. */
    private static final Comparator<AllocationView> WORTH = Comparator.comparing(
                    (AllocationView allocation) -> allocation.seen().running())
            .thenComparingLong(AllocationView::specVersion)
            .thenComparing(allocation -> allocation.id().value(), Comparator.reverseOrder());

    final WorkloadView workload;
    final List<Stop> stops = new ArrayList<>();
    final List<Restart> restarts = new ArrayList<>();
    final List<Integer> missing = new ArrayList<>();
    /** Allocations of older versions, in the order in which they are to be replaced. */
    final List<AllocationView> old = new ArrayList<>();

    /** Successors that do not run yet, beside the allocations that they are to replace. */
    final List<AllocationView> successors = new ArrayList<>();

    private final List<AllocationView> current = new ArrayList<>();
    private final Set<Integer> justGone = new HashSet<>();
    private final long settleMillis;
    /** Allocations that are not gone: what the workload holds of nodes and plan. */
    private int held;

    private int stopping;
    private @Nullable AllocationView nextToRestart;

    private ReplicaDiff(WorkloadView workload, long settleMillis) {
        this.workload = workload;
        this.settleMillis = settleMillis;
    }

    static ReplicaDiff of(WorkloadView workload, List<AllocationView> allocations, long settleMillis) {
        ReplicaDiff diff = new ReplicaDiff(workload, settleMillis);
        SortedMap<Integer, List<AllocationView>> live = diff.sortOut(allocations);
        if (workload.deleting()) {
            live.values().forEach(all -> diff.stopAll(all, Why.WORKLOAD_DELETED));
            return diff;
        }
        live.tailMap(workload.replicas()).values().forEach(all -> diff.stopAll(all, Why.SCALED_DOWN));
        for (int index = 0; index < workload.replicas(); index++) {
            diff.compare(index, live.getOrDefault(index, List.of()));
        }
        diff.old.sort(Comparator.comparing(
                        (AllocationView allocation) -> allocation.seen().running())
                .thenComparingInt(AllocationView::index));
        diff.decideRestarts();
        return diff;
    }

    /** Another allocation would still be at most one more than asked for. */
    boolean mayAdd() {
        return held <= workload.replicas();
    }

    /** Placed by the caller. */
    void added() {
        held++;
    }

    /** This index was served until just now, or the workload is half-way through an update: it goes before newcomers. */
    boolean isUrgent(int index) {
        return !old.isEmpty() || justGone.contains(index);
    }

    StillStopping stillStopping() {
        return new StillStopping(stopping);
    }

    /** What the next replacement has to wait for, or null when all is quiet. */
    @Nullable
    Reason unrest() {
        if (nextToRestart != null) {
            return notRunning(nextToRestart);
        }
        for (AllocationView allocation : current) {
            if (!hasArrived(allocation)) {
                return notRunning(allocation);
            }
        }
        return stopping > 0 ? stillStopping() : null;
    }

    static Reason notRunning(AllocationView allocation) {
        return new ReplicaNotRunning(allocation.index(), allocation.seen().phase());
    }

    private SortedMap<Integer, List<AllocationView>> sortOut(List<AllocationView> allocations) {
        SortedMap<Integer, List<AllocationView>> live = new TreeMap<>();
        for (AllocationView allocation : allocations) {
            if (allocation.live()) {
                live.computeIfAbsent(allocation.index(), index -> new ArrayList<>(2))
                        .add(allocation);
            } else if (allocation.seen().gone()) {
                justGone.add(allocation.index());
                continue;
            } else {
                stopping++;
            }
            held++;
        }
        return live;
    }

    private void compare(int index, List<AllocationView> all) {
        AllocationView newest = keepBest(
                all.stream().filter(this::isCurrent).sorted(WORTH.reversed()).toList(), Why.DUPLICATE);
        AllocationView before = keepBest(
                all.stream()
                        .filter(allocation -> !isCurrent(allocation))
                        .sorted(WORTH.reversed())
                        .toList(),
                Why.SUPERSEDED);
        if (newest != null) {
            current.add(newest);
        }
        if (newest == null && before == null) {
            missing.add(index);
        } else if (newest == null) {
            old.add(before);
        } else if (before != null && hasArrived(newest)) {
            stop(before, Why.REPLACED);
        } else if (before != null) {
            successors.add(newest);
        }
    }

    private @Nullable AllocationView keepBest(List<AllocationView> bestFirst, Why why) {
        if (bestFirst.isEmpty()) {
            return null;
        }
        stopAll(bestFirst.subList(1, bestFirst.size()), why);
        return bestFirst.getFirst();
    }

    /** What does not run restarts at once; what runs restarts one by one, and only while everything else is well. */
    private void decideRestarts() {
        List<AllocationView> behind = current.stream()
                .filter(allocation -> allocation.restartCounter() < workload.restartCounter())
                .toList();
        if (stopping > 0 || behind.isEmpty()) {
            return;
        }
        behind.stream().filter(allocation -> !allocation.seen().running()).forEach(this::restart);
        boolean othersWell = current.stream()
                .filter(allocation -> !behind.contains(allocation))
                .allMatch(this::hasArrived);
        if (restarts.isEmpty() && othersWell) {
            restart(behind.getFirst());
        }
    }

    private void restart(AllocationView allocation) {
        nextToRestart = allocation;
        restarts.add(new Restart(allocation.id(), workload.restartCounter()));
    }

    private boolean hasArrived(AllocationView allocation) {
        return allocation.seen().arrived(settleMillis) && !allocation.restarting();
    }

    private boolean isCurrent(AllocationView allocation) {
        return allocation.specVersion() == workload.specVersion();
    }

    private void stopAll(List<AllocationView> allocations, Why why) {
        allocations.forEach(allocation -> stop(allocation, why));
    }

    private void stop(AllocationView allocation, Why why) {
        stops.add(new Stop(allocation.id(), why));
        stopping++;
    }
}
