package dev.landlord.controlplane.scheduler;

import dev.landlord.api.id.ImageName;
import dev.landlord.api.id.NodeName;
import dev.landlord.api.network.NodeNetwork;
import dev.landlord.api.sync.Assignment;
import dev.landlord.api.workload.NetworkSpec;
import dev.landlord.api.workload.PortSpec;
import dev.landlord.controlplane.network.HostPort;
import dev.landlord.controlplane.network.PortNeeds;
import dev.landlord.controlplane.network.Wiring;
import dev.landlord.controlplane.scheduler.Amounts.Dimension;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.AllocationView;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.Ask;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.Duty;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.NodeHealth;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.NodeView;
import dev.landlord.controlplane.scheduler.Neighbourhood.Boundary;
import dev.landlord.controlplane.scheduler.Neighbourhood.Presence;
import dev.landlord.controlplane.scheduler.Reason.Filter;
import dev.landlord.controlplane.scheduler.Reason.NearestMiss;
import dev.landlord.controlplane.scheduler.Reason.NoNodes;
import dev.landlord.controlplane.scheduler.Reason.NodesRejected;
import dev.landlord.controlplane.scheduler.Reason.TooLarge;
import dev.landlord.controlplane.scheduler.Scheduler.Strategy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Looks over the nodes: filters, scores, and explains when none is left. The nodes are kept in the order of the strategy,
 * and room only shrinks within a pass; so a search ends with the first node that is as good as any can still be.
 */
final class NodeSearch {
    /**
     * What every sandbox needs of its node. A node that has not verified one of these gets nothing: a limit that is not
     * enforced is not sold. Not {@code memory.oom.group}: it decides how much of a sandbox ends that is out of its own memory,
     * and bounds nothing that others have.
     */
    static final List<String> NEEDED = List.of(
            "cpu.max",
            "cpu.weight",
            "devices",
            "freezer",
            "memory.max",
            "overlay.idmap",
            "pids.max",
            "seccomp",
            "userns");

    /** What a node needs besides to connect a sandbox. */
    static final String NETWORK = "network";

    private static final List<Dimension> DIMENSIONS = List.of(Dimension.values());
    /** More than the error of a share of a node. */
    private static final double ROUNDING = 1e-9;

    private static final int MAX_REASON = 160;

    private final List<NodeRoom> rooms;
    private final Map<NodeName, NodeRoom> byName = new HashMap<>();
    private final Strategy strategy;
    /** The most of each that any node has. */
    private final Amounts largest;

    private final Map<Demand, Candidates> candidates = new HashMap<>();
    private final Presence presence = new Presence();
    /** A search that failed fails again: within a pass, room only shrinks. */
    private final Map<Shape, List<Reason>> hopeless = new HashMap<>();
    /** The best company that the last search found; later ones find no better, because nobody leaves within a pass. */
    private final Map<Seeker, Company> bestCompany = new HashMap<>();

    private @Nullable RoomOrder order;

    private record Seeker(WorkloadKey workload, Ask ask) {}

    /** How many of the same workload, and then of the same tenant, a node has: the fewer, the better. */
    private record Company(int siblings, int cousins) {
        static final Company NONE = new Company(0, 0);

        boolean isBetterThan(Company other) {
            return siblings < other.siblings || (siblings == other.siblings && cousins < other.cousins);
        }
    }

    /** What is asked of a node besides room and neighbours. */
    private record Demand(ImageName image, NetworkSpec network, Set<String> capabilities) {}

    /** Replicas of one shape are alike to every node. */
    record Shape(Ask ask, Boundary boundary) {
        private Amounts needs() {
            return ask.needs();
        }

        private NetworkSpec network() {
            return ask.network();
        }

        private Demand demand() {
            return new Demand(ask.image(), ask.network(), ask.capabilities());
        }
    }

    /** Either a node, or the reasons why there is none. */
    sealed interface Found {
        record Node(NodeRoom room) implements Found {}

        record Nothing(List<Reason> reasons) implements Found {}
    }

