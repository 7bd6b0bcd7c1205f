package dev.landlord.e2e.demo;

import dev.landlord.e2e.cluster.Eventually;
import dev.landlord.e2e.report.DemoReport;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.stream.Collectors;

/** What the landlord does with workloads over time: replaces, backs off, suspends. */
final class UpkeepAct {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long LOOK_MILLIS = 40;
    private static final long CRASH_MILLIS = 5_000;
    private static final Duration FROZEN = Duration.ofSeconds(3);

    private final DemoReport report;
    private final Stage stage;

    UpkeepAct(DemoReport report, Stage stage) {
        this.report = report;
        this.stage = stage;
    }

    void play() throws InterruptedException {
        report.step(
                "Alice changes the spec of her site, which has two replicas",
                "both are replaced, and at every look at least one runs",
                this::replaceOneByOne,
                observed -> observed.startsWith("replaced both") && !observed.contains("as few as 0"));
        report.step(
                "a program of Eve's ends with 3 at once, every time",
                "restarted 3 to 6 times in 5 s at growing distances of 200, 400, 800 ms ..., and she is told why",
                this::backOff,
                observed -> observed.matches("restarts [3-6], exit code 3, backing-off"));
        suspend();
    }

    private String replaceOneByOne() throws InterruptedException {
        TenantDesk alice = stage.alice();
        Set<String> old = ids(alice.allocations("site"));
        alice.order("site", SellingAct.site(2)).must("change the site");
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        long fewest = Long.MAX_VALUE;
        while (System.nanoTime() < deadline) {
            List<Allocation> now = alice.allocations("site");
            fewest = Math.min(fewest, now.stream().filter(Allocation::isRunning).count());
            boolean allNew =
                    now.size() == 2 && now.stream().allMatch(one -> one.isRunning() && !old.contains(one.id()));
            if (allNew) {
                return "replaced both, as few as " + fewest + " ran meanwhile";
            }
            Thread.sleep(LOOK_MILLIS);
        }
        return "not replaced: " + alice.allocations("site");
    }

    private static Set<String> ids(List<Allocation> allocations) {
        return allocations.stream().map(Allocation::id).collect(Collectors.toSet());
    }

    private String backOff() throws InterruptedException {
        TenantDesk eve = stage.eve();
        Map<String, Object> restart = Map.of("mode", "always", "initialBackoffMillis", 200, "maxBackoffMillis", 10_000);
        Order crash = Order.of(50, 16, 16, "/bin/sh", "-c", "exit 3").with("restart", restart);
        eve.order("crash", crash).must("order crash");
        try {
            Thread.sleep(CRASH_MILLIS);
            Allocation seen = eve.allocations("crash").getFirst();
            return "restarts " + seen.restarts() + ", exit code " + seen.exitCode() + ", " + seen.phase();
        } finally {
            eve.cancel("crash");
        }
    }

    private void suspend() throws InterruptedException {
        TenantDesk eve = stage.eve();
        NavigableSet<Long> before = eve.counters().programs();
        eve.run("busy", Order.of(200, 16, 16, "/bin/sh", "-c", "yes > /dev/null"));
        NavigableSet<Long> busy = eve.counters().programs();
        busy.removeAll(before);
        report.step(
                "the operator suspends Eve, whose program is busy",
                "frozen: she uses no CPU time for 3 s, and Bob's customers are served",
                () -> {
                    stage.operator().post(eve.path() + ":suspend").must("suspend");
                    awaitPhase("frozen");
                    long usedBefore = eve.counters().cpuNanos();
                    Business bob = Business.observe(stage.bob(), FROZEN);
                    long used = eve.counters().cpuNanos() - usedBefore;
                    return "CPU time " + used + " ns, "
                            + eve.allocations("busy").getFirst().phase() + "; Bob has served "
                            + bob.latencies().size() + " customers";
                },
                observed -> observed.matches("CPU time 0 ns, frozen; Bob has served [1-9]\\d{2,} customers"));
        report.step(
                "Eve orders something while she is suspended",
                "409 tenant-suspended",
                () -> eve.order("late", Order.of(50, 16, 16, "/bin/sleep", "1")).problem(),
                "409 tenant-suspended"::equals);
        report.step(
                "the operator resumes Eve",
                "thawed: the same processes go on",
                () -> {
                    stage.operator().post(eve.path() + ":resume").must("resume");
                    awaitPhase("running");
                    long used = cpuNanosOver(500);
                    return (used > 0 ? "uses CPU time" : "uses no CPU time") + ", "
                            + (eve.counters().programs().containsAll(busy) ? "same" : "not all the same") + " "
                            + busy.size() + " processes";
                },
                observed -> observed.matches("uses CPU time, same [1-9]\\d* processes"));
        eve.cancel("busy");
    }

    private void awaitPhase(String phase) throws InterruptedException {
        Eventually.observe(
                PATIENCE, () -> stage.eve().allocations("busy").getFirst().phase(), phase::equals);
    }

    private long cpuNanosOver(long millis) throws InterruptedException {
        long before = stage.eve().counters().cpuNanos();
        Thread.sleep(millis);
        return stage.eve().counters().cpuNanos() - before;
    }
}
