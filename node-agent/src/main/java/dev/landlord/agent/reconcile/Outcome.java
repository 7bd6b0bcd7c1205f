package dev.landlord.agent.reconcile;

import dev.landlord.agent.diff.AgentAction.OwnerAction;
import dev.landlord.agent.diff.AgentAction.SandboxAction;
import dev.landlord.agent.drift.Drift;
import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.TenantName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What became of work that was handed to the lanes. */
sealed interface Outcome {
    /** @param failure null when all of them were done */
    record OwnerDone(
            TenantName tenant,
            List<OwnerAction> done,
            @Nullable String failure) implements Outcome {}

    /**
     * The actions of one allocation, up to the first that failed.
     *
     * @param failed null when all were done, or when none was tried because the tenant's slice could not be changed
     */
    record AllocationDone(
            AllocationId allocation,
            List<SandboxAction> done,
            @Nullable Failed failed) implements Outcome {}

    /** Limits of a tenant that were changed from outside, and what became of them. */
    record Repaired(TenantName tenant, List<Drift> drifts) implements Outcome {}

    /**
     * The action that failed.
     *
     * @param hopeless true when what was asked for cannot work; false when it is the host that failed
     */
    record Failed(SandboxAction action, String reason, boolean hopeless) {}
}
