package dev.landlord.controlplane.scheduler;

import java.util.List;

/**
 * What one pass decided.
 *
 * @param decisions in the order in which they must be carried out
 * @param unplaceable one entry per workload and set of reasons; every missing replica that is not placed is in one
 * @param truncated the pass reached its bound: plan again at once
 * @param brake whether what was lost is replaced
 */
public record Plan(List<Decision> decisions, List<Unplaceable> unplaceable, boolean truncated, Brake brake) {
    public Plan {
        decisions = List.copyOf(decisions);
        unplaceable = List.copyOf(unplaceable);
    }

    /**
     * The brake on mass loss: a cluster that falls apart looks from here like one that burns.
     *
     * @param engaged so many nodes are missing at once that nothing of them is replaced until an operator says so
     * @param missing nodes that are lost or about to be, without those whose loss was confirmed
     * @param nodes of which they are missing
     */
    public record Brake(boolean engaged, int missing, int nodes) {
        public static final Brake NONE = new Brake(false, 0, 0);
    }

    /** What a replica waits for. */
    public enum Waits {
        /** It has no place, or its node is lost. */
        PLACE,
        /** An allocation of an older version still serves. */
        UPDATE,
        /** It is to leave its node and runs there until it can. */
        MOVE
    }

    /**
     * Replicas that have no place, or whose replacement waits.
     *
     * @param indexes ascending
     */
    public record Unplaceable(WorkloadKey workload, List<Integer> indexes, Waits waits, List<Reason> reasons) {
        public Unplaceable {
            indexes = List.copyOf(indexes);
            reasons = List.copyOf(reasons);
        }
    }
}
