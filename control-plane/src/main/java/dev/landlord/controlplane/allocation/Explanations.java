package dev.landlord.controlplane.allocation;

import dev.landlord.controlplane.scheduler.Plan;
import dev.landlord.controlplane.scheduler.Plan.Unplaceable;
import dev.landlord.controlplane.scheduler.Plan.Waits;
import dev.landlord.controlplane.scheduler.Reason;
import dev.landlord.controlplane.scheduler.WorkloadKey;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** What the last pass said of the replicas that it did not place or replace. Thread-safe. */
@Component
public final class Explanations {
    private static final int SENTENCES_MAX = 20;

    private volatile Map<WorkloadKey, List<Unplaceable>> byWorkload = Map.of();

    /** Replaces what was known. */
    public void learn(Plan plan) {
        byWorkload = plan.unplaceable().stream().collect(Collectors.groupingBy(Unplaceable::workload));
    }

    /** Why replicas wait for what, one sentence each. */
    List<String> waiting(WorkloadKey workload, Waits waits) {
        return byWorkload.getOrDefault(workload, List.of()).stream()
                .filter(waiting -> waiting.waits() == waits)
                .flatMap(waiting -> waiting.reasons().stream())
                .map(Reason::text)
                .distinct()
                .limit(SENTENCES_MAX)
                .toList();
    }

    /** Replicas that have no place. */
    public int pending() {
        return byWorkload.values().stream()
                .flatMap(List::stream)
                .filter(waiting -> waiting.waits() == Waits.PLACE)
                .mapToInt(waiting -> waiting.indexes().size())
                .sum();
    }
}
