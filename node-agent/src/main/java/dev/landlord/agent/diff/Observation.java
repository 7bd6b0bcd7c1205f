package dev.landlord.agent.diff;

import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.TenantName;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Everything that a diff compares the desired set with.
 *
 * @param records what is remembered of each allocation
 * @param owners tenants that have something on this host, with what is known of their slices
 * @param busyAllocations have work under way; nothing is decided about them
 * @param busyTenants have work on their slice under way; nothing is decided about them or their allocations
 * @param lease the right to run what must not run twice
 */
public record Observation(
        List<ObservedSandbox> sandboxes,
        Map<AllocationId, AllocationRecord> records,
        Map<TenantName, OwnerState> owners,
        Set<AllocationId> busyAllocations,
        Set<TenantName> busyTenants,
        LeaseView lease) {
    public Observation {
        sandboxes = List.copyOf(sandboxes);
        records = Map.copyOf(records);
        owners = Map.copyOf(owners);
        busyAllocations = Set.copyOf(busyAllocations);
        busyTenants = Set.copyOf(busyTenants);
    }
}
