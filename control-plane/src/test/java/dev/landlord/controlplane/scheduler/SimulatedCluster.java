package dev.landlord.controlplane.scheduler;

import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.ImageName;
import dev.landlord.api.id.NodeName;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.id.WorkloadName;
import dev.landlord.api.network.NodeNetwork;
import dev.landlord.api.plan.TenantState;
import dev.landlord.api.sync.ObservedPhase;
import dev.landlord.api.workload.NetworkSpec;
import dev.landlord.api.workload.PortSpec;
import dev.landlord.api.workload.Protocol;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.AllocationView;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.Ask;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.Check;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.Duty;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.Loss;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.NodeHealth;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.NodeView;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.Reach;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.Seen;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.TenantView;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.Wanted;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.WorkloadView;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A cluster in memory: carries plans out, and lets tenants, operators and nodes do random things. Seeded. */
final class SimulatedCluster {
    static final ImageName IMAGE = new ImageName("busybox");
    private static final List<String> TENANTS = List.of("alice", "bob", "eve");
    private static final Set<String> CAPABILITIES = Stream.concat(
                    NodeSearch.NEEDED.stream(), Stream.of(NodeSearch.NETWORK))
            .collect(Collectors.toSet());

    private final SplittableRandom random;
    final Map<NodeName, NodeView> nodes = new TreeMap<>((a, b) -> a.value().compareTo(b.value()));
    final Map<TenantName, TenantView> tenants = new LinkedHashMap<>();
    final Map<WorkloadKey, WorkloadView> workloads = new TreeMap<>();
    final Map<AllocationId, AllocationView> allocations = new LinkedHashMap<>();
    private int born;

    SimulatedCluster(long seed) {
        random = new SplittableRandom(seed);
        int count = random.nextInt(1, 6);
        for (int number = 0; number < count; number++) {
            long size = random.nextLong(2, 20);
            addNode("n" + number, amounts(size, size % 3 == 0 ? 0 : size << 24));
        }
        for (String name : TENANTS) {
            long size = random.nextLong(1, 30);
            TenantName tenant = new TenantName(name);
            Amounts plan = amounts(size, size << 24);
            tenants.put(
                    tenant, new TenantView(tenant, TenantState.ACTIVE, plan, random.nextInt(3), "standard", Set.of()));
        }
    }

    private static Amounts amounts(long size, long swapBytes) {
        return new Amounts(size * 100, size << 26, size * 50, size << 26, size * 1000, swapBytes);
    }

    void addNode(String name, Amounts capacity) {
        NodeName node = new NodeName(name);
        Reach reach = new Reach(random.nextInt(4, 30), new NodeNetwork("10.0.0.1", 20_000, 20_007, Set.of(80)));
        nodes.put(
                node,
                new NodeView(
                        node,
                        NodeHealth.READY,
                        Duty.OPEN,
                        capacity,
                        CAPABILITIES,
                        Map.of(),
                        Set.of(IMAGE),
                        reach,
                        Loss.NONE));
    }

    void change(NodeName name, NodeHealth health, Duty duty, Loss loss) {
        nodes.computeIfPresent(
                name,
                (key, node) -> new NodeView(
                        name,
                        health,
                        duty,
                        node.capacity(),
                        node.capabilities(),
                        node.missing(),
                        node.images(),
                        node.reach(),
                        loss));
    }

    boolean isLost(NodeName name) {
        NodeView node = nodes.get(name);
        return node != null && node.health() == NodeHealth.LOST;
    }

    /** In a random order, because the order must not matter. */
    ClusterSnapshot snapshot() {
        return new ClusterSnapshot(
                shuffled(nodes.values()),
                shuffled(tenants.values()),
                shuffled(workloads.values()),
                shuffled(allocations.values()));
    }

    private <T> List<T> shuffled(Iterable<T> values) {
        List<T> list = new ArrayList<>();
        values.forEach(list::add);
        Collections.shuffle(list, new Random(random.nextLong()));
        return list;
    }

    void apply(Plan plan) {
        plan.decisions().forEach(this::apply);
        workloads
                .values()
                .removeIf(workload -> workload.deleting()
                        && allocations.values().stream()
                                .noneMatch(allocation -> allocation.workload().equals(workload.key())));
    }

    private void apply(Decision decision) {
        switch (decision) {
            case Decision.Place place -> {
                place.displaces().forEach(id -> displace(id, true));
                add(place);
            }
            case Decision.Reclaim reclaim -> {
                reclaim.displaces().forEach(id -> displace(id, true));
                displace(reclaim.allocation(), false);
            }
            case Decision.Stop stop -> want(stop.allocation(), Wanted.STOPPED);
            case Decision.Release release -> want(release.allocation(), Wanted.RELEASED);
            case Decision.Resize resize -> resize(resize);
            case Decision.Remove remove -> allocations.remove(remove.allocation());
            case Decision.Restart restart -> {
                AllocationView old = get(restart.allocation());
                put(with(old, old.wanted(), old.seen(), restart.restartCounter(), true));
            }
        }
    }

