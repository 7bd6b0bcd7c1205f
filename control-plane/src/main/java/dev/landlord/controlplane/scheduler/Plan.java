package dev.landlord.controlplane.scheduler;

import java.util.List;

/**
 * What one pass decided.
 *
 * @param decisions in the order in which they must be carried out
 * @param unplaceable one entry per workload and set of reasons; every missing replica that is not placed is in one
 * @param truncated the pass reached its bound: plan again at once
 */
public record Plan(List<Decision> decisions, List<Unplaceable> unplaceable, boolean truncated) {
    public Plan {
        decisions = List.copyOf(decisions);
        unplaceable = List.copyOf(unplaceable);
    }

    /**
     * Replicas that have no place, or whose replacement waits.
     *
     * @param indexes ascending
     * @param replacement true: an allocation of an older version still serves each index
     */
    public record Unplaceable(WorkloadKey workload, List<Integer> indexes, boolean replacement, List<Reason> reasons) {
        public Unplaceable {
            indexes = List.copyOf(indexes);
            reasons = List.copyOf(reasons);
        }
    }
}
