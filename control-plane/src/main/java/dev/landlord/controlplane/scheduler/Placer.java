package dev.landlord.controlplane.scheduler;

import dev.landlord.api.id.TenantName;
import dev.landlord.api.plan.TenantState;
import dev.landlord.controlplane.network.Wiring;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.AllocationView;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.Ask;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.TenantView;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.WorkloadView;
import dev.landlord.controlplane.scheduler.Decision.Place;
import dev.landlord.controlplane.scheduler.Decision.Resize;
import dev.landlord.controlplane.scheduler.Decision.Stop;
import dev.landlord.controlplane.scheduler.Decision.Why;
import dev.landlord.controlplane.scheduler.NodeSearch.Shape;
import dev.landlord.controlplane.scheduler.Plan.Waits;
import dev.landlord.controlplane.scheduler.Reason.NextPass;
import dev.landlord.controlplane.scheduler.Reason.PlanExhausted;
import dev.landlord.controlplane.scheduler.Reason.ReplicaNotRunning;
import dev.landlord.controlplane.scheduler.Reason.Suspended;
import dev.landlord.controlplane.scheduler.Reason.WouldLoseAnother;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds places for what is missing, then lets updates and moves go one step further; keeps the books of nodes and plans. */
final class Placer {
    private final NodeSearch search;
    private final Map<TenantName, TenantView> tenants;
    private final Neighbourhood neighbourhood;
    private final Map<TenantName, Amounts> used = new HashMap<>();
    private final Map<WorkloadKey, Integer> placedNow = new HashMap<>();
    private final Map<WorkloadKey, Integer> leftOut = new HashMap<>();
    private final PlanDraft draft;

    Placer(NodeSearch search, Map<TenantName, TenantView> tenants, Neighbourhood neighbourhood, PlanDraft draft) {
        this.search = search;
        this.tenants = tenants;
        this.neighbourhood = neighbourhood;
        this.draft = draft;
    }

    /**
     * Books what an allocation that is not gone holds. What is displaced is on its node, but not in the plan; nor is what its
     * node still has to take from it, or the word of a node could use up a plan.
     */
    void book(AllocationView allocation, boolean reclaimed) {
        TenantName tenant = allocation.workload().tenant();
        NodeRoom room = search.room(allocation.node());
        if (room != null) {
            take(allocation.workload(), room, allocation.holds(), allocation.wiring());
        }
        if (!allocation.displaced() || reclaimed) {
            used.merge(tenant, allocation.ask().needs(), Amounts::plus);
        }
    }

    /**
     * A replica that is to be placed.
     *
     * @param displaced whose place it takes
     */
    private record Replica(
            ReplicaDiff diff,
            int index,
            Ask ask,
            long specVersion,
            long restartCounter,
            List<AllocationView> displaced) {
        /** The newest version. */
        static Replica of(ReplicaDiff diff, int index) {
            WorkloadView workload = diff.workload;
            return new Replica(
                    diff,
                    index,
                    workload.ask(),
                    workload.specVersion(),
                    workload.restartCounter(),
                    diff.displacedAt(index));
        }

        /** The same again elsewhere, of whatever version it is. */
        static Replica moved(ReplicaDiff diff, AllocationView allocation) {
            return new Replica(
                    diff,
                    allocation.index(),
                    allocation.ask(),
                    allocation.specVersion(),
                    allocation.restartCounter(),
                    List.of(allocation));
        }

        WorkloadKey workload() {
            return diff.workload.key();
        }

        /** What is given back to the plan with those whose place it takes. */
        Amounts released() {
            return displaced.stream()
                    .map(allocation -> allocation.ask().needs())
                    .reduce(Amounts.ZERO, Amounts::plus);
        }
    }

    void place(ReplicaDiff diff, int index) {
        WorkloadView workload = diff.workload;
        List<Reason> reasons = tryToAdd(Replica.of(diff, index));
        if (reasons == null) {
            placedNow.putIfAbsent(workload.key(), index);
        } else {
            leftOut.putIfAbsent(workload.key(), index);
            draft.unplaceable(workload.key(), index, Waits.PLACE, reasons);
        }
    }

    /**
     * Changes limits in place wherever the node and the plan have room; what is left of the old ones is to be replaced. Comes
     * before anything is placed.
     */
    void resize(ReplicaDiff diff) {
        for (AllocationView old : List.copyOf(diff.old)) {
            NodeRoom room = search.room(old.node());
            if (old.resizable() && room != null && canResize(diff, old, room)) {
                if (!draft.add(new Resize(old.id(), diff.workload.specVersion()))) {
                    return;
                }
                Amounts needs = diff.workload.ask().needs();
                room.grow(increase(old.holds(), needs));
                used.merge(diff.workload.key().tenant(), needs.minus(old.ask().needs()), Amounts::plus);
                diff.old.remove(old);
            }
        }
    }

