package dev.landlord.controlplane.allocation;

import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.NodeName;
import dev.landlord.api.sync.ObservedAllocation;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.Wanted;
import dev.landlord.controlplane.scheduler.WorkloadKey;
import org.jspecify.annotations.Nullable;

/**
 * One allocation as it is stored.
 *
 * @param templateDigest names {@code template}
 * @param restartFrom the start time that the last asked restart is to change; null if none was asked
 * @param toldGeneration number of the node's set that first had it, or first had it no more; null until it is numbered
 * @param observed what its node last said; null until the first word
 * @param runningSince when it was first seen running in its present run, by the control plane's clock; null if it does not run
 * @param gone its node has nothing left of it
 */
public record Allocation(
        AllocationId id,
        WorkloadKey workload,
        int index,
        NodeName node,
        Template template,
        String templateDigest,
        long specVersion,
        long restartCounter,
        @Nullable Long restartFrom,
        Wanted wanted,
        @Nullable Long toldGeneration,
        long createdAt,
        @Nullable ObservedAllocation observed,
        @Nullable Long runningSince,
        boolean gone) {

    /** Part of its node's desired set. */
    boolean isDesired() {
        return wanted != Wanted.RELEASED && !gone;
    }

    public boolean isLive() {
        return wanted == Wanted.RUNNING && !gone;
    }

    /** It was asked to restart and its node still tells of the run before. */
    public boolean isRestarting() {
        long startedAt = observed == null ? 0 : observed.startedAtEpochMillis();
        return restartFrom != null && restartFrom == startedAt;
    }
}
