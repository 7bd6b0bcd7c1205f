package dev.landlord.controlplane.scheduler;

import dev.landlord.api.id.TenantName;
import dev.landlord.api.plan.TenantState;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.AllocationView;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.TenantView;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.WorkloadView;
import dev.landlord.controlplane.scheduler.Decision.Place;
import dev.landlord.controlplane.scheduler.Decision.Stop;
import dev.landlord.controlplane.scheduler.Decision.Why;
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

/** Finds places for what is missing, then lets updates go one step further; keeps the books of nodes and plans. */
final class Placer {
    private final NodeSearch search;
    private final Map<TenantName, TenantView> tenants;
    private final Map<TenantName, Amounts> used = new HashMap<>();
    private final Map<WorkloadKey, List<NodeRoom>> siblings = new HashMap<>();
    private final Map<WorkloadKey, Integer> placedNow = new HashMap<>();
    private final Map<WorkloadKey, Integer> leftOut = new HashMap<>();
    private final PlanDraft draft;

    Placer(NodeSearch search, Map<TenantName, TenantView> tenants, PlanDraft draft) {
        this.search = search;
        this.tenants = tenants;
        this.draft = draft;
    }

    /** Books what an allocation that is not gone holds. */
    void book(AllocationView allocation) {
        NodeRoom room = search.room(allocation.node());
        if (room != null) {
            take(allocation.workload(), room, allocation.holds());
        } else {
            used.merge(allocation.workload().tenant(), allocation.holds(), Amounts::plus);
        }
    }

    void place(ReplicaDiff diff, int index) {
        WorkloadView workload = diff.workload;
        List<Reason> reasons = tryToAdd(diff, index);
        if (reasons == null) {
            placedNow.putIfAbsent(workload.key(), index);
        } else {
            leftOut.putIfAbsent(workload.key(), index);
            draft.unplaceable(workload.key(), index, false, reasons);
        }
    }

    /** One step of an update: the next replica of an old version gets its successor, beside it if there is room. */
    void replaceNext(ReplicaDiff diff) {
        AllocationView next = diff.old.getFirst();
        Reason waits = waits(diff);
        List<Reason> reasons = waits != null ? List.of(waits) : tryToAdd(diff, next.index());
        int done = 0;
        if (reasons == null) {
            done = 1;
            reasons = List.of(new ReplicaNotRunning(next.index(), null));
        } else if (waits == null) {
            reasons = makeRoom(diff, next, reasons);
        }
        for (AllocationView old : diff.old.subList(done, diff.old.size())) {
            draft.unplaceable(diff.workload.key(), old.index(), true, reasons);
        }
    }

    private @Nullable Reason waits(ReplicaDiff diff) {
        if (isSuspended(diff.workload)) {
            return new Suspended();
        }
        Integer placed = placedNow.get(diff.workload.key());
        return placed != null ? new ReplicaNotRunning(placed, null) : diff.unrest();
    }

    /** Stops an old replica whose successor has no room beside it but would have its room; answers why others wait. */
    private List<Reason> makeRoom(ReplicaDiff diff, AllocationView old, List<Reason> noRoom) {
        WorkloadView workload = diff.workload;
        if (isSuspended(workload)
                || !planHolds(workload, old.holds())
                || !search.fitsAfter(old.node(), old.holds(), workload.needs(), workload.image())) {
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
    private @Nullable List<Reason> tryToAdd(ReplicaDiff diff, int index) {
        WorkloadView workload = diff.workload;
        if (isSuspended(workload)) {
            return List.of(new Suspended());
        }
        if (!diff.mayAdd()) {
            return List.of(diff.stillStopping());
        }
        if (!planHolds(workload, Amounts.ZERO)) {
            return List.of(new PlanExhausted(workload.needs().lackingIn(planRoom(workload))));
        }
        return switch (find(workload)) {
            case NodeSearch.Found.Nothing nothing -> nothing.reasons();
            case NodeSearch.Found.Node node -> addOn(node.room(), diff, index);
        };
    }

    private @Nullable List<Reason> addOn(NodeRoom room, ReplicaDiff diff, int index) {
        WorkloadView workload = diff.workload;
        Place place =
                new Place(workload.key(), index, room.view.name(), workload.specVersion(), workload.restartCounter());
        if (!draft.add(place)) {
            return List.of(new NextPass());
        }
        take(workload.key(), room, workload.needs());
        diff.added();
        return null;
    }

    private NodeSearch.Found find(WorkloadView workload) {
        List<NodeRoom> have = siblings.getOrDefault(workload.key(), List.of());
        have.forEach(NodeRoom::addSibling);
        try {
            return search.find(workload.needs(), workload.image());
        } finally {
            have.forEach(NodeRoom::clearSiblings);
        }
    }

    private void take(WorkloadKey workload, NodeRoom room, Amounts needs) {
        room.take(needs);
        used.merge(workload.tenant(), needs, Amounts::plus);
        siblings.computeIfAbsent(workload, key -> new ArrayList<>()).add(room);
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
