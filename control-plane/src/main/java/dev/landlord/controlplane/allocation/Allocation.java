package dev.landlord.controlplane.allocation;

import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.NodeName;
import dev.landlord.api.network.PublishedPort;
import dev.landlord.api.sync.ObservedAllocation;
import dev.landlord.api.sync.ObservedHealth;
import dev.landlord.api.sync.ObservedPhase;
import dev.landlord.api.workload.PortSpec;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.Wanted;
import dev.landlord.controlplane.scheduler.WorkloadKey;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One allocation as it is stored.
 *
 * @param templateDigest names {@code template}
 * @param restartFrom the start time that the last asked restart is to change; null if none was asked
 * @param toldGeneration number of the node's set that first had it, or first had it no more; null until it is numbered
 * @param observed what its node last said; null until the first word
 * @param address IPv4 as a number; null if it has none
 * @param hostPorts one per published port of the template, in its order
 * @param displaced another allocation takes its place; it runs on only until that one serves
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
        @Nullable Long address,
        List<Integer> hostPorts,
        boolean displaced,
        long createdAt,
        @Nullable ObservedAllocation observed,
        @Nullable Long runningSince,
        boolean gone) {
    public Allocation {
        hostPorts = List.copyOf(hostPorts);
    }

    /** Part of its node's desired set. */
    boolean isDesired() {
        return wanted != Wanted.RELEASED && !gone;
    }

    public boolean isLive() {
        return wanted == Wanted.RUNNING && !gone;
    }

    /** Its published ports with what they are on the node. */
    public List<PublishedPort> publishedPorts() {
        List<PortSpec> ports = template.network().ports();
        return IntStream.range(0, Math.min(ports.size(), hostPorts.size()))
                .mapToObj(position -> {
                    PortSpec port = ports.get(position);
                    return new PublishedPort(port.name(), port.protocol(), port.port(), hostPorts.get(position));
                })
                .toList();
    }

    /** It runs, and its check has passed if it has one. */
    public boolean isHealthy() {
        if (observed == null || observed.phase() != ObservedPhase.RUNNING) {
            return false;
        }
        return template.health() == null || observed.health() == ObservedHealth.HEALTHY;
    }

    /** It was asked to restart and its node still tells of the run before. */
    public boolean isRestarting() {
        long startedAt = observed == null ? 0 : observed.startedAtEpochMillis();
        return restartFrom != null && restartFrom == startedAt;
    }
}
