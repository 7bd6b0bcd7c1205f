package dev.landlord.e2e.bench;

import dev.landlord.e2e.cluster.Cluster;
import dev.landlord.e2e.cluster.ClusterConfig;
import dev.landlord.e2e.cluster.Eventually;
import dev.landlord.e2e.cluster.RestClient;
import dev.landlord.e2e.host.CProgram;
import dev.landlord.e2e.host.Footprint;
import dev.landlord.e2e.host.ProcessEntry;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * From PUT to a running process, by the clock of the host: the program prints the time as its first act, and nobody polls
 * meanwhile. Then what the agent and the supervisors weigh while all of these programs run.
 */
final class RestPhase {
    private static final int WARM_UP = 10;
    private static final int RUNS = 60;
    private static final long PAUSE_MILLIS = 100;
    private static final long MIB = 1L << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String TENANT = "/api/v1/tenants/bench";

    private final PrintStream out;
    private final Summary summary;

    RestPhase(PrintStream out, Summary summary) {
        this.out = out;
        this.summary = summary;
    }

    void run(BenchFiles files, Path distribution, Footprint footprint) throws IOException, InterruptedException {
        CProgram.compileStatic(
                files.sources().resolve("programs/shop.c"), files.image().resolve("bin/shop"));
        ClusterConfig config = new ClusterConfig(
                distribution, footprint, 1000L * (WARM_UP + RUNS), 2048 * MIB, Map.of("shop", files.image()));
        try (Cluster cluster = Cluster.start(config)) {
            RestClient operator = cluster.operator();
            prepare(operator);
            try {
                measure(operator);
                weigh(cluster, footprint);
            } finally {
                leave(operator);
            }
        }
    }

    private static void prepare(RestClient operator) {
        operator.put("/api/v1/plans/bench", plan()).must("put the plan");
        operator.put(TENANT, Map.of("plan", "bench")).must("put the tenant");
    }

    private static Map<String, Object> plan() {
        return Map.of(
                "cpuMillis", 10L * (WARM_UP + RUNS),
                "cpuWeight", 100,
                "memoryBytes", 8 * MIB * (WARM_UP + RUNS),
                "pids", 8L * (WARM_UP + RUNS),
                "diskBytes", MIB * (WARM_UP + RUNS),
                "inodes", 64L * (WARM_UP + RUNS),
                "priority", 50,
                "trustClass", "default");
    }

    private void measure(RestClient operator) throws InterruptedException {
        List<Long> micros = new ArrayList<>();
        for (int run = 0; run < WARM_UP + RUNS; run++) {
            String workload = TENANT + "/workloads/stamp-" + run;
            Instant before = Instant.now();
            operator.put(workload, spec()).must("put " + workload);
            long stamped = stamp(operator, "stamp-" + run);
            if (run >= WARM_UP) {
                micros.add(stamped - (before.getEpochSecond() * 1_000_000 + before.getNano() / 1000));
            }
            Thread.sleep(PAUSE_MILLIS);
        }
        double p50 = Series.quantile(micros, 0.5) / 1000;
        double p99 = Series.quantile(micros, 0.99) / 1000;
        out.printf(Locale.ROOT, "%nREST PUT to running process: p50 %.1f ms, p99 %.1f ms, %d runs%n", p50, p99, RUNS);
        summary.put("rest.put_to_running_p50_ms", p50);
        summary.put("rest.put_to_running_p99_ms", p99);
        summary.put("rest.runs", RUNS);
    }

    private static Map<String, Object> spec() {
        return Map.of(
                "image", "shop",
                "command", List.of("/bin/shop", "stamp"),
                "resources",
                        Map.of("cpuMillis", 10, "memoryBytes", 8 * MIB, "pids", 8, "diskBytes", MIB, "inodes", 64));
    }

    /** Looks only after the program must long have run; the log says when it did. */
    private static long stamp(RestClient operator, String workload) throws InterruptedException {
        Thread.sleep(PAUSE_MILLIS);
        String line = Eventually.observe(PATIENCE, () -> log(operator, workload), text -> text.startsWith("stamp "));
        if (!line.startsWith("stamp ")) {
            throw new IllegalStateException(workload + " did not run within " + PATIENCE + ": " + line);
        }
        return Long.parseLong(line.substring("stamp ".length()).strip());
    }

    private static String log(RestClient operator, String workload) {
        for (JsonNode allocation : operator.get(TENANT + "/allocations").json().path("items")) {
            if (allocation.path("workload").asString().equals(workload)) {
                return operator.get(TENANT + "/allocations/"
                                + allocation.path("id").asString() + "/logs?stream=stdout&follow=false&tailBytes=4096")
                        .body();
            }
        }
        return "no allocation";
    }

    private void weigh(Cluster cluster, Footprint footprint) throws IOException {
        Path smaps = Path.of("/proc/" + cluster.agent().pid() + "/smaps_rollup");
        summary.put("agent.pss_mb", Machine.kilobytes(smaps, "Pss") / 1024.0);
        summary.put("agent.sandboxes", WARM_UP + RUNS);
        List<Long> supervisors = ProcessEntry.all()
                .filter(process -> process.cgroups().contains("/" + footprint.cgroupRoot() + "/supervisors"))
                .map(ProcessEntry::pid)
                .toList();
        summary.put("supervisor.processes", supervisors.size());
        summary.put("supervisor.rss_kb", meanKilobytes(supervisors, "status", "VmRSS"));
        summary.put("supervisor.pss_kb", meanKilobytes(supervisors, "smaps_rollup", "Pss"));
    }

    private static double meanKilobytes(List<Long> pids, String file, String name) throws IOException {
        long sum = 0;
        for (long pid : pids) {
            Path path = Path.of("/proc/" + pid + "/" + file);
            sum += Files.exists(path) ? Machine.kilobytes(path, name) : 0;
        }
        return pids.isEmpty() ? Double.NaN : (double) sum / pids.size();
    }

    private static void leave(RestClient operator) throws InterruptedException {
        for (int run = 0; run < WARM_UP + RUNS; run++) {
            operator.delete(TENANT + "/workloads/stamp-" + run);
        }
        Eventually.observe(
                PATIENCE,
                () -> operator.get(TENANT + "/allocations").json().path("items").size(),
                left -> left == 0);
    }
}
