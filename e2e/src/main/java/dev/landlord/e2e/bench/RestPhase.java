package dev.landlord.e2e.bench;

import dev.landlord.e2e.cluster.Agent;
import dev.landlord.e2e.cluster.Cluster;
import dev.landlord.e2e.cluster.ClusterConfig;
import dev.landlord.e2e.cluster.Eventually;
import dev.landlord.e2e.cluster.HostConfig;
import dev.landlord.e2e.cluster.RestClient;
import dev.landlord.e2e.cluster.TimedDeployment;
import dev.landlord.e2e.fairness.FairnessBench;
import dev.landlord.e2e.host.CProgram;
import dev.landlord.e2e.host.ProcessEntry;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * From PUT to a running process, by the clock of the host: the program prints the time as its first act, and nobody polls
 * meanwhile. Then what the agent and the supervisors weigh with a crowd of sandboxes.
 */
final class RestPhase {
    private static final int WARM_UP = 15;
    private static final int RUNS = 60;
    private static final int CROWD = 80;
    private static final long MIB = 1L << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String TENANT = "bench";

    private final PrintStream out;
    private final Summary summary;

    RestPhase(PrintStream out, Summary summary) {
        this.out = out;
        this.summary = summary;
    }

    void run(BenchFiles files, Path distribution) throws IOException, InterruptedException {
        CProgram.compileStatic(
                files.sources().resolve("programs/shop.c"), files.image().resolve("bin/shop"));
        long cpuMillis = 1000L * Runtime.getRuntime().availableProcessors();
        HostConfig host = HostConfig.alone(cpuMillis, 1024 * MIB);
        ClusterConfig config =
                ClusterConfig.ofOneHost(distribution, files.footprint(), host, Map.of("shop", files.image()));
        try (Cluster cluster = Cluster.start(config)) {
            RestClient operator = cluster.operator();
            operator.put("/api/v1/plans/bench", plan(cpuMillis, 1)).must("put the plan");
            TimedDeployment tenant = new TimedDeployment(operator, TENANT);
            operator.put(tenant.path(), Map.of("plan", "bench")).must("put the tenant");
            measure(tenant);
            crowd(tenant);
            weigh(cluster.agents().getFirst(), config.cgroupRoot(host));
            tenant.delete("crowd");
            operator.put("/api/v1/plans/storm", plan(cpuMillis, 1000)).must("put the plan of the storm");
            new FairnessBench(out).measure(operator, "bench", "storm").forEach(summary::put);
        }
    }

    /** @param hosts how many such hosts it could fill */
    private static Map<String, Object> plan(long cpuMillis, long hosts) {
        return Map.of(
                "cpuMillis",
                hosts * cpuMillis,
                "cpuWeight",
                100,
                "memoryBytes",
                hosts * 1024 * MIB,
                "pids",
                hosts * 4096,
                "diskBytes",
                hosts * 512 * MIB,
                "inodes",
                hosts * 65_536,
                "priority",
                50,
                "trustClass",
                "default");
    }

    private void measure(TimedDeployment tenant) throws InterruptedException {
        List<Long> micros = new ArrayList<>();
        for (int run = 0; run < WARM_UP + RUNS; run++) {
            long taken = tenant.run("stamp-" + run);
            if (run >= WARM_UP) {
                micros.add(taken);
            }
        }
        double p50 = Series.quantile(micros, 0.5) / 1000;
        double p99 = Series.quantile(micros, 0.99) / 1000;
        out.printf(Locale.ROOT, "%nREST PUT to running process: p50 %.1f ms, p99 %.1f ms, %d runs%n", p50, p99, RUNS);
        summary.put("rest.put_to_running_p50_ms", p50);
        summary.put("rest.put_to_running_p99_ms", p99);
        summary.put("rest.runs", RUNS);
    }

    private void crowd(TimedDeployment tenant) throws InterruptedException {
        long begin = System.nanoTime();
        tenant.client()
                .put(tenant.path() + "/workloads/crowd", TimedDeployment.form(10, 8 * MIB, CROWD))
                .must("put the crowd");
        long running = Eventually.observe(
                PATIENCE,
                () -> tenant.allocations("crowd").stream()
                        .filter(item -> item.path("phase").asString().equals("running"))
                        .count(),
                count -> count == CROWD);
        if (running != CROWD) {
            throw new IllegalStateException("only " + running + " of " + CROWD + " ran within " + PATIENCE);
        }
        summary.put("rest.crowd", CROWD);
        summary.put("rest.crowd_running_ms", (System.nanoTime() - begin) / 1e6);
    }

    private void weigh(Agent agent, String cgroupRoot) throws IOException {
        Path smaps = Path.of("/proc/" + agent.process().pid() + "/smaps_rollup");
        summary.put("agent.pss_mb", Machine.kilobytes(smaps, "Pss:") / 1024.0);
        summary.put("agent.sandboxes", CROWD);
        List<Long> supervisors = ProcessEntry.all()
                .filter(process -> process.cgroups().contains("/" + cgroupRoot + "/supervisors"))
                .map(ProcessEntry::pid)
                .toList();
        summary.put("supervisor.processes", supervisors.size());
        summary.put("supervisor.rss_kb", meanKilobytes(supervisors, "status", "VmRSS:"));
        summary.put("supervisor.pss_kb", meanKilobytes(supervisors, "smaps_rollup", "Pss:"));
    }

    private static double meanKilobytes(List<Long> pids, String file, String name) throws IOException {
        long sum = 0;
        for (long pid : pids) {
            Path path = Path.of("/proc/" + pid + "/" + file);
            sum += Files.exists(path) ? Machine.kilobytes(path, name) : 0;
        }
        return pids.isEmpty() ? Double.NaN : (double) sum / pids.size();
    }
}
