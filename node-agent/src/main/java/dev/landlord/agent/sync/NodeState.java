package dev.landlord.agent.sync;

import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.Generation;
import dev.landlord.api.sync.LimitDrift;
import dev.landlord.api.sync.NodeReport.HeldSet;
import dev.landlord.api.sync.ObservedAllocation;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that there is to say about a node at one moment, apart from its facts.
 *
 * @param accepted newest generation in the ledger
 * @param orphans at most {@link #MAX_ORPHANS}
 * @param drifts the newest ones, oldest first; at most {@link LimitDrift#MAX_IN_REPORT}
 */
public record NodeState(
        Generation accepted,
        Map<AllocationId, ObservedAllocation> allocations,
        List<AllocationId> orphans,
        @Nullable HeldSet held,
        List<LimitDrift> drifts) {
    public static final int MAX_ORPHANS = 1_000;

    /** What an agent says that never accepted anything. */
    public static final Generation NOTHING = new Generation("none", 0);

    public static final NodeState EMPTY = new NodeState(NOTHING, Map.of(), List.of(), null, List.of());

    public NodeState {
        allocations = Map.copyOf(allocations);
        orphans = List.copyOf(orphans.subList(0, Math.min(orphans.size(), MAX_ORPHANS)));
        drifts = List.copyOf(drifts);
    }
}
