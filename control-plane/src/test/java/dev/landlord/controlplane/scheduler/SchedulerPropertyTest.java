package dev.landlord.controlplane.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.api.id.NodeName;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.id.WorkloadName;
import dev.landlord.api.plan.TenantState;
import dev.landlord.api.workload.NetworkSpec;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.AllocationView;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.Ask;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.Duty;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.Loss;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.NodeHealth;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.NodeView;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.TenantView;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.WorkloadView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What must hold for every cluster and every history. The name of a failed case is its seed. */
class SchedulerPropertyTest {
    private static final Scheduler SCHEDULER = new Scheduler(5, 1000, Scheduler.Strategy.SPREAD);
    private static final int STEPS = 60;
    private static final int PASSES_TO_SETTLE = 400;

    static LongStream seeds() {
        return LongStream.range(0, 300);
    }

    static LongStream fewSeeds() {
        return LongStream.range(0, 40);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void invariantsHoldAndTheClusterSettles(long seed) {
        SimulatedCluster cluster = new SimulatedCluster(seed);
        for (int step = 0; step < STEPS; step++) {
            cluster.act();
            pass(cluster);
            cluster.anythingHappens();
        }
        cluster.calm();
        Plan last = settle(cluster);

        assertThat(last.truncated()).isFalse();
        last.unplaceable()
                .forEach(waiting -> assertThat(waiting.reasons())
                        .as("%s", waiting)
                        .noneMatch(reason -> reason instanceof Reason.StillStopping
                                || reason instanceof Reason.ReplicaNotRunning
                                || reason instanceof Reason.NextPass));
        cluster.workloads.values().forEach(workload -> assertSettled(cluster, workload, last));
        assertThat(cluster.allocations.values()).noneMatch(AllocationView::displaced);
        assertApartOrExplained(cluster, last);
    }

    private static void assertApartOrExplained(SimulatedCluster cluster, Plan last) {
        for (AllocationView one : cluster.allocations.values()) {
            for (AllocationView other : cluster.allocations.values()) {
                boolean meet = one.node().equals(other.node())
                        && areApart(
                                cluster,
                                one.workload().tenant(),
                                other.workload().tenant());
                assertThat(!meet || isExplained(last, one) || isExplained(last, other))
                        .as("%s and %s", one, other)
                        .isTrue();
            }
        }
    }

    private static boolean isExplained(Plan plan, AllocationView allocation) {
        return plan.unplaceable().stream()
                .anyMatch(waiting -> waiting.waits() != Plan.Waits.PLACE
                        && waiting.workload().equals(allocation.workload())
                        && waiting.indexes().contains(allocation.index()));
    }

    /** Every node but the drained one is empty and alike, so there is room. */
    @ParameterizedTest
    @MethodSource("fewSeeds")
    void drainedNodeEndsEmptyAndEverybodyIsServedAllTheTime(long seed) {
        SimulatedCluster cluster = roomy(seed);
        settle(cluster);
        Map<WorkloadKey, Integer> before = serving(cluster);
        assertThat(before).isNotEmpty();
        NodeName drained = cluster.nodes.keySet().iterator().next();
        cluster.change(drained, NodeHealth.READY, Duty.DRAINING, Loss.NONE);
        for (int round = 0; round < 300; round++) {
            pass(cluster);
            cluster.workloads
                    .keySet()
                    .forEach(key -> assertThat(count(
                                    cluster, allocation -> allocation.workload().equals(key) && allocation.displaced()))
                            .as("one at a time of " + key)
                            .isLessThanOrEqualTo(1));
            serving(cluster).forEach((key, now) -> assertThat(now).isGreaterThanOrEqualTo(before.getOrDefault(key, 0)));
            cluster.someWork();
        }
        settle(cluster);
        assertThat(count(cluster, allocation -> allocation.node().equals(drained)))
                .isZero();
    }

    @ParameterizedTest
    @MethodSource("fewSeeds")
    void whatIsLostIsReplacedInTheNextPassAndWhatReturnsEnds(long seed) {
        SimulatedCluster cluster = roomy(seed);
        settle(cluster);
        NodeName lost = cluster.nodes.keySet().iterator().next();
        List<AllocationView> stranded = cluster.allocations.values().stream()
                .filter(allocation -> allocation.node().equals(lost))
                .toList();
        cluster.change(lost, NodeHealth.LOST, Duty.OPEN, Loss.NONE);
        Plan plan = new Scheduler(1000, 1000, Scheduler.Strategy.SPREAD).plan(cluster.snapshot());
        assertThat(plan.decisions().stream()
                        .filter(Decision.Place.class::isInstance)
                        .flatMap(decision -> ((Decision.Place) decision).displaces().stream()))
                .containsExactlyInAnyOrderElementsOf(
                        stranded.stream().map(AllocationView::id).toList());
        cluster.apply(plan);
        pass(cluster);
        cluster.someWork();
        cluster.change(lost, NodeHealth.READY, Duty.OPEN, Loss.NONE);
        settle(cluster);
        cluster.workloads
                .values()
                .forEach(workload -> assertThat(count(
                                cluster, allocation -> allocation.workload().equals(workload.key())))
                        .isEqualTo(workload.replicas()));
    }

    @ParameterizedTest
    @MethodSource("fewSeeds")
    void massLossIsNotReplacedUntilItIsConfirmed(long seed) {
        SimulatedCluster cluster = roomy(seed);
        settle(cluster);
        List<NodeName> lost = cluster.nodes.keySet().stream().limit(2).toList();
        lost.forEach(name -> cluster.change(name, NodeHealth.LOST, Duty.OPEN, Loss.NONE));
        Plan braked = pass(cluster);
        assertThat(braked.brake()).isEqualTo(new Plan.Brake(true, 2, 4));
        assertThat(braked.decisions()).isEmpty();
        lost.forEach(name -> cluster.change(name, NodeHealth.LOST, Duty.OPEN, new Loss(5, true)));
        Plan confirmed = pass(cluster);
        assertThat(confirmed.brake().engaged()).isFalse();
        assertThat(confirmed.decisions()).isNotEmpty();
    }

    /** Four large nodes, and a few small workloads of random shape on all of them. */
    private static SimulatedCluster roomy(long seed) {
        SimulatedCluster cluster = new SimulatedCluster(seed);
        cluster.nodes.clear();
        for (int number = 0; number < 4; number++) {
            cluster.addNode("n" + number, times(new Amounts(100, 64 << 20, 10, 1 << 20, 10, 0), 1000));
        }
        WorkloadView shop = shop(cluster, 5);
        cluster.workloads.put(
                new WorkloadKey(shop.key().tenant(), new WorkloadName("w0")),
                new WorkloadView(
                        new WorkloadKey(shop.key().tenant(), new WorkloadName("w0")), 1, 0, 4, shop.ask(), false));
        return cluster;
    }

    private static Map<WorkloadKey, Integer> serving(SimulatedCluster cluster) {
        return cluster.allocations.values().stream()
                .filter(allocation -> allocation.live() && allocation.seen().arrived(1000))
                .collect(Collectors.toMap(AllocationView::workload, allocation -> 1, Integer::sum));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void updateKeepsServing(boolean roomForOneMore) {
        int replicas = 4;
        SimulatedCluster cluster = new SimulatedCluster(7);
        cluster.nodes.clear();
        cluster.addNode(
                "n1", times(new Amounts(100, 64 << 20, 10, 1 << 20, 10, 0), roomForOneMore ? replicas + 1 : replicas));
        WorkloadView first = shop(cluster, replicas);
        settle(cluster);
        cluster.put(first, replicas, 1, 0, false);
        WorkloadView second = workload(cluster, first.key());
        // The version alone differs, so that it is the same room that is asked for.
        cluster.workloads.put(second.key(), new WorkloadView(second.key(), 2, 0, replicas, first.ask(), false));

        int least = replicas;
        for (int round = 0; round < 100; round++) {
            pass(cluster);
            int serving = count(
                    cluster,
                    allocation -> allocation.live() && allocation.seen().running());
            least = Math.min(least, serving);
            cluster.someWork();
        }

        assertThat(least).isEqualTo(roomForOneMore ? replicas : replicas - 1);
        assertThat(count(cluster, allocation -> allocation.specVersion() == 2)).isEqualTo(replicas);
    }

    private static WorkloadView shop(SimulatedCluster cluster, int replicas) {
        TenantName alice = new TenantName("alice");
        Amounts much = times(new Amounts(100, 64 << 20, 10, 1 << 20, 10, 0), 100);
        cluster.tenants.put(alice, new TenantView(alice, TenantState.ACTIVE, much, 1, "standard", Set.of()));
        WorkloadView shop = new WorkloadView(
                new WorkloadKey(alice, new WorkloadName("shop")),
                1,
                0,
                replicas,
                new Ask(
                        new Amounts(100, 64 << 20, 10, 1 << 20, 10, 0),
                        SimulatedCluster.IMAGE,
                        NetworkSpec.NONE,
                        Set.of()),
                false);
        cluster.workloads.put(shop.key(), shop);
        return shop;
    }

    private static WorkloadView workload(SimulatedCluster cluster, WorkloadKey key) {
        WorkloadView found = cluster.workloads.get(key);
        assertThat(found).isNotNull();
        return found == null ? shop(cluster, 0) : found;
    }

    private static Plan settle(SimulatedCluster cluster) {
        for (int pass = 0; pass < PASSES_TO_SETTLE; pass++) {
            cluster.everythingWorks();
            Plan plan = pass(cluster);
            if (plan.decisions().isEmpty()) {
                return plan;
            }
        }
        throw new AssertionError("does not settle in " + PASSES_TO_SETTLE + " passes");
    }

    private static Plan pass(SimulatedCluster cluster) {
        ClusterSnapshot before = cluster.snapshot();
        Plan plan = SCHEDULER.plan(before);
        assertThat(SCHEDULER.plan(cluster.snapshot()))
                .as("the order of the snapshot does not matter")
                .isEqualTo(plan);
        assertEveryMissingReplicaIsExplained(cluster, before, plan);
        assertLossesAreLeftAloneWhileBraked(cluster, plan);
        cluster.apply(plan);
        assertNothingIsThereTwice(cluster);
        assertNeighboursMayMeet(cluster, plan);
        assertNothingIsExceeded(cluster, plan);
        return plan;
    }

    private record Replica(WorkloadKey workload, int index) {}

    private static void assertEveryMissingReplicaIsExplained(
            SimulatedCluster cluster, ClusterSnapshot before, Plan plan) {
        Set<Replica> live = before.allocations().stream()
                .filter(allocation -> allocation.live() && !cluster.isLost(allocation.node()))
                .map(allocation -> new Replica(allocation.workload(), allocation.index()))
                .collect(Collectors.toSet());
        Set<Replica> missing = before.workloads().stream()
                .filter(workload -> !workload.deleting())
                .flatMap(workload ->
                        IntStream.range(0, workload.replicas()).mapToObj(index -> new Replica(workload.key(), index)))
                .filter(replica -> !live.contains(replica))
                .collect(Collectors.toSet());
        List<Replica> accounted = new ArrayList<>();
        for (Decision decision : plan.decisions()) {
            if (decision instanceof Decision.Place place
                    && !live.contains(new Replica(place.workload(), place.index()))) {
                accounted.add(new Replica(place.workload(), place.index()));
            }
        }
        plan.unplaceable().stream()
                .filter(waiting -> waiting.waits() == Plan.Waits.PLACE)
                .forEach(waiting -> {
                    assertThat(waiting.reasons()).isNotEmpty();
                    waiting.indexes().forEach(index -> accounted.add(new Replica(waiting.workload(), index)));
                });
        assertThat(accounted).containsExactlyInAnyOrderElementsOf(missing);
    }

    private static void assertNothingIsExceeded(SimulatedCluster cluster, Plan plan) {
        cluster.nodes
                .values()
                .forEach(node -> assertThat(
                                sum(cluster, allocation -> allocation.node().equals(node.name()), AllocationView::holds)
                                        .fitsIn(node.capacity()))
                        .as("node " + node.name())
                        .isTrue());
        plan.decisions().stream()
                .filter(Decision.Place.class::isInstance)
                .map(decision -> ((Decision.Place) decision).workload().tenant())
                .distinct()
                .forEach(tenant -> assertThat(sum(
                                        cluster,
                                        allocation -> !allocation.displaced()
                                                && allocation
                                                        .workload()
                                                        .tenant()
                                                        .equals(tenant),
                                        allocation -> allocation.ask().needs())
                                .fitsIn(plan(cluster, tenant)))
                        .as("plan of " + tenant)
                        .isTrue());
        for (Decision decision : plan.decisions()) {
            if (decision instanceof Decision.Place place) {
                int held = count(
                        cluster,
                        allocation -> allocation.workload().equals(place.workload())
                                && !allocation.displaced()
                                && !cluster.isLost(allocation.node()));
                WorkloadView workload = workload(cluster, place.workload());
                assertThat(held).as("allocations of " + place.workload()).isLessThanOrEqualTo(workload.replicas() + 1);
                assertThat(place.index()).isLessThan(workload.replicas());
            }
        }
    }

    private static Amounts plan(SimulatedCluster cluster, TenantName tenant) {
        TenantView view = cluster.tenants.get(tenant);
        return view == null ? Amounts.ZERO : view.plan();
    }

    /** Ports and addresses of a node, and allocations that count of one version of a replica. */
    private static void assertNothingIsThereTwice(SimulatedCluster cluster) {
        List<AllocationView> there = cluster.allocations.values().stream()
                .filter(allocation -> !allocation.seen().gone())
                .toList();
        assertThat(there.stream()
                        .flatMap(allocation ->
                                allocation.wiring().ports().stream().map(port -> allocation.node() + " " + port)))
                .doesNotHaveDuplicates();
        assertThat(there.stream()
                        .filter(allocation -> allocation.wiring().host() > 0)
                        .map(allocation ->
                                allocation.node() + " " + allocation.wiring().host()))
                .doesNotHaveDuplicates();
        assertThat(there.stream()
                        .filter(allocation -> allocation.live() && !allocation.displaced())
                        .map(allocation ->
                                allocation.workload() + " " + allocation.index() + " " + allocation.specVersion()))
                .doesNotHaveDuplicates();
        there.forEach(allocation -> {
            NodeView node = cluster.nodes.get(allocation.node());
            assertThat(node).isNotNull();
            if (node != null) {
                assertThat(allocation.wiring().host())
                        .isLessThanOrEqualTo(node.reach().lastHost());
            }
        });
    }

    private static void assertNeighboursMayMeet(SimulatedCluster cluster, Plan plan) {
        for (Decision decision : plan.decisions()) {
            if (decision instanceof Decision.Place place) {
                assertThat(cluster.allocations.values().stream()
                                .filter(allocation -> allocation.node().equals(place.node())
                                        && !allocation.seen().gone())
                                .map(allocation -> allocation.workload().tenant())
                                .filter(other ->
                                        areApart(cluster, place.workload().tenant(), other)))
                        .as("%s", place)
                        .isEmpty();
            }
        }
    }

    private static boolean areApart(SimulatedCluster cluster, TenantName one, TenantName other) {
        TenantView first = cluster.tenants.get(one);
        TenantView second = cluster.tenants.get(other);
        return first != null
                && second != null
                && (first.avoids().contains(other)
                        || second.avoids().contains(one)
                        || !first.trustClass().equals(second.trustClass()));
    }

    private static void assertLossesAreLeftAloneWhileBraked(SimulatedCluster cluster, Plan plan) {
        if (!plan.brake().engaged()) {
            return;
        }
        for (Decision decision : plan.decisions()) {
            if (decision instanceof Decision.Place place) {
                assertThat(place.displaces().stream()
                                .map(cluster.allocations::get)
                                .filter(Objects::nonNull)
                                .map(allocation -> cluster.nodes.get(allocation.node()))
                                .filter(Objects::nonNull)
                                .filter(node -> node.health() == NodeHealth.LOST
                                        && !node.loss().confirmed()))
                        .as("%s", place)
                        .isEmpty();
            }
        }
    }

    /** Each replica has exactly one allocation, of the newest version unless the plan says why not. */
    private static void assertSettled(SimulatedCluster cluster, WorkloadView workload, Plan last) {
        for (int index = 0; index < workload.replicas(); index++) {
            int number = index;
            List<AllocationView> have = cluster.allocations.values().stream()
                    .filter(allocation -> allocation.workload().equals(workload.key()) && allocation.index() == number)
                    .toList();
            boolean explained = last.unplaceable().stream()
                    .anyMatch(waiting -> waiting.workload().equals(workload.key())
                            && waiting.indexes().contains(number));
            boolean upToDate = have.size() == 1
                    && have.getFirst().specVersion() == workload.specVersion()
                    && have.getFirst().restartCounter() == workload.restartCounter();
            assertThat(upToDate || (explained && have.size() <= 1))
                    .as("%s replica %d: %s", workload, index, have)
                    .isTrue();
        }
        assertThat(count(cluster, allocation -> allocation.workload().equals(workload.key())))
                .isLessThanOrEqualTo(workload.replicas());
    }

    private static Amounts sum(
            SimulatedCluster cluster, Predicate<AllocationView> which, Function<AllocationView, Amounts> what) {
        return cluster.allocations.values().stream()
                .filter(allocation -> !allocation.seen().gone() && which.test(allocation))
                .map(what)
                .reduce(Amounts.ZERO, Amounts::plus);
    }

    private static int count(SimulatedCluster cluster, Predicate<AllocationView> which) {
        return Math.toIntExact(cluster.allocations.values().stream()
                .filter(allocation -> !allocation.seen().gone() && which.test(allocation))
                .count());
    }

    private static Amounts times(Amounts one, int factor) {
        return new Amounts(
                one.cpuMillis() * factor,
                one.memoryBytes() * factor,
                one.pids() * factor,
                one.diskBytes() * factor,
                one.inodes() * factor,
                one.swapBytes() * factor);
    }
}
