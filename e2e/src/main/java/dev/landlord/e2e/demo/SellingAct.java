package dev.landlord.e2e.demo;

import dev.landlord.e2e.cluster.Answer;
import dev.landlord.e2e.report.DemoReport;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Plans, tenants, their shops, and who may see what. */
final class SellingAct {
    private static final long MIB = 1L << 20;

    private final DemoReport report;
    private final Stage stage;

    SellingAct(DemoReport report, Stage stage) {
        this.report = report;
        this.stage = stage;
    }

    /** What is sold. Bob's weight is six times Eve's. */
    static final Map<String, Map<String, Object>> PLANS = Map.of(
            "corner-shop", plan(700, 100, 192),
            "department-store", plan(1800, 300, 192),
            "cheap", plan(500, 50, 256));

    /** Alice pays for never being on a host with Eve; Bob does not. */
    static final Map<String, Map<String, Object>> CONTRACTS = Map.of(
            "alice", Map.of("plan", "corner-shop", "avoids", List.of("eve")),
            "bob", Map.of("plan", "department-store"),
            "eve", Map.of("plan", "cheap"));

    private static Map<String, Object> plan(long cpuMillis, int cpuWeight, long memoryMib) {
        return Map.of(
                "cpuMillis",
                cpuMillis,
                "cpuWeight",
                cpuWeight,
                "memoryBytes",
                memoryMib * MIB,
                "pids",
                256,
                "diskBytes",
                64 * MIB,
                "inodes",
                8192,
                "priority",
                50,
                "trustClass",
                "default");
    }

    /** All that follows is played among these shops. */
    void openShops() throws InterruptedException {
        report.vitalStep(
                "Alice starts a shop with two replicas, Bob a shop and a workshop, Eve something small",
                "all run",
                () -> {
                    stage.alice().run("site", site(1));
                    stage.bob().run("serve", Business.SERVE);
                    stage.bob().run("grind", Business.GRIND);
                    stage.eve().run("home", Order.of(50, 16, 16, "/bin/sleep", "86400"));
                    return stage.tenants().stream()
                            .map(tenant ->
                                    tenant.name() + " " + tenant.allocations().size() + " running")
                            .toList()
                            .toString();
                },
                "[alice 2 running, bob 2 running, eve 1 running]"::equals);
    }

    /** Alice's shop; the version only changes its environment. */
    static Order site(int version) {
        return Order.of(100, 16, 16, "/bin/shop", "serve", "10", "10")
                .with("replicas", 2)
                .with("env", Map.of("VERSION", Integer.toString(version)));
    }

    void play() throws InterruptedException {
        TenantDesk eve = stage.eve();
        TenantDesk bob = stage.bob();
        report.step(
                "Eve lists her workloads",
                "her own only",
                () -> new TreeSet<>(eve.workloads()).toString(),
                "[home]"::equals);
        report.step(
                "Eve asks for Bob, his workload, and the log of his shop under his name and under hers",
                "404 not-found each",
                () -> {
                    String allocation = bob.allocations("serve").getFirst().id();
                    return problems(List.of(
                            eve.client().get(bob.path()),
                            eve.client().get(bob.workloadPath("serve")),
                            eve.client().get(bob.path() + "/allocations/" + allocation + "/logs?stream=stdout"),
                            eve.client().get(eve.path() + "/allocations/" + allocation + "/logs?stream=stdout")));
                },
                "404 not-found, 404 not-found, 404 not-found, 404 not-found"::equals);
        report.step(
                "Eve deletes Bob's workload",
                "404 not-found, and it runs on",
                () -> problems(List.of(eve.client().delete(bob.workloadPath("serve")))) + ", Bob's is "
                        + bob.allocations("serve").getFirst().phase(),
                "404 not-found, Bob's is running"::equals);
        report.step(
                "Eve changes her plan's terms and resumes herself, as only the operator may",
                "403 forbidden each",
                () -> problems(List.of(
                        eve.client().put("/api/v1/plans/cheap", PLANS.getOrDefault("department-store", Map.of())),
                        eve.client().post(eve.path() + ":resume"))),
                "403 forbidden, 403 forbidden"::equals);
        report.step(
                "someone without a token, and someone with a wrong one",
                "401 unauthenticated each",
                () -> problems(List.of(
                        eve.client().as(null).get(eve.path()),
                        eve.client().as("ll_wrong").get(eve.path()))),
                "401 unauthenticated, 401 unauthenticated"::equals);
    }

    private static String problems(List<Answer> answers) {
        return String.join(", ", answers.stream().map(Answer::problem).toList());
    }
}
