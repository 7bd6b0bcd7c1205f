package dev.landlord.controlplane.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.api.id.TenantName;
import dev.landlord.api.id.WorkloadName;
import dev.landlord.api.plan.TenantState;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.AllocationView;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.TenantView;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.WorkloadView;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What must hold for every cluster and every history. The name of a failed case is its seed. */
class SchedulerPropertyTest {
    private static final Scheduler SCHEDULER = new Scheduler(5, 1000);
    private static final int STEPS = 60;
    private static final int PASSES_TO_SETTLE = 400;

    static LongStream seeds() {
        return LongStream.range(0, 300);
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
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void updateKeepsServing(boolean roomForOneMore) {
        int replicas = 4;
        SimulatedCluster cluster = new SimulatedCluster(7);
        cluster.nodes.clear();
        cluster.addNode(
                "n1", times(new Amounts(100, 64 << 20, 10, 1 << 20, 10), roomForOneMore ? replicas + 1 : replicas));
        WorkloadView first = shop(cluster, replicas);
        settle(cluster);
        cluster.put(first, replicas, 1, 0, false);
        WorkloadView second = workload(cluster, first.key());
        // The version alone differs, so that it is the same room that is asked for.
        cluster.workloads.put(
                second.key(), new WorkloadView(second.key(), 2, 0, replicas, first.needs(), second.image(), false));

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
        Amounts much = times(new Amounts(100, 64 << 20, 10, 1 << 20, 10), 100);
        cluster.tenants.put(alice, new TenantView(alice, TenantState.ACTIVE, much, 1));
        WorkloadView shop = new WorkloadView(
                new WorkloadKey(alice, new WorkloadName("shop")),
                1,
                0,
                replicas,
                new Amounts(100, 64 << 20, 10, 1 << 20, 10),
                SimulatedCluster.IMAGE,
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
        assertEveryMissingReplicaIsExplained(before, plan);
        cluster.apply(plan);
        assertNothingIsExceeded(cluster, plan);
        return plan;
    }

    private record Replica(WorkloadKey workload, int index) {}

    private static void assertEveryMissingReplicaIsExplained(ClusterSnapshot before, Plan plan) {
        Set<Replica> live = before.allocations().stream()
                .filter(AllocationView::live)
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
        plan.unplaceable().stream().filter(waiting -> !waiting.replacement()).forEach(waiting -> {
            assertThat(waiting.reasons()).isNotEmpty();
            waiting.indexes().forEach(index -> accounted.add(new Replica(waiting.workload(), index)));
        });
        assertThat(accounted).containsExactlyInAnyOrderElementsOf(missing);
    }

    private static void assertNothingIsExceeded(SimulatedCluster cluster, Plan plan) {
        cluster.nodes
                .values()
                .forEach(node -> assertThat(
                                sum(cluster, allocation -> allocation.node().equals(node.name()))
                                        .fitsIn(node.capacity()))
                        .as("node " + node.name())
                        .isTrue());
        cluster.tenants
                .values()
                .forEach(tenant -> assertThat(sum(
                                        cluster,
                                        allocation ->
                                                allocation.workload().tenant().equals(tenant.name()))
                                .fitsIn(tenant.plan()))
                        .as("plan of " + tenant.name())
                        .isTrue());
        for (Decision decision : plan.decisions()) {
            if (decision instanceof Decision.Place place) {
                int held = count(cluster, allocation -> allocation.workload().equals(place.workload()));
                WorkloadView workload = workload(cluster, place.workload());
                assertThat(held).as("allocations of " + place.workload()).isLessThanOrEqualTo(workload.replicas() + 1);
                assertThat(place.index()).isLessThan(workload.replicas());
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

    private static Amounts sum(SimulatedCluster cluster, Predicate<AllocationView> which) {
        return cluster.allocations.values().stream()
                .filter(allocation -> !allocation.seen().gone() && which.test(allocation))
                .map(AllocationView::holds)
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
                one.inodes() * factor);
    }
}
