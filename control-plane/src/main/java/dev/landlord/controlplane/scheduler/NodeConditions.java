package dev.landlord.controlplane.scheduler;

import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.NodeName;
import dev.landlord.api.id.TenantName;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.AllocationView;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.Duty;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.NodeHealth;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.NodeView;
import dev.landlord.controlplane.scheduler.Plan.Brake;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which nodes are lost, whether that is too many at once, and which allocations are to leave the node that they are on. */
final class NodeConditions {
    /** A node without replicas that wait for it is lost "at once" with others for so long, and then is history. */
    private static final long RECENT_MILLIS = 600_000;

    private static final double TOLERATED_SHARE = 0.3;

    private final Map<NodeName, NodeView> nodes = new HashMap<>();
    private final Set<AllocationId> unwelcome = new HashSet<>();
    private final Brake brake;

    private NodeConditions(List<NodeView> nodes, List<AllocationView> allocations) {
        nodes.forEach(node -> this.nodes.put(node.name(), node));
        this.brake = brake(allocations);
    }

    /** @param allocations all that are not gone, by id */
    static NodeConditions of(List<NodeView> nodes, List<AllocationView> allocations, Neighbourhood neighbourhood) {
        NodeConditions conditions = new NodeConditions(nodes, allocations);
        if (!neighbourhood.isTrivial()) {
            conditions.findUnwelcome(allocations, neighbourhood);
        }
        return conditions;
    }

    Brake brake() {
        return brake;
    }

    boolean isLost(NodeName node) {
        NodeView view = nodes.get(node);
        return view != null && view.health() == NodeHealth.LOST;
    }

    /** What it said last can be relied upon. */
    boolean isHeard(NodeName node) {
        NodeView view = nodes.get(node);
        return view != null && view.health() == NodeHealth.READY;
    }

    /** Lost, and nothing that is on it is replaced yet. */
    boolean isHeld(NodeName node) {
        NodeView view = nodes.get(node);
        return brake.engaged() && view != null && isUnconfirmed(view);
    }

    /**
     * Nothing keeps the allocation from staying where it is. A plan may have come to ask for what this node cannot enforce;
     * another node may.
     */
    boolean mayStay(AllocationView allocation) {
        NodeView node = nodes.get(allocation.node());
        return node == null
                || (node.duty() != Duty.DRAINING
                        && !unwelcome.contains(allocation.id())
                        && node.capabilities().containsAll(allocation.ask().capabilities()));
    }

    private static boolean isUnconfirmed(NodeView node) {
        return node.health() == NodeHealth.LOST && !node.loss().confirmed();
    }

    /** What is suspect counts too: a partition takes nodes away at once, but they are found lost one after the other. */
    private Brake brake(List<AllocationView> allocations) {
        boolean anyLost = nodes.values().stream().anyMatch(node -> node.health() == NodeHealth.LOST);
        Set<NodeName> waitedFor = anyLost ? waitedFor(allocations) : Set.of();
        int lost = 0;
        int suspect = 0;
        int ready = 0;
        for (NodeView node : nodes.values()) {
            switch (node.health()) {
                case READY -> ready++;
                case SUSPECT -> suspect++;
                case LOST -> {
                    boolean recent = node.loss().sinceMillis() < RECENT_MILLIS;
                    lost += isUnconfirmed(node) && (recent || waitedFor.contains(node.name())) ? 1 : 0;
                }
                case JOINED -> {
                    // It was never ready, so it cannot be missing.
                }
            }
        }
        int all = ready + suspect + lost;
        boolean engaged = lost > 0 && lost + suspect > Math.max(1, TOLERATED_SHARE * all);
        return new Brake(engaged, lost + suspect, all);
    }

    private static Set<NodeName> waitedFor(List<AllocationView> allocations) {
        Set<NodeName> waitedFor = new HashSet<>();
        for (AllocationView allocation : allocations) {
            if (allocation.live() && !allocation.displaced()) {
                waitedFor.add(allocation.node());
            }
        }
        return waitedFor;
    }

    /** Tenants that have come to be kept apart after they had met: the one of lower priority leaves. */
    private void findUnwelcome(List<AllocationView> allocations, Neighbourhood neighbourhood) {
        Map<NodeName, Set<TenantName>> present = new HashMap<>();
        for (AllocationView allocation : allocations) {
            present.computeIfAbsent(allocation.node(), name -> new HashSet<>())
                    .add(allocation.workload().tenant());
        }
        Map<NodeName, Set<TenantName>> yielding = new HashMap<>();
        present.forEach((node, tenants) -> yielding.put(node, neighbourhood.yielding(tenants)));
        for (AllocationView allocation : allocations) {
            if (yielding.getOrDefault(allocation.node(), Set.of())
                    .contains(allocation.workload().tenant())) {
                unwelcome.add(allocation.id());
            }
        }
    }
}
