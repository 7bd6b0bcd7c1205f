package dev.landlord.agent.sync;

import dev.landlord.api.id.AllocationId;
import dev.landlord.api.node.NodeFacts;
import dev.landlord.api.sync.LimitDrift;
import dev.landlord.api.sync.NodeReport;
import dev.landlord.api.sync.ObservedAllocation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Numbers the reports of one agent process, and leaves out of each what the control plane has acknowledged. A lost report is
 * not repeated: the next one says all that changed since the last acknowledged. For one thread.
 */
final class ReportDelta {
    private final AgentRun run;
    private long sequence;
    private @Nullable NodeState knownState;
    private @Nullable NodeFacts knownFacts;
    /** Kept when the control plane forgets: what was told of the past is not news again. */
    private List<LimitDrift> toldDrifts = List.of();

    ReportDelta(AgentRun run) {
        this.run = run;
    }

    NodeReport next(NodeState state, NodeFacts facts) {
        sequence++;
        Map<AllocationId, ObservedAllocation> known = knownState == null ? Map.of() : knownState.allocations();
        List<ObservedAllocation> changed = new ArrayList<>();
        state.allocations().forEach((id, observed) -> {
            if (!observed.equals(known.get(id))) {
                changed.add(observed);
            }
        });
        changed.sort(Comparator.comparing(observed -> observed.allocation().value()));
        List<AllocationId> gone = known.keySet().stream()
                .filter(id -> !state.allocations().containsKey(id))
                .sorted(Comparator.comparing(AllocationId::value))
                .toList();
        return new NodeReport(
                sequence,
                run.current(),
                run.previous(),
                knownState == null,
                state.accepted(),
                facts.equals(knownFacts) ? null : facts,
                changed,
                gone,
                state.orphans(),
                state.held(),
                state.drifts().stream()
                        .filter(drift -> !toldDrifts.contains(drift))
                        .toList());
    }

    /** The control plane took the report that was made of these. */
    void acknowledged(NodeState state, NodeFacts facts) {
        knownState = state;
        toldDrifts = state.drifts();
        knownFacts = facts;
        run.heard();
    }

    /** The control plane has forgotten what it knew: the next report is complete. */
    void startOver() {
        knownState = null;
        knownFacts = null;
    }
}
