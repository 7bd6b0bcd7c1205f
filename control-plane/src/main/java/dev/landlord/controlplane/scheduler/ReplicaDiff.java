package dev.landlord.controlplane.scheduler;

import dev.landlord.api.id.AllocationId;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.AllocationView;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.Check;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.WorkloadView;
import dev.landlord.controlplane.scheduler.Decision.Reclaim;
import dev.landlord.controlplane.scheduler.Decision.Restart;
import dev.landlord.controlplane.scheduler.Decision.Stop;
import dev.landlord.controlplane.scheduler.Decision.Why;
import dev.landlord.controlplane.scheduler.Reason.MassLoss;
import dev.landlord.controlplane.scheduler.Reason.NodeSilent;
import dev.landlord.controlplane.scheduler.Reason.ReplicaNotRunning;
import dev.landlord.controlplane.scheduler.Reason.StillStopping;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One workload as it is wanted against what there is: what can be decided without searching for a node, and what is left
 * to be placed. Everything it tells a replica to do leaves the others alone: one replacement or restart at a time.
 *
 * <p>An allocation is lost while its node is, and displaced from when another takes its place. Neither counts.
 */
final class ReplicaDiff {
    /** Of several allocations of one index the one worth keeping: it runs, it is newer, and then by id. */
    private static final Comparator<AllocationView> WORTH = Comparator.comparing(
                    (AllocationView allocation) -> allocation.seen().running())
            .thenComparingLong(AllocationView::specVersion)
            .thenComparing(allocation -> allocation.id().value(), Comparator.reverseOrder());

    final WorkloadView workload;
    final List<Stop> stops = new ArrayList<>();
    final List<Reclaim> reclaims = new ArrayList<>();
    final List<Restart> restarts = new ArrayList<>();
    final List<Integer> missing = new ArrayList<>();
    /** Indexes whose nodes are lost with too many others, and the word for it. */
    final SortedMap<Integer, Reason> held = new TreeMap<>();
    /** Allocations of older versions, in the order in which they are to be replaced. */
    final List<AllocationView> old = new ArrayList<>();
    /** Successors that do not run yet, beside the allocations that they are to replace. */
    final List<AllocationView> successors = new ArrayList<>();
    /** Allocations of any version that are to leave their node, in the order in which they go. */
    final List<AllocationView> leaving = new ArrayList<>();

    private final List<AllocationView> current = new ArrayList<>();
    private final Map<Integer, List<AllocationView>> lost = new HashMap<>();
    private final Set<Integer> justGone = new HashSet<>();
    /** Indexes at which something that must be alone has not ended yet, and will. */
    private final Set<Integer> ending = new HashSet<>();

    private final NodeConditions conditions;
    private final long settleMillis;
    private final boolean suspended;
    /** Allocations that are not gone and not lost or displaced: how many replicas there are, wanted or not. */
    private int replicas;

    private int stopping;
    private @Nullable AllocationView nextToRestart;
    /** What takes the place of one that still runs, and does not serve yet. */
    private @Nullable AllocationView arriving;

    private ReplicaDiff(WorkloadView workload, NodeConditions conditions, long settleMillis, boolean suspended) {
        this.workload = workload;
        this.conditions = conditions;
        this.settleMillis = settleMillis;
        this.suspended = suspended;
    }

    /** @param suspended whether its tenant is */
    static ReplicaDiff of(
            WorkloadView workload,
            List<AllocationView> allocations,
            NodeConditions conditions,
            long settleMillis,
            boolean suspended) {
        ReplicaDiff diff = new ReplicaDiff(workload, conditions, settleMillis, suspended);
        SortedMap<Integer, List<AllocationView>> live = diff.sortOut(allocations);
        if (workload.deleting()) {
            live.values().forEach(all -> diff.stopAll(all, Why.WORKLOAD_DELETED));
            return diff;
        }
        live.tailMap(workload.replicas()).values().forEach(all -> diff.stopAll(all, Why.SCALED_DOWN));
        for (int index = 0; index < workload.replicas(); index++) {
            diff.compare(index, live.getOrDefault(index, List.of()));
        }
        Comparator<AllocationView> worstFirst = Comparator.comparing(
                        (AllocationView allocation) -> allocation.seen().running())
                .thenComparing(allocation -> conditions.mayStay(allocation))
                .thenComparingInt(AllocationView::index);
        diff.old.sort(worstFirst);
        diff.leaving.sort(worstFirst);
        diff.decideRestarts();
        return diff;
    }

