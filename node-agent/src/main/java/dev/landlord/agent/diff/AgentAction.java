package dev.landlord.agent.diff;

import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.sync.Assignment;
import org.jspecify.annotations.Nullable;

/** One thing to do, as data. Those of one allocation are to be done in the order of the list. */
public sealed interface AgentAction {
    /** Changes what is remembered; to be durable before any other action of the list is begun. */
    sealed interface LedgerAction extends AgentAction {
        AllocationId allocation();
    }

    /** Changes a tenant's slice; to be done before the tenant's sandboxes are touched. */
    sealed interface OwnerAction extends AgentAction {
        TenantName tenant();
    }

    /** Changes one sandbox. */
    sealed interface SandboxAction extends AgentAction {
        AllocationId allocation();

        TenantName tenant();
    }

    record Remember(AllocationRecord record) implements LedgerAction {
        @Override
        public AllocationId allocation() {
            return record.allocation();
        }
    }

    /** The host has nothing left of it, and nobody asks for it. */
    record Forget(AllocationId allocation) implements LedgerAction {}

    record LimitOwner(TenantName tenant, ResourceLimits limits) implements OwnerAction {}

    record FreezeOwner(TenantName tenant) implements OwnerAction {}

    record ThawOwner(TenantName tenant) implements OwnerAction {}

    /** Nothing of the tenant is left here: its slice goes, and its ids are free again. */
    record ForgetOwner(TenantName tenant) implements OwnerAction {}

    /**
     * Builds the sandbox of this run and lets its program go.
     *
     * @param leaseTerm that it must not run beyond; null if no lease bounds it
     */
    record Start(Assignment assignment, int run, @Nullable Long leaseTerm) implements SandboxAction {
        @Override
        public AllocationId allocation() {
            return assignment.allocation();
        }

        @Override
        public TenantName tenant() {
            return assignment.tenant();
        }
    }

    /** Asks the program to end; {@link Kill} follows if it does not in time. */
    record Terminate(AllocationId allocation, TenantName tenant, int run) implements SandboxAction {}

    record Kill(AllocationId allocation, TenantName tenant, int run) implements SandboxAction {}

    record UpdateLimits(AllocationId allocation, TenantName tenant, int run, ResourceLimits limits)
            implements SandboxAction {}

    /** Removes all that a run left on the host, alive or not. */
    record Delete(AllocationId allocation, TenantName tenant, int run) implements SandboxAction {}

    /** A sandbox that no desired set and no memory knows: reported, and left as it is. */
    record KeepOrphan(ObservedSandbox sandbox) implements AgentAction {}

    /** Nothing to do before this time: the end of a back-off or of a grace. */
    record WakeAt(long atMillis) implements AgentAction {}
}
