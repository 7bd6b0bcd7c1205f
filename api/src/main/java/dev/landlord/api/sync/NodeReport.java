package dev.landlord.api.sync;

import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.Generation;
import dev.landlord.api.node.NodeFacts;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an agent tells the control plane; an empty delta is a heartbeat.
 *
 * @param sequence grows by one per report of one agent process; the reply acknowledges it
 * @param agentRun random id of the agent process, so that a restart can be told from a duplicate
 * @param previousRun the run under which an earlier process with the same state directory was heard last; null if none was.
 *     It shows that this run follows that one, so that it need not wait until that one counts as silent
 * @param complete true: {@code changed} is everything the node has; false: only what changed since the acknowledged report
 * @param accepted newest generation that the agent has in its ledger
 * @param facts only when they changed, and in the first report of a run
 * @param gone allocations of which the host has nothing left
 * @param orphans sandboxes on the host that no desired set names; they are kept
 * @param held a newer set that waits for an operator on the node before it is accepted; absent when nothing waits
 * @param drifts limits found changed since the acknowledged report, at most {@link LimitDrift#MAX_IN_REPORT}; an agent that
 *     does not look leaves them out
 */
public record NodeReport(
        long sequence,
        String agentRun,
        @Nullable String previousRun,
        boolean complete,
        Generation accepted,
        @Nullable NodeFacts facts,
        List<ObservedAllocation> changed,
        List<AllocationId> gone,
        List<AllocationId> orphans,
        @Nullable HeldSet held,
        List<LimitDrift> drifts) {
    @SuppressWarnings("NullAway") // an older agent leaves drifts out
    public NodeReport {
        changed = List.copyOf(changed);
        gone = List.copyOf(gone);
        orphans = List.copyOf(orphans);
        drifts = drifts == null ? List.of() : List.copyOf(drifts);
    }

    /**
     * A set that the agent did not accept on its own: it would stop too much at once, or starts a new incarnation.
     *
     * @param reason what would happen and how to confirm it
     */
    public record HeldSet(Generation generation, String reason) {}
}