    /** With another allocation in the place of these there would still be at most one more than asked for. */
    boolean mayAdd(List<AllocationView> displaced) {
        return replicas + growth(displaced) <= workload.replicas() + 1;
    }

    /** Placed by the caller, in the place of these. */
    void added(List<AllocationView> displaced) {
        replicas += growth(displaced);
    }

    /** Stopped by the caller, so that its successor has room. */
    void madeRoom(AllocationView allocation) {
        stopping++;
        goes(allocation);
    }

    /** It ends where it is, so it does not move any more. */
    void goes(AllocationView allocation) {
        leaving.remove(allocation);
    }

    private int growth(List<AllocationView> displaced) {
        return 1
                - Math.toIntExact(displaced.stream()
                        .filter(allocation -> !conditions.isLost(allocation.node()))
                        .count());
    }

    /** Lost allocations whose place the next one of this index takes, of whatever version. */
    List<AllocationView> displacedAt(int index) {
        return lost.getOrDefault(index, List.of());
    }

    /** Null unless what would be replaced at this index is lost with too many others. */
    @Nullable
    Reason massLoss(int index) {
        boolean isHeld = lost.getOrDefault(index, List.of()).stream()
                .anyMatch(allocation -> conditions.isHeld(allocation.node()));
        return isHeld
                ? new MassLoss(conditions.brake().missing(), conditions.brake().nodes())
                : null;
    }

