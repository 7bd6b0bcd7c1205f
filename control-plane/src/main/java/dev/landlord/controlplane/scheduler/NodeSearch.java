package dev.landlord.controlplane.scheduler;

import dev.landlord.api.id.ImageName;
import dev.landlord.api.id.NodeName;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.NodeHealth;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.NodeView;
import dev.landlord.controlplane.scheduler.Reason.Filter;
import dev.landlord.controlplane.scheduler.Reason.NearestMiss;
import dev.landlord.controlplane.scheduler.Reason.NoNodes;
import dev.landlord.controlplane.scheduler.Reason.NodesRejected;
import dev.landlord.controlplane.scheduler.Reason.TooLarge;
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

    private final List<NodeRoom> rooms;
    private final Map<NodeName, NodeRoom> byName = new HashMap<>();
    /** A search that failed fails again: within a pass, room only shrinks. */
    private final Map<Shape, List<Reason>> hopeless = new HashMap<>();

    private record Shape(Amounts needs, ImageName image) {}

    /** Either a node, or the reasons why there is none. */
    sealed interface Found {
        record Node(NodeRoom room) implements Found {}

        record Nothing(List<Reason> reasons) implements Found {}
    }

    NodeSearch(List<NodeView> nodes) {
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

    Found find(Amounts needs, ImageName image) {
        Shape shape = new Shape(needs, image);
        List<Reason> known = hopeless.get(shape);
        if (known != null) {
            return new Found.Nothing(known);
        }
        NodeRoom best = best(shape);
        if (best != null) {
            return new Found.Node(best);
        }
        List<Reason> reasons = explain(shape);
        hopeless.put(shape, reasons);
        return new Found.Nothing(reasons);
    }

    /** Whether a node would take {@code needs} once {@code released} is gone from it. */
    boolean fitsAfter(NodeName node, Amounts released, Amounts needs, ImageName image) {
        NodeRoom room = byName.get(node);
        return room != null
                && rejection(room.view, image) == null
                && needs.fitsIn(room.free().plus(released));
    }

    /** Fewest of the same workload first, then the best fit, then by name. */
    private @Nullable NodeRoom best(Shape shape) {
        NodeRoom best = null;
        double bestFullness = -1;
        for (NodeRoom room : rooms) {
            if (!room.holds(shape.needs) || rejection(room.view, shape.image) != null) {
                continue;
            }
            double fullness = room.fullnessWith(shape.needs);
            boolean better = best == null
                    || room.siblings() < best.siblings()
                    || (room.siblings() == best.siblings() && fullness > bestFullness);
            if (better) {
                best = room;
                bestFullness = fullness;
            }
        }
        return best;
    }

    private record Rejection(Filter filter, String detail) {}

    /** The first filter but room that rejects a node; null when none does. */
    private static @Nullable Rejection rejection(NodeView node, ImageName image) {
        if (node.health() != NodeHealth.READY) {
            return new Rejection(Filter.NOT_READY, "not ready");
        }
        if (node.cordoned()) {
            return new Rejection(Filter.CORDONED, "cordoned");
        }
        for (String capability : NEEDED) {
            if (!node.capabilities().contains(capability)) {
                return new Rejection(Filter.CAPABILITY, "cannot enforce " + capability);
            }
        }
        return node.images().contains(image) ? null : new Rejection(Filter.IMAGE, "no image " + image);
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
            Rejection rejection = rejection(room.view, shape.image);
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
