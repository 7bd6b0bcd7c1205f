package dev.landlord.controlplane.workload;

import dev.landlord.api.id.TenantName;
import dev.landlord.api.id.WorkloadName;
import dev.landlord.api.workload.WorkloadSpec;

/**
 * One workload as it is wanted.
 *
 * @param specVersion 1 or more; grows by one when the spec becomes another
 * @param restartCounter grows by one with each restart that a user asks for
 * @param deleting true: it is to have no allocations, and vanishes with the last one
 */
public record WorkloadRecord(
        TenantName tenant,
        WorkloadName name,
        WorkloadSpec spec,
        long specVersion,
        long restartCounter,
        boolean deleting) {}