    /** Where one of the newest version is lost, that one counts until another takes its place. */
    private boolean canResize(ReplicaDiff diff, AllocationView old, NodeRoom room) {
        Amounts needs = diff.workload.ask().needs();
        return !isSuspended(diff.workload.key())
                && diff.displacedAt(old.index()).isEmpty()
                && fits(increase(old.ask().needs(), needs), planRoom(diff.workload.key()))
                && fits(increase(old.holds(), needs), room.free());
    }

    /** How much more it is, where it is more. What is given back, its node still has to take from the replica. */
    private static Amounts increase(Amounts before, Amounts after) {
        return after.max(before).minus(before);
    }

    /** Where nothing more is asked for it fits also in what is overfull. */
    private static boolean fits(Amounts increase, Amounts room) {
        return increase.fitsIn(room.max(Amounts.ZERO));
    }

    /** One step of an update: the next replica of an old version gets its successor, beside it if there is room. */
    void replaceNext(ReplicaDiff diff) {
        AllocationView next = diff.old.getFirst();
        Reason massLoss = diff.massLoss(next.index());
        Reason waits = massLoss == null ? waits(diff) : massLoss;
        List<Reason> reasons = waits != null ? List.of(waits) : tryToAddBeside(diff, next);
        int done = 0;
        if (reasons == null) {
            done = 1;
            diff.goes(next);
            reasons = List.of(new ReplicaNotRunning(next.index(), null, false));
        } else if (waits == null) {
            reasons = makeRoom(diff, next, reasons);
        }
        for (AllocationView old : diff.old.subList(done, diff.old.size())) {
            draft.unplaceable(diff.workload.key(), old.index(), Waits.UPDATE, reasons);
        }
    }

    /** Null when it was placed; never beside one that must be alone. */
    private @Nullable List<Reason> tryToAddBeside(ReplicaDiff diff, AllocationView old) {
        WorkloadView workload = diff.workload;
        if (!old.ask().mustBeAlone() && !workload.ask().mustBeAlone()) {
            return tryToAdd(Replica.of(diff, old.index()));
        }
        return find(workload.key(), workload.ask()) instanceof NodeSearch.Found.Nothing nothing
                ? nothing.reasons()
                : List.of(diff.stillStopping());
    }

    private @Nullable Reason waits(ReplicaDiff diff) {
        if (isSuspended(diff.workload.key())) {
            return new Suspended();
        }
        Integer placed = placedNow.get(diff.workload.key());
        return placed != null ? new ReplicaNotRunning(placed, null, false) : diff.unrest();
    }

    /**
     * What does not serve leaves its node at once; what serves leaves one by one. A move keeps the version, and what it
     * moves runs on until the other serves, so it need not wait for an update, which may never end.
     */
    void moveNext(ReplicaDiff diff) {
        for (AllocationView allocation : List.copyOf(diff.leaving)) {
            Reason waits = diff.served(allocation) ? waitsToMove(diff) : null;
            List<Reason> reasons = waits != null ? List.of(waits) : tryToMove(diff, allocation);
            if (reasons == null) {
                placedNow.putIfAbsent(diff.workload.key(), allocation.index());
            } else {
                draft.unplaceable(diff.workload.key(), allocation.index(), Waits.MOVE, reasons);
            }
        }
    }

    /** Null when another was placed, which it runs on beside until that one serves. */
    private @Nullable List<Reason> tryToMove(ReplicaDiff diff, AllocationView allocation) {
        return allocation.ask().mustBeAlone() ? makeWay(diff, allocation) : tryToAdd(Replica.moved(diff, allocation));
    }

    /** Stops one that must be alone, if there is a place for its successor; answers why that is not there yet. */
    private List<Reason> makeWay(ReplicaDiff diff, AllocationView allocation) {
        WorkloadKey workload = diff.workload.key();
        if (isSuspended(workload)) {
            return List.of(new Suspended());
        }
        if (find(workload, allocation.ask()) instanceof NodeSearch.Found.Nothing nothing) {
            return nothing.reasons();
        }
        if (!draft.add(new Stop(allocation.id(), Why.MAKES_WAY, null))) {
            return List.of(new NextPass());
        }
        diff.madeRoom(allocation);
        return List.of(diff.stillStopping());
    }

