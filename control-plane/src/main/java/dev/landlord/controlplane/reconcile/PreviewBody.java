package dev.landlord.controlplane.reconcile;

import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.NodeName;
import dev.landlord.api.workload.SpecChange;
import dev.landlord.controlplane.scheduler.Decision;
import dev.landlord.controlplane.scheduler.Plan;
import dev.landlord.controlplane.scheduler.Plan.Unplaceable;
import dev.landlord.controlplane.scheduler.Reason;
import dev.landlord.controlplane.scheduler.WorkloadKey;
import dev.landlord.controlplane.web.Wire;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the next pass would do for one workload if it were put. Later passes go on from there: updates go one replica at a
 * time.
 *
 * @param change {@code created}, or how far the change reaches: {@code none}, {@code scale}, {@code live}, {@code rolling}
 * @param fields what is different; if replicas are replaced, only what makes it necessary
 * @param places new allocations, by index
 * @param resizes allocations whose limits change in place
 * @param stops allocations that are stopped
 * @param waits replicas that have no place, or wait for their turn
 * @param truncated the pass had its fill before all was decided
 */
record PreviewBody(
        String change,
        List<String> fields,
        List<Place> places,
        List<AllocationId> resizes,
        List<AllocationId> stops,
        List<Wait> waits,
        boolean truncated) {
    record Place(int index, NodeName node) {}

    /** @param reasons one sentence each */
    record Wait(List<Integer> indexes, String waits, List<String> reasons) {}

    /**
     * Picks out of a plan what concerns the workload.
     *
     * @param change null if there is no such workload yet
     * @param own the workload's allocations
     */
    static PreviewBody of(WorkloadKey workload, @Nullable SpecChange change, Set<AllocationId> own, Plan plan) {
        List<Place> places = new ArrayList<>();
        List<AllocationId> resizes = new ArrayList<>();
        List<AllocationId> stops = new ArrayList<>();
        for (Decision decision : plan.decisions()) {
            if (decision instanceof Decision.Place place && place.workload().equals(workload)) {
                places.add(new Place(place.index(), place.node()));
            } else if (decision instanceof Decision.Resize resize && own.contains(resize.allocation())) {
                resizes.add(resize.allocation());
            } else if (decision instanceof Decision.Stop stop && own.contains(stop.allocation())) {
                stops.add(stop.allocation());
            }
        }
        return new PreviewBody(
                change == null ? "created" : Wire.of(change.kind()),
                change == null ? List.of() : change.fields(),
                places,
                resizes,
                stops,
                waits(workload, plan),
                plan.truncated());
    }

    private static List<Wait> waits(WorkloadKey workload, Plan plan) {
        return plan.unplaceable().stream()
                .filter(waiting -> waiting.workload().equals(workload))
                .map(PreviewBody::told)
                .toList();
    }

    private static Wait told(Unplaceable waiting) {
        List<String> reasons = waiting.reasons().stream().map(Reason::text).toList();
        return new Wait(waiting.indexes(), Wire.of(waiting.waits()), reasons);
    }
}