    private void add(Decision.Place place) {
        WorkloadView workload = workloads.get(place.workload());
        if (workload == null) {
            throw new AssertionError("placed " + place + " of no workload");
        }
        put(new AllocationView(
                new AllocationId("%08d".formatted(born++)),
                place.workload(),
                place.index(),
                place.node(),
                place.specVersion(),
                place.specVersion() == workload.specVersion()
                        ? workload.ask()
                        : get(place.displaces().getFirst()).ask(),
                Amounts.ZERO,
                place.wiring(),
                Wanted.RUNNING,
                Seen.NOTHING_YET,
                place.restartCounter(),
                false,
                false,
                isResizable(place.workload())));
    }

    /** Of the second workload of each tenant nothing but limits ever changes. */
    private static boolean isResizable(WorkloadKey workload) {
        return workload.name().value().equals("w1");
    }

    private void resize(Decision.Resize resize) {
        AllocationView old = get(resize.allocation());
        WorkloadView workload = workloads.get(old.workload());
        if (workload == null || !old.live() || old.displaced() || workload.specVersion() != resize.specVersion()) {
            throw new AssertionError(old + " must not be resized: " + resize);
        }
        put(new AllocationView(
                old.id(),
                old.workload(),
                old.index(),
                old.node(),
                resize.specVersion(),
                workload.ask(),
                old.holds(),
                old.wiring(),
                old.wanted(),
                old.seen(),
                old.restartCounter(),
                old.restarting(),
                false,
                true));
    }

    private AllocationView get(AllocationId id) {
        AllocationView found = allocations.get(id);
        if (found == null) {
            throw new AssertionError("no allocation " + id);
        }
        return found;
    }

    private void want(AllocationId id, Wanted wanted) {
        AllocationView old = get(id);
        put(with(old, wanted, old.seen(), old.restartCounter(), old.restarting()));
    }

    private void displace(AllocationId id, boolean displaced) {
        AllocationView old = get(id);
        if (old.displaced() == displaced || !old.live()) {
            throw new AssertionError(old + " must not become displaced: " + displaced);
        }
        put(new AllocationView(
                id,
                old.workload(),
                old.index(),
                old.node(),
                old.specVersion(),
                old.ask(),
                old.applied(),
                old.wiring(),
                old.wanted(),
                old.seen(),
                old.restartCounter(),
                old.restarting(),
                displaced,
                old.resizable()));
    }

    private static AllocationView with(
            AllocationView old, Wanted wanted, Seen seen, long restartCounter, boolean restarting) {
        return new AllocationView(
                old.id(),
                old.workload(),
                old.index(),
                old.node(),
                old.specVersion(),
                old.ask(),
                old.applied(),
                old.wiring(),
                wanted,
                seen,
                restartCounter,
                restarting,
                old.displaced(),
                old.resizable());
    }

    private void put(AllocationView allocation) {
        allocations.put(allocation.id(), allocation);
    }

    /** Something that a person does. */
    void act() {
        switch (random.nextInt(12)) {
            case 0 -> random(tenants).ifPresent(this::toggle);
            case 1, 10 -> random(nodes).ifPresent(this::changeNode);
            case 11 -> random(tenants).ifPresent(this::changeNeighbours);
            case 2 -> random(workloads).ifPresent(workload -> put(workload, workload.replicas(), 0, 1, false));
            case 3 -> random(workloads).ifPresent(workload -> put(workload, workload.replicas(), 0, 0, true));
            case 4, 5 ->
                random(workloads).ifPresent(workload -> put(workload, random.nextInt(0, 6), 0, 0, workload.deleting()));
            case 6, 7 -> random(workloads).ifPresent(workload -> put(workload, workload.replicas(), 1, 0, false));
            default -> put(fresh(), random.nextInt(0, 6), 0, 0, false);
        }
    }

    private WorkloadView fresh() {
        TenantName tenant = new TenantName(TENANTS.get(random.nextInt(TENANTS.size())));
        WorkloadKey key = new WorkloadKey(tenant, new WorkloadName("w" + random.nextInt(4)));
        WorkloadView known = workloads.get(key);
        return known != null ? known : new WorkloadView(key, 1, 0, 0, ask(), false);
    }

    private Ask ask() {
        return new Ask(needs(), IMAGE, network(), Set.of());
    }

    private Ask resized(WorkloadView old) {
        Ask before = old.ask();
        return new Ask(needs(), IMAGE, isResizable(old.key()) ? before.network() : network(), Set.of());
    }

    private Amounts needs() {
        long size = random.nextLong(1, 5);
        return new Amounts(size * 50, size << 25, size * 10, size << 24, size * 100, size % 2 << 24);
    }

    private NetworkSpec network() {
        List<PortSpec> ports = new ArrayList<>();
        int count = random.nextInt(3);
        for (int number = 0; number < count; number++) {
            Protocol protocol = any(Protocol.values());
            Integer fixed = number == 0 && random.nextInt(4) == 0 ? (random.nextBoolean() ? 80 : 20_003) : null;
            ports.add(new PortSpec("p" + number, 8000 + number, protocol, fixed));
        }
        return random.nextBoolean() ? new NetworkSpec(NetworkSpec.Mode.ROUTED, ports) : NetworkSpec.NONE;
    }