    private @Nullable Reason waitsToMove(ReplicaDiff diff) {
        Integer placed = placedNow.get(diff.workload.key());
        return placed != null ? new ReplicaNotRunning(placed, null, false) : diff.unfinishedMove();
    }

    /** Stops an old replica whose successor has no room beside it but would have its room; answers why others wait. */
    private List<Reason> makeRoom(ReplicaDiff diff, AllocationView old, List<Reason> noRoom) {
        WorkloadView workload = diff.workload;
        if (draft.isFull()
                || !planHolds(workload.key(), workload.ask().needs(), old.ask().needs())
                || !hasRoomAfter(old, workload)) {
            return noRoom;
        }
        Integer homeless = leftOut.get(workload.key());
        if (homeless != null && old.seen().running()) {
            List<Reason> reasons = new ArrayList<>(noRoom);
            reasons.add(new WouldLoseAnother(homeless));
            return reasons;
        }
        if (!draft.add(new Stop(old.id(), Why.MAKES_ROOM, null))) {
            return List.of(new NextPass());
        }
        diff.madeRoom(old);
        return List.of(diff.stillStopping());
    }

    /** Null when it was placed. */
    private @Nullable List<Reason> tryToAdd(Replica replica) {
        Reason notNow = notNow(replica);
        if (notNow != null) {
            return List.of(notNow);
        }
        return switch (find(replica.workload(), replica.ask)) {
            case NodeSearch.Found.Nothing nothing -> nothing.reasons();
            case NodeSearch.Found.Node node -> {
                addOn(node.room(), replica);
                yield null;
            }
        };
    }

    /** Why no node is looked for at all. */
    private @Nullable Reason notNow(Replica replica) {
        Amounts needs = replica.ask.needs();
        Amounts released = replica.released();
        if (isSuspended(replica.workload())) {
            return new Suspended();
        }
        if (!replica.diff.mayAdd(replica.displaced) || replica.diff.waitsForEnd(replica.index)) {
            return replica.diff.stillStopping();
        }
        if (!planHolds(replica.workload(), needs, released)) {
            return new PlanExhausted(
                    needs.lackingIn(planRoom(replica.workload()).plus(released)));
        }
        return draft.isFull() ? new NextPass() : null;
    }

    private void addOn(NodeRoom room, Replica replica) {
        WorkloadKey workload = replica.workload();
        int seed = 31 * workload.toString().hashCode() + replica.index;
        Wiring wiring = room.wirings.choose(replica.ask.network(), seed);
        draft.add(new Place(
                workload,
                replica.index,
                room.view.name(),
                replica.specVersion,
                replica.restartCounter,
                wiring,
                replica.displaced.stream().map(AllocationView::id).toList()));
        take(workload, room, replica.ask.needs(), wiring);
        used.merge(workload.tenant(), replica.ask.needs().minus(replica.released()), Amounts::plus);
        replica.diff.added(replica.displaced);
    }

    private NodeSearch.Found find(WorkloadKey workload, Ask ask) {
        return search.find(workload, shape(workload, ask));
    }

    /** Whether the newest version has a place when the old replica is gone: where that was, or already somewhere else. */
    private boolean hasRoomAfter(AllocationView old, WorkloadView workload) {
        return search.fitsAfter(old, shape(workload.key(), workload.ask()))
                || find(workload.key(), workload.ask()) instanceof NodeSearch.Found.Node;
    }

    private Shape shape(WorkloadKey workload, Ask ask) {
        return new Shape(ask, neighbourhood.of(workload.tenant()));
    }

    private void take(WorkloadKey workload, NodeRoom room, Amounts needs, Wiring wiring) {
        search.take(
                room,
                workload,
                needs,
                wiring,
                neighbourhood.of(workload.tenant()).trustClass());
    }

    private boolean planHolds(WorkloadKey workload, Amounts needs, Amounts released) {
        return needs.fitsIn(planRoom(workload).plus(released));
    }

    private Amounts planRoom(WorkloadKey workload) {
        return tenant(workload).plan().minus(used.getOrDefault(workload.tenant(), Amounts.ZERO));
    }

    private boolean isSuspended(WorkloadKey workload) {
        return tenant(workload).state() == TenantState.SUSPENDED;
    }

    private TenantView tenant(WorkloadKey workload) {
        TenantView tenant = tenants.get(workload.tenant());
        if (tenant == null) {
            throw new IllegalArgumentException("workload " + workload + " has no tenant in the snapshot");
        }
        return tenant;
    }
}