    NodeSearch(List<NodeView> nodes, Strategy strategy) {
        this.strategy = strategy;
        List<NodeView> sorted = nodes.stream()
                .sorted(Comparator.comparing(node -> node.name().value()))
                .toList();
        rooms = IntStream.range(0, sorted.size())
                .mapToObj(number -> new NodeRoom(number, sorted.get(number)))
                .toList();
        rooms.forEach(room -> byName.put(room.view.name(), room));
        largest = nodes.stream().map(NodeView::capacity).reduce(Amounts.ZERO, Amounts::max);
    }

    @Nullable
    NodeRoom room(NodeName name) {
        return byName.get(name);
    }

    /** Books what an allocation of the workload holds of a node. */
    void take(NodeRoom room, WorkloadKey workload, Amounts needs, Wiring wiring, String trustClass) {
        if (order == null) {
            room.take(workload, needs, wiring);
        } else {
            order.change(room, () -> room.take(workload, needs, wiring));
        }
        presence.add(room.number, workload.tenant(), trustClass);
    }

    /** Searches for one of this workload. */
    Found find(WorkloadKey workload, Shape shape) {
        List<Reason> known = hopeless.get(shape);
        if (known != null) {
            return new Found.Nothing(known);
        }
        NodeRoom best = best(workload, shape);
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
        PortNeeds needs = PortNeeds.of(shape.network());
        return room != null
                && rejection(room.view, shape.demand()) == null
                && !presence.closedTo(shape.boundary).get(room.number)
                && shape.needs().fitsIn(room.free().plus(released.holds()))
                && (shape.network().mode() == NetworkSpec.Mode.NONE
                        || room.wirings.hasAddress()
                        || released.wiring().host() > 0)
                && room.wirings.takenOf(needs, ports) == null
                && room.wirings.rangeSuffices(needs, ports);
    }

    /** Fewest of the same workload first; then by strategy; then by name. */
    private @Nullable NodeRoom best(WorkloadKey workload, Shape shape) {
        if (order == null) {
            order = new RoomOrder(rooms, strategy);
        }
        Seeker seeker = new Seeker(workload, shape.ask);
        Company attainable = bestCompany.getOrDefault(seeker, Company.NONE);
        BitSet open = open(shape);
        PortNeeds ports = PortNeeds.of(shape.network());
        NodeRoom best = null;
        Company ofBest = null;
        int end = endPlace(order, shape.needs());
        for (int place = firstPlace(order, shape.needs()); place < end; place++) {
            NodeRoom room = order.get(place);
            if (!open.get(room.number) || !room.holds(shape.needs()) || !connects(room, shape, ports)) {
                continue;
            }
            Company company = company(room, workload);
            if (ofBest == null || company.isBetterThan(ofBest)) {
                best = room;
                ofBest = company;
                if (!attainable.isBetterThan(company)) {
                    break;
                }
            }
        }
        if (ofBest != null) {
            bestCompany.put(seeker, ofBest);
        }
        return best;
    }

    /** The numbers of those rooms that only lack of room or of ports can keep it from. */
    private BitSet open(Shape shape) {
        BitSet open = (BitSet) candidates(shape.demand()).numbers.clone();
        open.andNot(presence.closedTo(shape.boundary));
        return open;
    }

    private static boolean connects(NodeRoom room, Shape shape, PortNeeds ports) {
        return shape.network().mode() == NetworkSpec.Mode.NONE || room.wires(ports);
    }

    private Company company(NodeRoom room, WorkloadKey workload) {
        int siblings = room.count(workload);
        int cousins = strategy == Strategy.SPREAD ? room.count(workload.tenant()) : 0;
        return siblings == 0 && cousins == 0 ? Company.NONE : new Company(siblings, cousins);
    }

    /** Where the fullest come first, those are passed over that are too full for any such replica. */
    private int firstPlace(RoomOrder order, Amounts needs) {
        return strategy == Strategy.PACK ? order.firstBeyond(fullestFor(needs)) : 0;
    }

    /** Where the emptiest come first, they are the last. */
    private int endPlace(RoomOrder order, Amounts needs) {
        return strategy == Strategy.SPREAD ? order.firstBeyond(fullestFor(needs)) : order.size();
    }

    /** No node that is fuller has room for it. */
    private double fullestFor(Amounts needs) {
        double cpu = (double) needs.cpuMillis() / largest.cpuMillis();
        double memory = (double) needs.memoryBytes() / largest.memoryBytes();
        return 1 - Math.min(cpu, memory) + ROUNDING;
    }

