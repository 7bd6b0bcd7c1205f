package dev.landlord.e2e.demo;

import dev.landlord.e2e.cluster.Eventually;
import dev.landlord.e2e.report.DemoReport;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeMap;

/** A host is cut off and comes back; another one is emptied on purpose. */
final class LossAct {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final DemoReport report;
    private final Stage stage;

    LossAct(DemoReport report, Stage stage) {
        this.report = report;
        this.stage = stage;
    }

    void play() throws InterruptedException {
        String lost = hostOf("alice");
        cut(lost);
        comeBack(lost);
        drain(hostOf("bob"));
    }

    /** One of the tenant's shop without Eve on it. */
    private String hostOf(String tenant) {
        List<String> eves =
                stage.eve().allocations().stream().map(Allocation::node).toList();
        return stage.shopOf(tenant).replicas().stream()
                .map(Allocation::node)
                .filter(node -> !eves.contains(node))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(tenant + " is on no host without Eve"));
    }

    private void cut(String host) throws InterruptedException {
        report.step(
                "the cable of " + host + " is pulled",
                "its node is lost, and every shop is open with two replicas on the other hosts",
                () -> {
                    long begin = System.nanoTime();
                    stage.rack().cut(stage.numberOf(host));
                    boolean elsewhere = Eventually.observe(PATIENCE, () -> allOpenBut(host), holds -> holds);
                    long seconds = (System.nanoTime() - begin) / 1_000_000_000;
                    return "node " + nodeState(host) + ", " + (elsewhere ? "all open elsewhere" : "not all open")
                            + " after " + seconds + " s";
                },
                observed -> observed.startsWith("node lost, all open elsewhere"));
        report.step(
                "customers go to the doors that the API names now",
                "every page is there",
                this::pages,
                "{alice=2 of 2, bob=2 of 2}"::equals);
    }

    private void comeBack(String host) throws InterruptedException {
        report.step(
                "the cable of " + host + " is plugged in again",
                "its node is ready, and no double remains: two programs a shop, by the kernel's own count",
                () -> {
                    stage.rack().mend(stage.numberOf(host));
                    Eventually.observe(PATIENCE, () -> nodeState(host) + doubles(), "ready{alice=2, bob=2}"::equals);
                    return nodeState(host) + ", " + doubles();
                },
                "ready, {alice=2, bob=2}"::equals);
        report.step(
                "customers go to the doors once more",
                "every page is there",
                this::pages,
                "{alice=2 of 2, bob=2 of 2}"::equals);
    }

    private void drain(String host) throws InterruptedException {
        report.step(
                "the operator drains " + host,
                "nothing of anybody is left on it, and the shops are open",
                () -> {
                    stage.operator().post("/api/v1/nodes/" + host + ":drain").must("drain " + host);
                    Eventually.observe(PATIENCE, () -> on(host) + " " + allOpenBut(host), "0 true"::equals);
                    return on(host) + " left, " + (allOpenBut(host) ? "all open" : "not all open");
                },
                "0 left, all open"::equals);
        report.step(
                "the operator lets " + host + " take work again",
                "it is schedulable",
                () -> {
                    stage.operator().post("/api/v1/nodes/" + host + ":uncordon").must("uncordon " + host);
                    return "schedulable "
                            + stage.operator()
                                    .get("/api/v1/nodes/" + host)
                                    .json()
                                    .path("schedulable")
                                    .asString();
                },
                "schedulable true"::equals);
    }

    private boolean allOpenBut(String host) {
        return stage.shops().stream().allMatch(shop -> {
            List<Allocation> elsewhere = shop.replicas().stream()
                    .filter(replica -> !replica.node().equals(host) && replica.isOpen())
                    .toList();
            return elsewhere.size() == Shop.REPLICAS;
        });
    }

    private String nodeState(String host) {
        return stage.operator()
                .get("/api/v1/nodes/" + host)
                .json()
                .path("state")
                .asString();
    }

    private long on(String host) {
        return stage.tenants().stream()
                .flatMap(tenant -> tenant.allocations().stream())
                .filter(allocation -> allocation.node().equals(host))
                .count();
    }

    /** Web servers that run for each shop, wherever they are. */
    private Map<String, Integer> doubles() {
        Map<String, Integer> programs = new TreeMap<>();
        for (Shop shop : stage.shops()) {
            NavigableSet<Long> running = shop.owner().counters().programs();
            programs.put(shop.owner().name(), (int)
                    running.stream().filter(Stage::isWebServer).count());
        }
        return programs;
    }

    private String pages() {
        Map<String, String> open = new TreeMap<>();
        for (Shop shop : stage.shops()) {
            long right =
                    shop.pages().values().stream().filter(shop.page()::equals).count();
            open.put(shop.owner().name(), right + " of " + Shop.REPLICAS);
        }
        return open.toString();
    }
}
