package dev.landlord.controlplane.allocation;

import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.NodeName;
import dev.landlord.api.id.WorkloadName;
import dev.landlord.api.sync.AppliedLimits;
import dev.landlord.api.sync.ObservedAllocation;
import dev.landlord.controlplane.network.Subnet;
import dev.landlord.controlplane.node.NodeRecord;
import dev.landlord.controlplane.node.NodeState;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.Wanted;
import dev.landlord.controlplane.web.Wire;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An allocation in the REST API.
 *
 * @param phase {@code pending} until its node has spoken of it, {@code lost} while its node is, {@code stopping} from when
 *     it is to stop until it has
 * @param health what its check says; null when it has none or does not run
 * @param address of the replica, reached by its tenant's other replicas; null when it has no network
 * @param ports where its published ports are reached
 * @param limits that its node has in force; null while it does not run, or if the node does not tell
 * @param startedAt epoch milliseconds of the present or last run, null if it never ran
 */
record AllocationBody(
        AllocationId id,
        WorkloadName workload,
        int index,
        NodeName node,
        String phase,
        @Nullable String health,
        @Nullable String address,
        List<PortBody> ports,
        int restarts,
        @Nullable Long startedAt,
        @Nullable Integer exitCode,
        boolean oomKilled,
        @Nullable String message,
        @Nullable AppliedLimits limits,
        long specVersion) {
    /**
     * A published port.
     *
     * @param address of the node; null while it has not told any
     */
    record PortBody(
            String name,
            String protocol,
            int port,
            int hostPort,
            @Nullable String address) {}

    static AllocationBody of(Allocation allocation, @Nullable NodeRecord node) {
        ObservedAllocation seen = allocation.observed();
        long startedAt = seen == null ? 0 : seen.startedAtEpochMillis();
        Long address = allocation.address();
        boolean lost = node != null && node.state() == NodeState.LOST;
        return new AllocationBody(
                allocation.id(),
                allocation.workload().name(),
                allocation.index(),
                allocation.node(),
                phase(allocation, seen, lost),
                seen == null || seen.health() == null || lost ? null : Wire.of(seen.health()),
                address == null ? null : Subnet.text(address),
                allocation.publishedPorts().stream()
                        .map(port -> new PortBody(
                                port.name(),
                                Wire.of(port.protocol()),
                                port.port(),
                                port.hostPort(),
                                node == null ? null : node.address()))
                        .toList(),
                seen == null ? 0 : seen.restarts(),
                startedAt == 0 ? null : startedAt,
                seen == null ? null : seen.exitCode(),
                seen != null && seen.oomKilled(),
                seen == null ? null : seen.message(),
                seen == null || lost ? null : seen.limits(),
                allocation.specVersion());
    }

    private static String phase(Allocation allocation, @Nullable ObservedAllocation seen, boolean lost) {
        if (allocation.gone()) {
            return "gone";
        }
        if (lost) {
            return "lost";
        }
        boolean ended = seen != null
                && switch (seen.phase()) {
                    case STOPPED, EXITED, FAILED -> true;
                    case STARTING, RUNNING, FROZEN, BACKING_OFF -> false;
                };
        if (allocation.wanted() != Wanted.RUNNING && !ended) {
            return "stopping";
        }
        return seen == null ? "pending" : Wire.of(seen.phase());
    }
}
