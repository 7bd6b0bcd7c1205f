package dev.landlord.e2e.scheduling;

import dev.landlord.controlplane.scheduler.ClusterSnapshot;
import dev.landlord.controlplane.scheduler.Decision;
import dev.landlord.controlplane.scheduler.Plan;
import dev.landlord.controlplane.scheduler.Scheduler;
import dev.landlord.controlplane.scheduler.Scheduler.Strategy;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How fast the scheduler decides, alone and in one thread: a burst of missing replicas on a large cluster that is nearly
 * full. A decision is a replica that gets a place, or the reasons why it has none; the time is that of the whole plan, with
 * the books of all that is there already. Then how much of an empty cluster it can fill.
 */
public final class SchedulingBench {
    private static final int NODES = 5000;
    private static final double FULL = 0.85;
    private static final int BURST = 20_000;
    /** The bound of a pass of the control plane. */
    private static final int PASS = 1000;

    private static final int WARM_UPS = 4;
    private static final int RUNS = 5;

    private final PrintStream out;
    private final Map<String, Object> figures = new LinkedHashMap<>();

    public SchedulingBench(PrintStream out) {
        this.out = out;
    }

    /** Measures for some seconds. The figures by name, {@code scheduling.*}. */
    public Map<String, Object> measure() {
        out.printf("%nScheduling on %d nodes, %.0f %% full%n", NODES, FULL * 100);
        figures.put("scheduling.nodes", NODES);
        figures.put("scheduling.burst", BURST);
        for (Strategy strategy : Strategy.values()) {
            String suffix = strategy == Strategy.SPREAD ? "" : "_pack";
            burst("simple_fit" + suffix, strategy, 0);
            burst("anti_affinity" + suffix, strategy, 4);
        }
        gap();
        return figures;
    }

    private void burst(String name, Strategy strategy, int foes) {
        ClusterSnapshot cluster =
                new SyntheticCluster(1, NODES, foes).fill(FULL).order(BURST).snapshot();
        Scheduler all = new Scheduler(BURST, 1000, strategy);
        List<Long> micros = new ArrayList<>();
        List<Long> cpuMicros = new ArrayList<>();
        Plan plan = all.plan(cluster);
        for (int run = 0; run < WARM_UPS + RUNS; run++) {
            long start = System.nanoTime();
            long cpuStart = cpuNanos();
            plan = all.plan(cluster);
            if (run >= WARM_UPS) {
                micros.add((System.nanoTime() - start) / 1000);
                cpuMicros.add((cpuNanos() - cpuStart) / 1000);
            }
        }
        long unplaceable = plan.unplaceable().stream()
                .mapToLong(waiting -> waiting.indexes().size())
                .sum();
        long placed = plan.decisions().stream()
                .filter(Decision.Place.class::isInstance)
                .count();
        if (placed + unplaceable != BURST || placed == 0) {
            throw new IllegalStateException(placed + " placed and " + unplaceable + " explained of " + BURST);
        }
        double perSecond = BURST * 1e6 / median(micros);
        double perCpuSecond = BURST * 1e6 / median(cpuMicros);
        out.printf(
                Locale.ROOT,
                "  %-20s %,9.0f decisions/s, %,9.0f per second of CPU (%d placed, %d explained, %d allocations"
                        + " there)%n",
                name,
                perSecond,
                perCpuSecond,
                placed,
                unplaceable,
                cluster.allocations().size());
        figures.put("scheduling." + name + "_per_s", Math.round(perSecond));
        figures.put("scheduling." + name + "_per_cpu_s", Math.round(perCpuSecond));
        figures.put("scheduling." + name + "_explained", unplaceable);
        figures.put("scheduling." + name + "_pass_ms", pass(cluster, strategy));
    }

    /** Of a pass with the bound that the control plane has. */
    private static double pass(ClusterSnapshot cluster, Strategy strategy) {
        Scheduler bounded = new Scheduler(PASS, 1000, strategy);
        List<Long> micros = new ArrayList<>();
        for (int run = 0; run < RUNS; run++) {
            long start = System.nanoTime();
            bounded.plan(cluster);
            micros.add((System.nanoTime() - start) / 1000);
        }
        return median(micros) / 1000;
    }

    /** Of this thread: what a machine that does other work besides would need too. */
    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static double median(List<Long> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    /** Asks for exactly the CPU that an empty cluster has; what stays without a place is the gap. */
    private void gap() {
        SyntheticCluster cluster = new SyntheticCluster(2, NODES / 10, 0);
        long capacity = cluster.cpuMillis();
        ClusterSnapshot snapshot = cluster.orderCpu(capacity).snapshot();
        Plan plan = new Scheduler(Integer.MAX_VALUE, 1000, Strategy.PACK).plan(snapshot);
        long without = plan.unplaceable().stream()
                .mapToLong(waiting -> waiting.indexes().size() * cluster.cpuMillis(waiting.workload()))
                .sum();
        double percent = 100.0 * without / capacity;
        out.printf(Locale.ROOT, "  packing gap          %9.2f %%%n", percent);
        figures.put("scheduling.packing_gap_percent", percent);
    }
}
