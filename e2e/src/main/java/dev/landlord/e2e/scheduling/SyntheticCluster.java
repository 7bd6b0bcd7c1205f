package dev.landlord.e2e.scheduling;

import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.ImageName;
import dev.landlord.api.id.NodeName;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.id.WorkloadName;
import dev.landlord.api.plan.TenantState;
import dev.landlord.api.sync.ObservedPhase;
import dev.landlord.api.workload.NetworkSpec;
import dev.landlord.controlplane.network.Wiring;
import dev.landlord.controlplane.scheduler.Amounts;
import dev.landlord.controlplane.scheduler.ClusterSnapshot;
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
import dev.landlord.controlplane.scheduler.Scheduler;
import dev.landlord.controlplane.scheduler.WorkloadKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/** Nodes that are alike, tenants with one workload of each size, and what runs of them. Seeded; for one thread. */
final class SyntheticCluster {
    private static final int TENANTS = 200;
    private static final ImageName IMAGE = new ImageName("shop");
    private static final long GIB = 1L << 30;
    private static final Amounts NODE = new Amounts(32_000, 128 * GIB, 1 << 20, 128 * GIB, 1L << 50, 0);
    private static final Amounts WITHOUT_LIMIT =
            new Amounts(1L << 40, 1L << 60, 1L << 40, 1L << 60, 1L << 50, 1L << 60);
    private static final List<Amounts> SIZES = List.of(
            size(250, 0.5),
            size(500, 1),
            size(500, 2),
            size(1000, 1),
            size(1000, 4),
            size(1000, 8),
            size(2000, 4),
            size(2000, 8),
            size(4000, 8),
            size(4000, 12));

    private final SplittableRandom random;
    private final List<NodeView> nodes = new ArrayList<>();
    private final List<Set<Integer>> foes = new ArrayList<>();
    /** Replicas by tenant and size. */
    private final int[][] replicas = new int[TENANTS][SIZES.size()];

    private final List<AllocationView> allocations = new ArrayList<>();

    /** @param foesEach how many others each tenant keeps away from, about */
    SyntheticCluster(long seed, int count, int foesEach) {
        random = new SplittableRandom(seed);
        for (int number = 0; number < count; number++) {
            nodes.add(new NodeView(
                    new NodeName("n%05d".formatted(number)),
                    NodeHealth.READY,
                    Duty.OPEN,
                    NODE,
                    Set.copyOf(Scheduler.CAPABILITIES),
                    Map.of(),
                    Set.of(IMAGE),
                    Reach.NONE,
                    Loss.NONE));
        }
        for (int tenant = 0; tenant < TENANTS; tenant++) {
            foes.add(new HashSet<>());
        }
        for (int pair = 0; pair < TENANTS * foesEach / 2; pair++) {
            int one = random.nextInt(TENANTS);
            int other = (one + 1 + random.nextInt(TENANTS - 1)) % TENANTS;
            foes.get(one).add(other);
            foes.get(other).add(one);
        }
    }

    private static Amounts size(long cpuMillis, double gibibytes) {
        return new Amounts(cpuMillis, (long) (gibibytes * GIB), 64, GIB / 16, 1000, 0);
    }

    long cpuMillis() {
        return NODE.cpuMillis() * nodes.size();
    }

    long cpuMillis(WorkloadKey workload) {
        return SIZES.get(Integer.parseInt(workload.name().value().substring(1))).cpuMillis();
    }

    /** Lets replicas run on every node until the scarcer of its CPU and memory is used up to this share. */
    SyntheticCluster fill(double share) {
        for (NodeView node : nodes) {
            Set<Integer> there = new HashSet<>();
            Amounts used = Amounts.ZERO;
            while (used.cpuMillis() < share * NODE.cpuMillis() && used.memoryBytes() < share * NODE.memoryBytes()) {
                int tenant = random.nextInt(TENANTS);
                if (there.stream().noneMatch(foes.get(tenant)::contains)) {
                    there.add(tenant);
                    int size = random.nextInt(SIZES.size());
                    used = used.plus(SIZES.get(size));
                    run(node.name(), tenant, size);
                }
            }
        }
        return this;
    }

    private void run(NodeName node, int tenant, int size) {
        allocations.add(new AllocationView(
                new AllocationId("%016d".formatted(allocations.size())),
                key(tenant, size),
                replicas[tenant][size]++,
                node,
                1,
                ask(size),
                Amounts.ZERO,
                Wiring.NONE,
                Wanted.RUNNING,
                new Seen(ObservedPhase.RUNNING, false, 60_000, Check.NONE, false),
                0,
                false,
                false,
                false));
    }

    /** So many replicas more are wanted. */
    SyntheticCluster order(int count) {
        for (int number = 0; number < count; number++) {
            replicas[random.nextInt(TENANTS)][random.nextInt(SIZES.size())]++;
        }
        return this;
    }

    /** Replicas are wanted until they ask for this much CPU. */
    SyntheticCluster orderCpu(long cpuMillis) {
        long ordered = 0;
        while (ordered < cpuMillis) {
            int size = random.nextInt(SIZES.size());
            replicas[random.nextInt(TENANTS)][size]++;
            ordered += SIZES.get(size).cpuMillis();
        }
        return this;
    }

    ClusterSnapshot snapshot() {
        List<TenantView> tenants = new ArrayList<>();
        List<WorkloadView> workloads = new ArrayList<>();
        for (int tenant = 0; tenant < TENANTS; tenant++) {
            Set<TenantName> avoids = new HashSet<>();
            foes.get(tenant).forEach(foe -> avoids.add(name(foe)));
            tenants.add(new TenantView(name(tenant), TenantState.ACTIVE, WITHOUT_LIMIT, 50, "standard", avoids));
            for (int size = 0; size < SIZES.size(); size++) {
                workloads.add(new WorkloadView(key(tenant, size), 1, 0, replicas[tenant][size], ask(size), false));
            }
        }
        return new ClusterSnapshot(nodes, tenants, workloads, allocations);
    }

    private static Ask ask(int size) {
        return new Ask(SIZES.get(size), IMAGE, NetworkSpec.NONE, Set.of());
    }

    private static WorkloadKey key(int tenant, int size) {
        return new WorkloadKey(name(tenant), new WorkloadName("w" + size));
    }

    private static TenantName name(int tenant) {
        return new TenantName("t%03d".formatted(tenant));
    }
}
