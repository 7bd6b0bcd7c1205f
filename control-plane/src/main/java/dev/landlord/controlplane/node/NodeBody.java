package dev.landlord.controlplane.node;

import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.ImageName;
import dev.landlord.api.id.NodeName;
import dev.landlord.api.network.NodeNetwork;
import dev.landlord.api.node.NodeFacts;
import dev.landlord.api.sync.NodeReport.HeldSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A node in the REST API. What only a report can tell is null before the first one.
 *
 * @param stateSince when it came into its state
 * @param schedulable it takes new replicas
 * @param drained an operator drains it, and nothing is left on it
 * @param lossConfirmed it is lost, and what it had is replaced however many others are lost
 * @param subnet its part of the cluster's addresses
 * @param network where its published ports are reached, and which there are
 * @param lastSeenAt and {@code joinedAt}: epoch milliseconds
 * @param certificateExpiresAt end of its newest certificate, epoch milliseconds; null if it has to join anew
 * @param missing capability to the reason why the host lacks it
 * @param orphans sandboxes on the host that nobody asked for; kept until an operator decides
 * @param held a desired set that the agent does not accept without an operator
 */
record NodeBody(
        NodeName name,
        String state,
        long stateSince,
        boolean schedulable,
        boolean draining,
        boolean drained,
        boolean lossConfirmed,
        long joinedAt,
        long lastSeenAt,
        @Nullable Long certificateExpiresAt,
        @Nullable String kernel,
        @Nullable String cgroupMode,
        @Nullable String agentVersion,
        @Nullable String metricsAddress,
        @Nullable String subnet,
        @Nullable NodeNetwork network,
        @Nullable Share capacity,
        Share allocated,
        int allocations,
        List<String> capabilities,
        Map<String, String> missing,
        Map<ImageName, String> images,
        List<AllocationId> orphans,
        @Nullable HeldSet held) {

    /** Amounts of what a node divides. */
    record Share(long cpuMillis, long memoryBytes, long pids, long swapBytes) {}

    static NodeBody of(
            NodeRecord node,
            NodeUse.Taken taken,
            @Nullable Long certificateExpiresAt,
            long lastSeenAt,
            Contact.Said said) {
        NodeFacts facts = node.facts();
        return new NodeBody(
                node.name(),
                node.state().wire(),
                node.stateSince(),
                node.state() == NodeState.READY && node.duty() == NodeDuty.OPEN,
                node.duty() == NodeDuty.DRAINING,
                node.duty() == NodeDuty.DRAINING && taken.allocations() == 0,
                node.lossConfirmed(),
                node.joinedAt(),
                lastSeenAt,
                certificateExpiresAt,
                facts == null ? null : facts.kernel(),
                facts == null ? null : facts.cgroupMode(),
                facts == null ? null : facts.agentVersion(),
                facts == null ? null : facts.metricsAddress(),
                node.subnet() == null ? null : node.subnet().toString(),
                facts == null ? null : facts.network(),
                facts == null ? null : new Share(facts.cpuMillis(), facts.memoryBytes(), facts.pids(), facts.swap()),
                new Share(taken.cpuMillis(), taken.memoryBytes(), taken.pids(), taken.swapBytes()),
                taken.allocations(),
                facts == null
                        ? List.of()
                        : facts.capabilities().stream().sorted().toList(),
                facts == null ? Map.of() : new TreeMap<>(facts.missing()),
                facts == null ? Map.of() : facts.images(),
                said.orphans(),
                said.held());
    }
}