    /**
     * This index was served until just now, or is the one that made room for its successor: it goes before newcomers. An
     * update empties one index at a time; more that are missing were never served.
     */
    boolean isUrgent(int index) {
        boolean madeRoom = !old.isEmpty() && missing.size() == 1;
        return madeRoom || justGone.contains(index) || lost.containsKey(index);
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

    /** What the next move of a replica that serves has to wait for. An update is not in its way, nor it in an update's. */
    @Nullable
    Reason unfinishedMove() {
        if (arriving != null) {
            return notRunning(arriving);
        }
        return stopping > 0 ? stillStopping() : null;
    }

    Reason notRunning(AllocationView allocation) {
        if (!conditions.isHeard(allocation.node())) {
            return new NodeSilent(allocation.index());
        }
        boolean checked = allocation.seen().check() == Check.WAITING;
        return new ReplicaNotRunning(allocation.index(), allocation.seen().phase(), checked);
    }

    /** It serves, and its node says so now: on the word of a silent one nothing that serves is stopped. */
    boolean hasArrived(AllocationView allocation) {
        return served(allocation) && conditions.isHeard(allocation.node());
    }

    /** It served when its node was last heard of. */
    boolean served(AllocationView allocation) {
        return allocation.seen().arrived(settleMillis) && !allocation.restarting();
    }

    private SortedMap<Integer, List<AllocationView>> sortOut(List<AllocationView> allocations) {
        SortedMap<Integer, List<AllocationView>> live = new TreeMap<>();
        for (AllocationView allocation : allocations) {
            if (allocation.seen().gone()) {
                justGone.add(allocation.index());
                continue;
            }
            // What was bound to a lease that is over has ended, whether its node has said so or not.
            boolean isDead =
                    conditions.isLost(allocation.node()) || allocation.seen().fenced();
            if (allocation.live() && allocation.seen().fenced()) {
                stops.add(new Stop(allocation.id(), Why.LEASE_ENDED, null));
                justGone.add(allocation.index());
            } else if (allocation.live()) {
                live.computeIfAbsent(allocation.index(), index -> new ArrayList<>(2))
                        .add(allocation);
            } else if (!isDead) {
                stopping++;
                noteEnding(allocation);
            }
            replicas += isDead || allocation.displaced() ? 0 : 1;
        }
        return live;
    }

    private void noteEnding(AllocationView allocation) {
        if (allocation.ask().mustBeAlone() && !allocation.seen().ended()) {
            ending.add(allocation.index());
        }
    }

    /** Nothing may begin at this index yet, because of what has to end there before. */
    boolean waitsForEnd(int index) {
        return ending.contains(index);
    }

    private void compare(int index, List<AllocationView> all) {
        if (all.isEmpty()) {
            noteAbsent(index);
            return;
        }
        List<AllocationView> leavingFrozen =
                suspended ? all.stream().filter(this::leaves).toList() : List.of();
        if (!leavingFrozen.isEmpty()) {
            stopAll(leavingFrozen, Why.LEAVES_WHILE_SUSPENDED);
            return;
        }
        List<AllocationView> present = new ArrayList<>();
        List<AllocationView> spare = new ArrayList<>();
        for (AllocationView allocation : all) {
            if (!conditions.isLost(allocation.node())) {
                (allocation.displaced() ? spare : present).add(allocation);
            } else if (!allocation.displaced()) {
                lost.computeIfAbsent(index, key -> new ArrayList<>(1)).add(allocation);
            }
        }
        if (present.isEmpty() && !spare.isEmpty()) {
            spare.sort(WORTH.reversed());
            AllocationView back = spare.getFirst();
            reclaims.add(new Reclaim(back.id(), ids(lost.getOrDefault(index, List.of()))));
            lost.remove(index);
            present.add(back);
            replicas++;
            stopAll(spare.subList(1, spare.size()), Why.DUPLICATE);
            spare = List.of();
        }
        comparePresent(index, present, spare);
    }

    private void comparePresent(int index, List<AllocationView> present, List<AllocationView> spare) {
        present.sort(WORTH.reversed());
        AllocationView newest =
                keepBest(present.stream().filter(this::isCurrent).toList(), Why.DUPLICATE);
        AllocationView before = keepBest(
                present.stream().filter(allocation -> !isCurrent(allocation)).toList(), Why.SUPERSEDED);
        if (newest != null) {
            compareNewest(newest, before, lost.getOrDefault(index, List.of()));
        } else if (before != null) {
            old.add(before);
            noteLeaving(before);
        } else {
            noteAbsent(index);
        }
        endDisplaced(newest, before, spare);
    }

    private void compareNewest(AllocationView newest, @Nullable AllocationView before, List<AllocationView> lostHere) {
        current.add(newest);
        noteLeaving(newest);
        if (hasArrived(newest)) {
            lostHere.stream()
                    .filter(allocation -> !isCurrent(allocation))
                    .forEach(allocation -> stopInsteadOf(allocation, newest));
            Stream.ofNullable(before).forEach(allocation -> stopInsteadOf(allocation, newest));
        } else if (before != null) {
            successors.add(newest);
        }
    }

    private void noteAbsent(int index) {
        Reason massLoss = massLoss(index);
        if (massLoss == null) {
            missing.add(index);
        } else {
            held.put(index, massLoss);
        }
    }

    private void noteLeaving(AllocationView allocation) {
        if (leaves(allocation)) {
            leaving.add(allocation);
        }
    }

    private boolean leaves(AllocationView allocation) {
        return !conditions.isLost(allocation.node()) && !conditions.mayStay(allocation);
    }

    /** What another took the place of goes when that one serves; or stays, when that one has come to nothing. */
    private void endDisplaced(
            @Nullable AllocationView newest, @Nullable AllocationView before, List<AllocationView> spare) {
        AllocationView serving = Stream.of(newest, before)
                .filter(allocation -> allocation != null && hasArrived(allocation))
                .findFirst()
                .orElse(null);
        AllocationView broken = newest != null && newest.seen().broken() ? newest : null;
        for (AllocationView allocation : spare) {
            if (serving != null) {
                stopInsteadOf(allocation, serving);
            } else if (!allocation.seen().running()) {
                stop(allocation, Why.REPLACED);
            } else if (broken != null
                    && isCurrent(allocation)
                    && hasArrived(allocation)
                    && conditions.mayStay(allocation)) {
                stop(new Stop(broken.id(), Why.NOT_NEEDED, allocation.id()), broken);
                return;
            } else {
                arriving = newest != null ? newest : before;
            }
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

    private boolean isCurrent(AllocationView allocation) {
        return allocation.specVersion() == workload.specVersion();
    }

    private void stopAll(List<AllocationView> allocations, Why why) {
        allocations.forEach(allocation -> stop(allocation, why));
    }

    private void stop(AllocationView allocation, Why why) {
        stop(new Stop(allocation.id(), why, null), allocation);
    }

    private void stopInsteadOf(AllocationView replaced, AllocationView serving) {
        stop(new Stop(replaced.id(), Why.REPLACED, serving.id()), replaced);
    }

    private void stop(Stop stop, AllocationView allocation) {
        stops.add(stop);
        if (!conditions.isLost(allocation.node())) {
            noteEnding(allocation);
        }
        stopping += conditions.isLost(allocation.node()) ? 0 : 1;
    }

    private static List<AllocationId> ids(List<AllocationView> allocations) {
        return allocations.stream().map(AllocationView::id).toList();
    }
}
