package dev.landlord.controlplane.scheduler;

import dev.landlord.controlplane.scheduler.Plan.Unplaceable;
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

    private record Waiting(WorkloadKey workload, boolean replacement, List<Reason> reasons) {}

    PlanDraft(int maxBatch) {
        this.maxBatch = maxBatch;
    }

    /** False when the bound is reached and nothing was added. */
    boolean add(Decision decision) {
        boolean adds = decision instanceof Decision.Place || decision instanceof Decision.Restart;
        List<Decision> half = adds ? adding : clearing;
        if (half.size() >= maxBatch) {
            truncated = true;
            return false;
        }
        half.add(decision);
        return true;
    }

    void unplaceable(WorkloadKey workload, int index, boolean replacement, List<Reason> reasons) {
        waiting.computeIfAbsent(new Waiting(workload, replacement, reasons), key -> new ArrayList<>())
                .add(index);
    }

    Plan finish() {
        List<Decision> decisions = new ArrayList<>(clearing);
        decisions.addAll(adding);
        List<Unplaceable> unplaceable = waiting.entrySet().stream()
                .map(entry -> new Unplaceable(
                        entry.getKey().workload,
                        entry.getValue().stream().sorted().toList(),
                        entry.getKey().replacement,
                        entry.getKey().reasons))
                .toList();
        return new Plan(decisions, unplaceable, truncated);
    }
}
