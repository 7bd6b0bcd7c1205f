package dev.landlord.controlplane.scheduler;

import dev.landlord.api.id.ImageName;
import dev.landlord.api.id.NodeName;
import dev.landlord.api.network.NodeNetwork;
import dev.landlord.api.workload.NetworkSpec;
import dev.landlord.api.workload.PortSpec;
import dev.landlord.controlplane.network.HostPort;
import dev.landlord.controlplane.network.PortNeeds;
import dev.landlord.controlplane.scheduler.Amounts.Dimension;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.AllocationView;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.Duty;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.NodeHealth;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.NodeView;
import dev.landlord.controlplane.scheduler.Neighbourhood.Boundary;
import dev.landlord.controlplane.scheduler.Reason.Filter;
import dev.landlord.controlplane.scheduler.Reason.NearestMiss;
import dev.landlord.controlplane.scheduler.Reason.NoNodes;
import dev.landlord.controlplane.scheduler.Reason.NodesRejected;
import dev.landlord.controlplane.scheduler.Reason.TooLarge;
import dev.landlord.controlplane.scheduler.Scheduler.Strategy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Looks over the nodes: filters, scores, and explains when none is left. One pass over the nodes per search. */
final class NodeSearch {
    /**
     * What every sandbox needs of its node. A node that has not verified one of these gets nothing: a limit that is not
     * enforced is not sold.
     */
    static final List<String> NEEDED =
            List.of("cpu.max", "cpu.weight", "freezer", "memory.max", "overlay.idmap", "pids.max", "seccomp", "userns");

    /** What a node needs besides to connect a sandbox. */
    static final String NETWORK = "network";

    private final List<NodeRoom> rooms;
    private final Map<NodeName, NodeRoom> byName = new HashMap<>();
    private final Strategy strategy;
    /** Who passes the filters that no placement changes. */
    private final Map<Demand, List<NodeRoom>> eligible = new HashMap<>();
    /** A search that failed fails again: within a pass, room only shrinks. */
    private final Map<Shape, List<Reason>> hopeless = new HashMap<>();

    /** What is asked of a node besides room and neighbours. */
    private record Demand(ImageName image, NetworkSpec network) {}

    /** Replicas of one shape are alike to every node. */
    record Shape(Amounts needs, ImageName image, NetworkSpec network, Boundary boundary) {
        private Demand demand() {
            return new Demand(image, network);
        }
    }

    /** Either a node, or the reasons why there is none. */
    sealed interface Found {
        record Node(NodeRoom room) implements Found {}

        record Nothing(List<Reason> reasons) implements Found {}
    }

    NodeSearch(List<NodeView> nodes, Strategy strategy) {
        this.strategy = strategy;
        rooms = nodes.stream()
                .sorted(Comparator.comparing(node -> node.name().value()))
                .map(NodeRoom::new)
                .toList();
        rooms.forEach(room -> byName.put(room.view.name(), room));
    }

    @Nullable
    NodeRoom room(NodeName name) {
        return byName.get(name);
    }

    /** Whether a search for this shape has failed before in this pass, and why. */
    @Nullable
    List<Reason> hopeless(Shape shape) {
        return hopeless.get(shape);
    }

    /** Searches; the rooms are marked for the workload and tenant at hand. */
    Found find(Shape shape) {
        NodeRoom best = best(shape);
        if (best != null) {
            return new Found.Node(best);
        }
        List<Reason> reasons = explain(shape);
        hopeless.put(shape, reasons);
        return new Found.Nothing(reasons);
    }

    /** Whether a node would take another of this shape once {@code released} is gone from it. */
    boolean fitsAfter(AllocationView released, Shape shape) {
        NodeRoom room = byName.get(released.node());
        List<HostPort> ports = released.wiring().ports();
        PortNeeds needs = PortNeeds.of(shape.network);
        return room != null
                && rejection(room.view, shape.demand()) == null
                && !room.keepsOut(shape.boundary.trustClass())
                && shape.needs.fitsIn(room.free().plus(released.holds()))
                && (shape.network.mode() == NetworkSpec.Mode.NONE
                        || room.wirings.hasAddress()
                        || released.wiring().host() > 0)
                && room.wirings.takenOf(needs, ports) == null
                && room.wirings.rangeSuffices(needs, ports);
    }

    /** Fewest of the same workload first; then by strategy; then by name. */
    private @Nullable NodeRoom best(Shape shape) {
        NodeRoom best = null;
        double bestFullness = 0;
        String trustClass = shape.boundary.trustClass();
        boolean routed = shape.network.mode() != NetworkSpec.Mode.NONE;
        PortNeeds ports = PortNeeds.of(shape.network);
        for (NodeRoom room : eligible(shape.demand())) {
            if (!room.holds(shape.needs) || room.keepsOut(trustClass) || (routed && !room.wires(ports))) {
                continue;
            }
            double fullness = room.fullnessWith(shape.needs);
            if (best == null || isBetter(room, fullness, best, bestFullness)) {
                best = room;
                bestFullness = fullness;
            }
        }
        return best;
    }