    private Candidates candidates(Demand demand) {
        return candidates.computeIfAbsent(demand, wanted -> {
            Candidates found = new Candidates(new BitSet(rooms.size()), new HashMap<>(), new HashMap<>());
            for (NodeRoom room : rooms) {
                Rejection rejection = rejection(room.view, wanted);
                if (rejection == null) {
                    found.numbers.set(room.number);
                } else {
                    found.rejected.merge(rejection, 1, Integer::sum);
                    found.examples.putIfAbsent(rejection, room.view);
                }
            }
            return found;
        });
    }

    /** Who passes the filters that no placement changes, how many do not, and one of each kind of these. */
    private record Candidates(BitSet numbers, Map<Rejection, Integer> rejected, Map<Rejection, NodeView> examples) {}

    private record Rejection(Filter filter, String detail) {}

    private static final Rejection APART = new Rejection(Filter.APART, "taken by tenants that must not be met");

    /** The first of the filters that no placement changes; null when none rejects the node. */
    private static @Nullable Rejection rejection(NodeView node, Demand demand) {
        if (node.health() != NodeHealth.READY) {
            return new Rejection(Filter.NOT_READY, "not ready");
        }
        if (node.duty() != Duty.OPEN) {
            return new Rejection(Filter.CORDONED, node.duty() == Duty.DRAINING ? "draining" : "cordoned");
        }
        String lacking = lackingCapability(node, demand);
        if (lacking != null) {
            return new Rejection(Filter.CAPABILITY, "cannot enforce " + lacking);
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

    private static @Nullable String lackingCapability(NodeView node, Demand demand) {
        for (String capability : NEEDED) {
            if (!node.capabilities().contains(capability)) {
                return capability;
            }
        }
        for (String capability : new TreeSet<>(demand.capabilities)) {
            if (!node.capabilities().contains(capability)) {
                return capability;
            }
        }
        boolean connects = demand.network.mode() == NetworkSpec.Mode.NONE
                || node.capabilities().contains(NETWORK);
        return connects ? null : NETWORK;
    }

    /** What a node says of it. Nodes say it each in their own words, so one of them speaks for all. */
    private static String example(Rejection rejection, @Nullable NodeView node, Demand demand) {
        if (rejection.filter != Filter.CAPABILITY || node == null) {
            return "";
        }
        String lacking = lackingCapability(node, demand);
        String reason = lacking == null ? null : node.missing().get(lacking);
        if (reason == null && lacking != null && lacking.startsWith(Assignment.HEEDS)) {
            reason = "its agent is of a version that does not know it";
        }
        if (reason == null) {
            return "";
        }
        String cut = reason.length() <= MAX_REASON ? reason : reason.substring(0, MAX_REASON) + "...";
        return " (node " + node.name() + ": " + cut + ")";
    }

    private static boolean offers(@Nullable NodeNetwork offer, PortSpec port) {
        return offer != null && (port.hostPort() == null || offer.offers(port.hostPort()));
    }

    /** The first of the other filters but neighbours and room; null when it is room that lacks. */
    private static @Nullable Rejection occupied(NodeRoom room, Shape shape, PortNeeds needs) {
        HostPort taken = room.wirings.takenOf(needs, List.of());
        if (taken != null) {
            return new Rejection(Filter.PORT, "port " + taken + " is taken");
        }
        if (!room.wirings.rangeSuffices(needs, List.of())) {
            return new Rejection(Filter.PORT, "too few free ports");
        }
        boolean routed = shape.network().mode() != NetworkSpec.Mode.NONE;
        return routed && !room.wirings.hasAddress() ? new Rejection(Filter.ADDRESS, "no free address") : null;
    }

    private List<Reason> explain(Shape shape) {
        if (rooms.isEmpty()) {
            return List.of(new NoNodes());
        }
        Map<Rejection, Integer> counts =
                new TreeMap<>(Comparator.comparing(Rejection::filter).thenComparing(Rejection::detail));
        Candidates found = candidates(shape.demand());
        PortNeeds ports = PortNeeds.of(shape.network());
        BitSet open = open(shape);
        counts.putAll(found.rejected);
        int apart = found.numbers.cardinality() - open.cardinality();
        if (apart > 0) {
            counts.put(APART, apart);
        }
        NearestMiss nearest = null;
        double nearestShare = Double.MAX_VALUE;
        Map<Dimension, Integer> lackingMost = new EnumMap<>(Dimension.class);
        for (NodeRoom room : rooms) {
            if (!open.get(room.number)) {
                continue;
            }
            Rejection rejection = occupied(room, shape, ports);
            if (rejection != null) {
                counts.merge(rejection, 1, Integer::sum);
                continue;
            }
            Amounts lacking = shape.needs().lackingIn(room.free());
            Dimension most = mostLacking(lacking, shape.needs());
            lackingMost.merge(most, 1, Integer::sum);
            double share = share(lacking, shape.needs(), most);
            if (share < nearestShare) {
                nearestShare = share;
                nearest = new NearestMiss(room.view.name(), lacking);
            }
        }
        lackingMost.forEach(
                (dimension, count) -> counts.put(new Rejection(Filter.ROOM, "too little " + dimension.label()), count));
        List<Reason> reasons = new ArrayList<>();
        counts.forEach((rejection, count) -> reasons.add(new NodesRejected(
                rejection.filter,
                rejection.detail + example(rejection, found.examples.get(rejection), shape.demand()),
                count,
                rooms.size())));
        if (nearest != null) {
            reasons.add(nearest);
            if (isTooLarge(shape)) {
                reasons.add(new TooLarge());
            }
        }
        return List.copyOf(reasons);
    }

    /** Nodes count that take nothing now: they may again. */
    private boolean isTooLarge(Shape shape) {
        return rooms.stream().noneMatch(room -> shape.needs().fitsIn(room.view.capacity()));
    }

    private static Dimension mostLacking(Amounts lacking, Amounts needs) {
        Dimension most = Dimension.CPU;
        double share = share(lacking, needs, most);
        for (Dimension dimension : DIMENSIONS) {
            double its = share(lacking, needs, dimension);
            if (its > share) {
                most = dimension;
                share = its;
            }
        }
        return most;
    }

    private static double share(Amounts lacking, Amounts needs, Dimension dimension) {
        long lacks = lacking.get(dimension);
        return lacks == 0 ? 0 : (double) lacks / needs.get(dimension);
    }

    /** All nodes, those first that the strategy prefers, as the pass goes on. */
    private static final class RoomOrder {
        private final Comparator<NodeRoom> preference;
        private final boolean fullestFirst;
        private final NodeRoom[] rooms;

        RoomOrder(List<NodeRoom> rooms, Strategy strategy) {
            Comparator<NodeRoom> emptiest = Comparator.comparingDouble(NodeRoom::fullness)
                    .thenComparing(Comparator.comparingLong(
                                    (NodeRoom room) -> room.free().cpuMillis())
                            .reversed());
            this.preference = (strategy == Strategy.SPREAD ? emptiest : emptiest.reversed())
                    .thenComparing(room -> room.view.name().value());
            this.fullestFirst = strategy == Strategy.PACK;
            this.rooms = rooms.toArray(NodeRoom[]::new);
            Arrays.sort(this.rooms, preference);
        }

        int size() {
            return rooms.length;
        }

        NodeRoom get(int place) {
            return rooms[place];
        }

        /** The first place of a room that is on the other side of this fullness than those before it. */
        int firstBeyond(double fullness) {
            int low = 0;
            int high = rooms.length;
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (rooms[middle].fullness() > fullness == fullestFirst) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            return low;
        }

        /** Lets the room become fuller, and moves it to where it belongs then. */
        void change(NodeRoom room, Runnable take) {
            int from = Arrays.binarySearch(rooms, room, preference);
            take.run();
            boolean later = from + 1 < rooms.length && preference.compare(rooms[from + 1], room) < 0;
            int to = later ? place(room, from + 1, rooms.length) - 1 : place(room, 0, from);
            System.arraycopy(rooms, Math.min(from + 1, to), rooms, Math.min(from, to + 1), Math.abs(to - from));
            rooms[to] = room;
        }

        /** How many of the rooms before {@code end} go before this one; those before {@code start} do. */
        private int place(NodeRoom room, int start, int end) {
            int found = Arrays.binarySearch(rooms, start, end, room, preference);
            return found < 0 ? -found - 1 : found;
        }
    }
}
