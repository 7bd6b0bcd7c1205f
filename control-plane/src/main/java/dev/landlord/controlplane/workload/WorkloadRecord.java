package dev.landlord.controlplane.workload;

import dev.landlord.api.id.TenantName;
import dev.landlord.api.id.WorkloadName;
import dev.landlord.api.workload.WorkloadSpec;

/**
 * One workload as it is wanted.
 *
 * @param specVersion 1 or more; grows by one when what a replica is becomes another. A change of the number of
 *     replicas alone keeps it: the replicas that run are still what is wanted
 * @param restartCounter grows by one with each restart that a user asks for
 * @param deleting true: it is to have no allocations, and vanishes with the last one
 * @param revision of its row
 */
public record WorkloadRecord(
        TenantName tenant,
        WorkloadName name,
        WorkloadSpec spec,
        long specVersion,
        long restartCounter,
        boolean deleting,
        long revision) {}
