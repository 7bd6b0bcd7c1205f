package dev.landlord.agent.drift;

import dev.landlord.agent.diff.AgentAction;
import dev.landlord.agent.diff.AgentAction.OwnerAction;
import dev.landlord.agent.diff.AgentAction.SandboxAction;
import dev.landlord.agent.diff.AllocationRecord;
import dev.landlord.agent.diff.Observation;
import dev.landlord.agent.diff.ObservedSandbox;
import dev.landlord.agent.diff.ResourceLimits;
import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.TenantName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Control groups whose limits are known: a sandbox's, or a tenant's slice.
 *
 * @param allocation null for the slice
 * @param run of the allocation; 0 for the slice
 * @param wanted what was written last
 */
public record Watched(TenantName tenant, @Nullable AllocationId allocation, int run, ResourceLimits wanted) {

    /** What can be looked at now: everything but what is being worked on, or is about to be. Slices come first. */
    public static List<Watched> of(Observation observed, List<AgentAction> planned) {
        Set<TenantName> busyTenants = new HashSet<>(observed.busyTenants());
        Set<AllocationId> busy = new HashSet<>(observed.busyAllocations());
        for (AgentAction action : planned) {
            switch (action) {
                case OwnerAction owner -> busyTenants.add(owner.tenant());
                case SandboxAction sandbox -> busy.add(sandbox.allocation());
                default -> {
                    // Nothing on the host changes with it.
                }
            }
        }
        List<Watched> all = new ArrayList<>();
        observed.owners().forEach((tenant, state) -> {
            ResourceLimits limits = state.limits();
            if (limits != null && !busyTenants.contains(tenant)) {
                all.add(new Watched(tenant, null, 0, limits));
            }
        });
        for (ObservedSandbox sandbox : observed.sandboxes()) {
            boolean leftAlone = busyTenants.contains(sandbox.tenant()) || busy.contains(sandbox.allocation());
            AllocationRecord record = observed.records().get(sandbox.allocation());
            if (!leftAlone && record != null && record.run() == sandbox.run() && sandbox.isLive()) {
                all.add(new Watched(sandbox.tenant(), sandbox.allocation(), sandbox.run(), record.limits()));
            }
        }
        return all;
    }

    boolean isSlice() {
        return allocation == null;
    }
}
