package dev.landlord.e2e.fairness;

import dev.landlord.e2e.cluster.RestClient;
import dev.landlord.e2e.cluster.TimedDeployment;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * Alice deploys again and again, first alone and then while Eve submits workloads as fast as she is answered. Both, the
 * control plane and the agent share one machine, so what the storm itself costs to send is in the figure.
 */
public final class FairnessBench {
    private static final int WARM_UP = 5;
    private static final int RUNS = 40;
    private static final int STORM = 100_000;
    /** With as many workloads as a tenant may have this is nearly all that their specs may have together. */
    private static final int SPEC_CHARACTERS = 3400;
    /** Alice goes on until the storm has ended, but not for ever. */
    private static final int MOST_RUNS = 150;

    private final PrintStream out;

    public FairnessBench(PrintStream out) {
        this.out = out;
    }

    /**
     * Measures for a minute or two. The figures by name, {@code fair.*}.
     *
     * @param operator of a cluster with the image {@code shop} and room for Alice
     * @param plan Alice's
     * @param plenty Eve's, so large that it refuses none for what it asks for
     */
    public Map<String, Object> measure(RestClient operator, String plan, String plenty) throws InterruptedException {
        TimedDeployment alice = tenant(operator, "fair-alice", plan);
        TimedDeployment eve = tenant(operator, "fair-eve", plenty);
        Map<String, Object> figures = new LinkedHashMap<>();
        deploy(alice, "warm", WARM_UP);
        List<Long> quiet = deploy(alice, "quiet", RUNS);
        List<Long> stormy = new ArrayList<>();
        long begin = System.nanoTime();
        try (Storm storm = new Storm(eve, STORM, SPEC_CHARACTERS)) {
            while (stormy.size() < RUNS || (!storm.isOver() && stormy.size() < MOST_RUNS)) {
                stormy.add(alice.run("stormy-" + stormy.size()));
            }
            double seconds = (System.nanoTime() - begin) / 1e9;
            tell(storm, seconds, figures);
        }
        compare(quiet, stormy, figures);
        return figures;
    }

    private static TimedDeployment tenant(RestClient operator, String name, String plan) {
        String token = operator.put("/api/v1/tenants/" + name, Map.of("plan", plan))
                .must("put " + name)
                .json()
                .path("token")
                .asString();
        return new TimedDeployment(operator.as(token), name);
    }

    private static List<Long> deploy(TimedDeployment tenant, String name, int runs) throws InterruptedException {
        List<Long> micros = new ArrayList<>();
        for (int run = 0; run < runs; run++) {
            micros.add(tenant.run(name + "-" + run));
        }
        return micros;
    }

    private void tell(Storm storm, double seconds, Map<String, Object> figures) {
        long all = storm.answers().values().stream().mapToLong(LongAdder::sum).sum();
        out.printf(
                Locale.ROOT,
                "%nEve submitted %,d workloads in %.0f s; answers by status: %s%n",
                all,
                seconds,
                storm.answers());
        figures.put("fair.storm_submitted", all);
        figures.put("fair.storm_per_s", Math.round(all / seconds));
    }

    private void compare(List<Long> quiet, List<Long> stormy, Map<String, Object> figures) {
        double ratio = quantile(stormy, 0.5) / quantile(quiet, 0.5);
        out.printf(
                Locale.ROOT,
                "Alice's PUT to running process: quiet p50 %.1f ms, p99 %.1f ms; meanwhile p50 %.1f ms, p99 %.1f ms,"
                        + " %d runs: %.2f x%n",
                quantile(quiet, 0.5),
                quantile(quiet, 0.99),
                quantile(stormy, 0.5),
                quantile(stormy, 0.99),
                stormy.size(),
                ratio);
        figures.put("fair.alice_quiet_p50_ms", quantile(quiet, 0.5));
        figures.put("fair.alice_quiet_p99_ms", quantile(quiet, 0.99));
        figures.put("fair.alice_storm_p50_ms", quantile(stormy, 0.5));
        figures.put("fair.alice_storm_p99_ms", quantile(stormy, 0.99));
        figures.put("fair.alice_deploy_ratio", ratio);
    }

    private static double quantile(List<Long> micros, double share) {
        List<Long> sorted = micros.stream().sorted().toList();
        int index = (int) Math.min(sorted.size() - 1, Math.ceil(share * sorted.size()) - 1);
        return sorted.get(Math.max(0, index)) / 1000.0;
    }
}
