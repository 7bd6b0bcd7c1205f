package dev.landlord.controlplane.event;

import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.NodeName;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.id.WorkloadName;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened. With a tenant it is part of the tenant's history and seen by the tenant.
 *
 * @param kind a short stable word with dashes, for example {@code workload-created}
 * @param message one sentence; longer ones than 1,000 characters are cut
 */
public record EventRecord(
        String kind,
        @Nullable TenantName tenant,
        @Nullable WorkloadName workload,
        @Nullable AllocationId allocation,
        @Nullable NodeName node,
        String message) {

    /** An event of the operator's own: plans, tokens, the control plane itself. */
    public static EventRecord ofSystem(String kind, String message) {
        return new EventRecord(kind, null, null, null, null, message);
    }

    public static EventRecord ofTenant(String kind, TenantName tenant, String message) {
        return new EventRecord(kind, tenant, null, null, null, message);
    }

    public static EventRecord ofWorkload(String kind, TenantName tenant, WorkloadName workload, String message) {
        return new EventRecord(kind, tenant, workload, null, null, message);
    }

    public static EventRecord ofNode(String kind, NodeName node, String message) {
        return new EventRecord(kind, null, null, null, node, message);
    }
}
