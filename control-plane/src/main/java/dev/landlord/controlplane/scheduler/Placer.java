package dev.landlord.controlplane.scheduler;

import dev.landlord.api.id.TenantName;
import dev.landlord.api.plan.TenantState;
import dev.landlord.controlplane.network.Wiring;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.AllocationView;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.TenantView;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.WorkloadView;
import dev.landlord.controlplane.scheduler.Decision.Place;
import dev.landlord.controlplane.scheduler.Decision.Stop;
import dev.landlord.controlplane.scheduler.Decision.Why;
import dev.landlord.controlplane.scheduler.NodeSearch.Shape;
import dev.landlord.controlplane.scheduler.Plan.Waits;
import dev.landlord.controlplane.scheduler.Reason.NextPass;
import dev.landlord.controlplane.scheduler.Reason.PlanExhausted;
import dev.landlord.controlplane.scheduler.Reason.ReplicaNotRunning;
import dev.landlord.controlplane.scheduler.Reason.Suspended;
import dev.landlord.controlplane.scheduler.Reason.UpdateGoesFirst;
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
    private final Map<WorkloadKey, List<NodeRoom>> siblings = new HashMap<>();
    private final Map<TenantName, List<NodeRoom>> cousins = new HashMap<>();
    private final Map<WorkloadKey, Integer> placedNow = new HashMap<>();
    private final Map<WorkloadKey, Integer> leftOut = new HashMap<>();
    private final PlanDraft draft;

    Placer(NodeSearch search, Map<TenantName, TenantView> tenants, Neighbourhood neighbourhood, PlanDraft draft) {
        this.search = search;
        this.tenants = tenants;
        this.neighbourhood = neighbourhood;
        this.draft = draft;
    }

    /** Books what an allocation that is not gone holds. What is displaced is on its node, but not in the plan. */
    void book(AllocationView allocation, boolean reclaimed) {
        TenantName tenant = allocation.workload().tenant();
        NodeRoom room = search.room(allocation.node());
        if (room != null) {
            take(allocation.workload(), room, allocation.holds(), allocation.wiring());
        }
        if (!allocation.displaced() || reclaimed) {
            used.merge(tenant, allocation.holds(), Amounts::plus);
        }
    }

    void place(ReplicaDiff diff, int index) {
        WorkloadView workload = diff.workload;
        List<Reason> reasons = tryToAdd(diff, index, diff.displacedAt(index));
        if (reasons == null) {
            placedNow.putIfAbsent(workload.key(), index);
        } else {
            leftOut.putIfAbsent(workload.key(), index);
            draft.unplaceable(workload.key(), index, Waits.PLACE, reasons);
        }
    }

    /** One step of an update: the next replica of an old version gets its successor, beside it if there is room. */
    void replaceNext(ReplicaDiff diff) {
        AllocationView next = diff.old.getFirst();
        Reason massLoss = diff.massLoss(next.index());
        Reason waits = massLoss == null ? waits(diff) : massLoss;
        List<Reason> reasons =
                waits != null ? List.of(waits) : tryToAdd(diff, next.index(), diff.displacedAt(next.index()));
        int done = 0;
        if (reasons == null) {
            done = 1;
            reasons = List.of(new ReplicaNotRunning(next.index(), null, false));
        } else if (waits == null) {
            reasons = makeRoom(diff, next, reasons);
        }
        for (AllocationView old : diff.old.subList(done, diff.old.size())) {
            draft.unplaceable(diff.workload.key(), old.index(), Waits.UPDATE, reasons);
        }
    }

    private @Nullable Reason waits(ReplicaDiff diff) {
        if (isSuspended(diff.workload)) {
            return new Suspended();
        }
        Integer placed = placedNow.get(diff.workload.key());
        return placed != null ? new ReplicaNotRunning(placed, null, false) : diff.unrest();
    }

    /** What does not serve leaves its node at once; what serves leaves one by one, while everything else is well. */
    void moveNext(ReplicaDiff diff) {
        for (AllocationView allocation : diff.leaving) {
            Reason waits = diff.hasArrived(allocation) ? waitsToMove(diff) : null;
            List<Reason> reasons =
                    waits != null ? List.of(waits) : tryToAdd(diff, allocation.index(), List.of(allocation));
            if (reasons == null) {
                placedNow.putIfAbsent(diff.workload.key(), allocation.index());
            } else {
                draft.unplaceable(diff.workload.key(), allocation.index(), Waits.MOVE, reasons);
            }
        }
    }

    private @Nullable Reason waitsToMove(ReplicaDiff diff) {
        Reason waits = waits(diff);
        return waits == null && !diff.old.isEmpty() ? new UpdateGoesFirst() : waits;
    }

    /** Stops an old replica whose successor has no room beside it but would have its room; answers why others wait. */
    private List<Reason> makeRoom(ReplicaDiff diff, AllocationView old, List<Reason> noRoom) {
        WorkloadView workload = diff.workload;
        if (isSuspended(workload) || !planHolds(workload, old.holds()) || !fitsAfter(old, workload)) {
            return noRoom;
        }
        Integer homeless = leftOut.get(workload.key());
        if (homeless != null && old.seen().running()) {
            List<Reason> reasons = new ArrayList<>(noRoom);
            reasons.add(new WouldLoseAnother(homeless));
            return reasons;
        }
        if (!draft.add(new Stop(old.id(), Why.MAKES_ROOM))) {
            return List.of(new NextPass());
        }
        return List.of(new Reason.StillStopping(1));
    }

    /** Null when it was placed. */
    private @Nullable List<Reason> tryToAdd(ReplicaDiff diff, int index, List<AllocationView> displaced) {
        WorkloadView workload = diff.workload;
        if (isSuspended(workload)) {
            return List.of(new Suspended());
        }
        if (!diff.mayAdd()) {
            return List.of(diff.stillStopping());
        }
        Amounts released = displaced.stream().map(AllocationView::holds).reduce(Amounts.ZERO, Amounts::plus);
        if (!planHolds(workload, released)) {
            return List.of(new PlanExhausted(
                    workload.needs().lackingIn(planRoom(workload).plus(released))));
        }
        return switch (find(workload)) {
            case NodeSearch.Found.Nothing nothing -> nothing.reasons();
            case NodeSearch.Found.Node node -> addOn(node.room(), diff, index, displaced);
        };
    }

    private @Nullable List<Reason> addOn(NodeRoom room, ReplicaDiff diff, int index, List<AllocationView> displaced) {
        WorkloadView workload = diff.workload;
        int seed = 31 * workload.key().toString().hashCode() + index;
        Wiring wiring = room.wirings.choose(workload.network(), seed);
        Place place = new Place(
                workload.key(),
                index,
                room.view.name(),
                workload.specVersion(),
                workload.restartCounter(),
                wiring,
                displaced.stream().map(AllocationView::id).toList());
        if (!draft.add(place)) {
            return List.of(new NextPass());
        }
        TenantName tenant = workload.key().tenant();
        take(workload.key(), room, workload.needs(), wiring);
        used.merge(tenant, workload.needs(), Amounts::plus);
        displaced.forEach(allocation -> used.merge(tenant, Amounts.ZERO.minus(allocation.holds()), Amounts::plus));
        diff.added(displaced);
        return null;
    }

    private NodeSearch.Found find(WorkloadView workload) {
        Shape shape = shape(workload);
        List<Reason> known = search.hopeless(shape);
        if (known != null) {
            return new NodeSearch.Found.Nothing(known);
        }
        List<List<NodeRoom>> marked = mark(workload);
        try {
            return search.find(shape);
        } finally {
            marked.forEach(rooms -> rooms.forEach(NodeRoom::clearMarks));
        }
    }

    private boolean fitsAfter(AllocationView old, WorkloadView workload) {
        List<List<NodeRoom>> marked = mark(workload);
        try {
            return search.fitsAfter(old, shape(workload));
        } finally {
            marked.forEach(rooms -> rooms.forEach(NodeRoom::clearMarks));
        }
    }

    private Shape shape(WorkloadView workload) {
        return new Shape(
                workload.needs(),
                workload.image(),
                workload.network(),
                neighbourhood.of(workload.key().tenant()));
    }

    /** Tells the rooms what they are to the workload; costs as much as there are allocations of its tenant and foes. */
    private List<List<NodeRoom>> mark(WorkloadView workload) {
        TenantName tenant = workload.key().tenant();
        List<NodeRoom> own = siblings.getOrDefault(workload.key(), List.of());
        own.forEach(NodeRoom::addSibling);
        List<NodeRoom> family = cousins.getOrDefault(tenant, List.of());
        family.forEach(NodeRoom::addCousin);
        List<List<NodeRoom>> marked = new ArrayList<>(List.of(own, family));
        for (TenantName avoided : neighbourhood.of(tenant).avoided()) {
            List<NodeRoom> foes = cousins.getOrDefault(avoided, List.of());
            foes.forEach(NodeRoom::markTaboo);
            marked.add(foes);
        }
        return marked;
    }

    private void take(WorkloadKey workload, NodeRoom room, Amounts needs, Wiring wiring) {
        TenantName tenant = workload.tenant();
        room.take(needs, wiring, neighbourhood.of(tenant).trustClass());
        siblings.computeIfAbsent(workload, key -> new ArrayList<>()).add(room);
        cousins.computeIfAbsent(tenant, key -> new ArrayList<>()).add(room);
    }

    private boolean planHolds(WorkloadView workload, Amounts released) {
        return workload.needs().fitsIn(planRoom(workload).plus(released));
    }

    private Amounts planRoom(WorkloadView workload) {
        TenantName name = workload.key().tenant();
        return tenant(workload).plan().minus(used.getOrDefault(name, Amounts.ZERO));
    }

    private boolean isSuspended(WorkloadView workload) {
        return tenant(workload).state() == TenantState.SUSPENDED;
    }

    private TenantView tenant(WorkloadView workload) {
        TenantView tenant = tenants.get(workload.key().tenant());
        if (tenant == null) {
            throw new IllegalArgumentException("workload " + workload.key() + " has no tenant in the snapshot");
        }
        return tenant;
    }
}