    void put(WorkloadView old, int replicas, int versions, int restarts, boolean deleting) {
        boolean resized = versions > 0 && random.nextInt(3) == 0;
        workloads.put(
                old.key(),
                new WorkloadView(
                        old.key(),
                        old.specVersion() + versions,
                        old.restartCounter() + restarts,
                        replicas,
                        resized ? resized(old) : old.ask(),
                        old.deleting() || deleting));
    }

    private void toggle(TenantView tenant) {
        TenantState state = tenant.state() == TenantState.ACTIVE ? TenantState.SUSPENDED : TenantState.ACTIVE;
        put(tenant, state, tenant.trustClass(), tenant.avoids());
    }

    private void changeNeighbours(TenantView tenant) {
        String trustClass = random.nextInt(4) == 0 ? "special" : "standard";
        Set<TenantName> avoids = tenants.keySet().stream()
                .filter(other -> !other.equals(tenant.name()) && random.nextInt(3) == 0)
                .collect(Collectors.toSet());
        put(tenant, tenant.state(), trustClass, avoids);
    }

    void put(TenantView old, TenantState state, String trustClass, Set<TenantName> avoids) {
        tenants.put(old.name(), new TenantView(old.name(), state, old.plan(), old.priority(), trustClass, avoids));
    }

    private void changeNode(NodeView node) {
        NodeHealth health = any(NodeHealth.values());
        Duty duty = random.nextInt(3) == 0 ? any(Duty.values()) : Duty.OPEN;
        change(node.name(), health, duty, new Loss(random.nextLong(2_000_000), random.nextInt(4) == 0));
    }

    /** Everything is well again, and stays so. */
    void calm() {
        List.copyOf(nodes.keySet()).forEach(name -> change(name, NodeHealth.READY, Duty.OPEN, Loss.NONE));
        List.copyOf(tenants.values())
                .forEach(tenant -> put(tenant, TenantState.ACTIVE, tenant.trustClass(), tenant.avoids()));
    }

    /** Nodes report of all allocations: what was told to run runs, what was told to stop stops. */
    void everythingWorks() {
        report(1, true);
    }

    /** Nodes report of some allocations; of the rest the control plane hears nothing new. */
    void someWork() {
        report(3, true);
    }

    /** The same, and any program may be in any phase, or be gone from its host. */
    void anythingHappens() {
        report(3, false);
    }

    /** Nobody hears of what happens on a lost node. */
    private void report(int oneIn, boolean healthy) {
        for (AllocationView allocation : List.copyOf(allocations.values())) {
            if (random.nextInt(oneIn) > 0 || isLost(allocation.node())) {
                continue;
            }
            Seen seen = switch (allocation.wanted()) {
                case RUNNING -> running(allocation, healthy);
                case STOPPED -> seen(ObservedPhase.STOPPED, false);
                case RELEASED -> seen(ObservedPhase.STOPPED, true);
            };
            Amounts applied = applied(allocation, seen, healthy);
            put(with(with(allocation, allocation.wanted(), seen, allocation.restartCounter(), false), applied));
        }
    }

    /** While it runs its node may fail to lower its limits. */
    private Amounts applied(AllocationView allocation, Seen seen, boolean healthy) {
        if (!seen.running()) {
            return Amounts.ZERO;
        }
        return healthy || random.nextBoolean() ? allocation.ask().needs() : allocation.applied();
    }

    private static AllocationView with(AllocationView old, Amounts applied) {
        return new AllocationView(
                old.id(),
                old.workload(),
                old.index(),
                old.node(),
                old.specVersion(),
                old.ask(),
                applied,
                old.wiring(),
                old.wanted(),
                old.seen(),
                old.restartCounter(),
                old.restarting(),
                old.displaced(),
                old.resizable());
    }

    /** The first workload of each tenant has a health check. */
    private Seen running(AllocationView allocation, boolean healthy) {
        if (!healthy && random.nextInt(50) == 0) {
            return seen(ObservedPhase.STOPPED, true);
        }
        ObservedPhase phase = healthy ? ObservedPhase.RUNNING : any(ObservedPhase.values());
        boolean checked = allocation.workload().name().value().equals("w0");
        boolean passes = healthy || random.nextBoolean();
        return new Seen(
                phase,
                false,
                phase == ObservedPhase.RUNNING ? 10_000 : 0,
                checked ? (passes ? Check.PASSED : Check.WAITING) : Check.NONE,
                false);
    }

    private <T> T any(T[] values) {
        return values[random.nextInt(values.length)];
    }

    private static Seen seen(ObservedPhase phase, boolean gone) {
        return new Seen(phase, false, 0, Check.NONE, gone);
    }

    private <K, V> Optional<V> random(Map<K, V> from) {
        return from.isEmpty()
                ? Optional.empty()
                : from.values().stream().skip(random.nextInt(from.size())).findFirst();
    }
}