    private boolean isBetter(NodeRoom room, double fullness, NodeRoom best, double bestFullness) {
        if (room.siblings() != best.siblings()) {
            return room.siblings() < best.siblings();
        }
        return switch (strategy) {
            case SPREAD ->
                room.cousins() < best.cousins() || (room.cousins() == best.cousins() && fullness < bestFullness);
            case PACK -> fullness > bestFullness;
        };
    }

    private List<NodeRoom> eligible(Demand demand) {
        return eligible.computeIfAbsent(
                demand,
                wanted -> rooms.stream()
                        .filter(room -> rejection(room.view, wanted) == null)
                        .toList());
    }

    private record Rejection(Filter filter, String detail) {}

    /** The first of the filters that no placement changes; null when none rejects the node. */
    private static @Nullable Rejection rejection(NodeView node, Demand demand) {
        if (node.health() != NodeHealth.READY) {
            return new Rejection(Filter.NOT_READY, "not ready");
        }
        if (node.duty() != Duty.OPEN) {
            return new Rejection(Filter.CORDONED, node.duty() == Duty.DRAINING ? "draining" : "cordoned");
        }
        for (String capability : NEEDED) {
            if (!node.capabilities().contains(capability)) {
                return new Rejection(Filter.CAPABILITY, "cannot enforce " + capability);
            }
        }
        if (demand.network.mode() != NetworkSpec.Mode.NONE
                && !node.capabilities().contains(NETWORK)) {
            return new Rejection(Filter.CAPABILITY, "cannot enforce " + NETWORK);
        }
        if (!node.images().contains(demand.image)) {
            return new Rejection(Filter.IMAGE, "no image " + demand.image);
        }
        return demand.network.ports().stream()
                .filter(port -> !offers(node.reach().offer(), port))
                .findFirst()
                .map(port -> new Rejection(
                        Filter.PORT,
                        port.hostPort() == null
                                ? "publishes no ports"
                                : "does not offer port " + new HostPort(port.protocol(), port.hostPort())))
                .orElse(null);
    }

    private static boolean offers(@Nullable NodeNetwork offer, PortSpec port) {
        return offer != null && (port.hostPort() == null || offer.offers(port.hostPort()));
    }

    /** The first of the other filters but room; null when it is room that lacks. */
    private static @Nullable Rejection occupied(NodeRoom room, Shape shape) {
        if (room.keepsOut(shape.boundary.trustClass())) {
            return new Rejection(Filter.APART, "taken by tenants that must not be met");
        }
        PortNeeds needs = PortNeeds.of(shape.network);
        HostPort taken = room.wirings.takenOf(needs, List.of());
        if (taken != null) {
            return new Rejection(Filter.PORT, "port " + taken + " is taken");
        }
        if (!room.wirings.rangeSuffices(needs, List.of())) {
            return new Rejection(Filter.PORT, "too few free ports");
        }
        boolean routed = shape.network.mode() != NetworkSpec.Mode.NONE;
        return routed && !room.wirings.hasAddress() ? new Rejection(Filter.ADDRESS, "no free address") : null;
    }

    private List<Reason> explain(Shape shape) {
        if (rooms.isEmpty()) {
            return List.of(new NoNodes());
        }
        Map<Rejection, Integer> counts =
                new TreeMap<>(Comparator.comparing(Rejection::filter).thenComparing(Rejection::detail));
        NearestMiss nearest = null;
        double nearestShare = Double.MAX_VALUE;
        boolean large = true;
        for (NodeRoom room : rooms) {
            Rejection rejection = rejection(room.view, shape.demand());
            rejection = rejection == null ? occupied(room, shape) : rejection;
            if (rejection == null) {
                Amounts lacking = shape.needs.lackingIn(room.free());
                rejection = new Rejection(
                        Filter.ROOM,
                        "too little " + mostLacking(lacking, shape.needs).label());
                large &= !shape.needs.fitsIn(room.view.capacity());
                double share = share(lacking, shape.needs);
                if (share < nearestShare) {
                    nearestShare = share;
                    nearest = new NearestMiss(room.view.name(), lacking);
                }
            }
            counts.merge(rejection, 1, Integer::sum);
        }
        List<Reason> reasons = new ArrayList<>();
        counts.forEach((rejection, count) ->
                reasons.add(new NodesRejected(rejection.filter, rejection.detail, count, rooms.size())));
        if (nearest != null) {
            reasons.add(nearest);
            if (large) {
                reasons.add(new TooLarge());
            }
        }
        return List.copyOf(reasons);
    }

    private static Dimension mostLacking(Amounts lacking, Amounts needs) {
        Dimension most = Dimension.CPU;
        for (Dimension dimension : Dimension.values()) {
            if (share(lacking, needs, dimension) > share(lacking, needs, most)) {
                most = dimension;
            }
        }
        return most;
    }

    private static double share(Amounts lacking, Amounts needs) {
        return share(lacking, needs, mostLacking(lacking, needs));
    }

    private static double share(Amounts lacking, Amounts needs, Dimension dimension) {
        return needs.get(dimension) == 0 ? 0 : (double) lacking.get(dimension) / needs.get(dimension);
    }
}
