package dev.landlord.controlplane.scheduler;

import dev.landlord.controlplane.scheduler.Plan.Brake;
import dev.landlord.controlplane.scheduler.Plan.Unplaceable;
import dev.landlord.controlplane.scheduler.Plan.Waits;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The plan while it is made. Clearing away and adding have a bound each, so that one tenant who deletes a great deal
 * does not keep others from being placed.
 */
final class PlanDraft {
    private final int maxBatch;
    private final List<Decision> clearing = new ArrayList<>();
    private final List<Decision> adding = new ArrayList<>();
    private final Map<Waiting, List<Integer>> waiting = new LinkedHashMap<>();
    private boolean truncated;

    private record Waiting(WorkloadKey workload, Waits waits, List<Reason> reasons) {
        /** Without the reasons: of one workload they are few, and long. */
        @Override
        public int hashCode() {
            return 31 * workload.hashCode() + waits.hashCode();
        }
    }

    PlanDraft(int maxBatch) {
        this.maxBatch = maxBatch;
    }

    /** False when the bound is reached and nothing was added. */
    boolean add(Decision decision) {
        boolean adds = decision instanceof Decision.Place || decision instanceof Decision.Restart;
        List<Decision> half = adds ? adding : clearing;
        if (isFull(half)) {
            return false;
        }
        half.add(decision);
        return true;
    }

    /** Whether this pass adds nothing more, so that looking for a place is in vain. */
    boolean isFull() {
        return isFull(adding);
    }

    private boolean isFull(List<Decision> half) {
        boolean full = half.size() >= maxBatch;
        truncated |= full;
        return full;
    }

    void unplaceable(WorkloadKey workload, int index, Waits waits, List<Reason> reasons) {
        waiting.computeIfAbsent(new Waiting(workload, waits, reasons), key -> new ArrayList<>())
                .add(index);
    }

    Plan finish(Brake brake) {
        List<Decision> decisions = new ArrayList<>(clearing);
        decisions.addAll(adding);
        List<Unplaceable> unplaceable = waiting.entrySet().stream()
                .map(entry -> new Unplaceable(
                        entry.getKey().workload,
                        entry.getValue().stream().sorted().toList(),
                        entry.getKey().waits,
                        entry.getKey().reasons))
                .toList();
        return new Plan(decisions, unplaceable, truncated, brake);
    }
}
