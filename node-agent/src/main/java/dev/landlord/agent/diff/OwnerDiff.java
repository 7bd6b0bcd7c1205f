package dev.landlord.agent.diff;

import dev.landlord.agent.diff.AgentAction.ForgetOwner;
import dev.landlord.agent.diff.AgentAction.FreezeOwner;
import dev.landlord.agent.diff.AgentAction.LimitOwner;
import dev.landlord.agent.diff.AgentAction.ThawOwner;
import dev.landlord.api.id.TenantName;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decides about one tenant's slice: the sum of what the tenant may use here, and whether it is frozen. */
final class OwnerDiff {
    private @Nullable ResourceLimits total;
    private boolean present;
    private boolean orphaned;

    /**
     * Counts one allocation.
     *
     * @param wanted its limits if it is to run, else null
     * @param held the limits that its sandbox has now, else null
     */
    void add(@Nullable ResourceLimits wanted, @Nullable ResourceLimits held) {
        present = true;
        ResourceLimits limits = wanted == null ? held : held == null ? wanted : wanted.atLeast(held);
        if (limits != null) {
            total = total == null ? limits : total.plus(limits);
        }
    }

    /** Counts a sandbox whose limits nobody remembers. */
    void addOrphan() {
        present = true;
        orphaned = true;
    }

    List<AgentAction> decide(TenantName tenant, @Nullable OwnerState state, boolean frozenWanted) {
        List<AgentAction> actions = new ArrayList<>();
        if (!present) {
            if (state != null) {
                actions.add(new ForgetOwner(tenant));
            }
            return actions;
        }
        ResourceLimits limits = limits(state);
        if (limits != null && (state == null || !limits.equals(state.limits()))) {
            actions.add(new LimitOwner(tenant, limits));
        }
        boolean sliceExists = limits != null || (state != null && state.limits() != null);
        // A tenant without a state has no slice yet, and a new slice is not frozen.
        Boolean frozen = state == null ? Boolean.FALSE : state.frozen();
        if (sliceExists && (frozen == null || frozen != frozenWanted)) {
            actions.add(frozenWanted ? new FreezeOwner(tenant) : new ThawOwner(tenant));
        }
        return actions;
    }

    /** An orphan's share is unknown, so a slice that holds one is never made smaller. */
    private @Nullable ResourceLimits limits(@Nullable OwnerState state) {
        if (!orphaned || total == null) {
            return total;
        }
        ResourceLimits before = state == null ? null : state.limits();
        return before == null ? null : total.atLeast(before);
    }
}
