package dev.landlord.e2e.demo;

import dev.landlord.e2e.cluster.Agent;
import dev.landlord.e2e.cluster.Answer;
import dev.landlord.e2e.cluster.Eventually;
import dev.landlord.e2e.report.DemoReport;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;

/** Wrong requests: one clear error each, and nothing is half applied. */
final class BadInputAct {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Order GOOD = Order.of(50, 16, 16, "/bin/sleep", "1");

    private final DemoReport report;
    private final Stage stage;
    private final TenantDesk eve;

    BadInputAct(DemoReport report, Stage stage) {
        this.report = report;
        this.stage = stage;
        this.eve = stage.eve();
    }

    void play() throws InterruptedException {
        refusals();
        nowhereToRun();
        report.step(
                "Eve lists her workloads after all of that",
                "nothing was half applied",
                // What she has cancelled goes once its host has said that nothing of it is left.
                () -> Eventually.observe(PATIENCE, () -> eve.workloads().toString(), "[home]"::equals),
                "[home]"::equals);
        aSecondAgent();
    }

    private void refusals() throws InterruptedException {
        refused("a field that does not exist", GOOD.with("colour", "red"), "400 unknown-field /colour");
        refused("a field that is not built yet", GOOD.with("volumes", List.of()), "422 unsupported-field /volumes");
        refused(
                "a port that no host has",
                GOOD.with("ports", List.of(Map.of("port", 70_000))),
                "422 invalid-field /ports/0/port");
        refused("a kind that is not built yet", GOOD.with("kind", "batch"), "422 unsupported-field /kind");
        refused("a negative CPU", Order.of(-5, 16, 16, "true"), "422 invalid-field /resources/cpuMillis");
        refused("an absurd memory", Order.of(50, 1L << 30, 16, "true"), "422 invalid-field /resources/memoryBytes");
        refused("a path as image", GOOD.with("image", "/etc"), "422 invalid-field /image");
        refused("more than the plan", GOOD.with("replicas", 1000), "409 quota-exceeded");
        refusedBody("bread", "no JSON", "{\"image\":", "400 malformed-body");
        refusedName("a name with a slash", "a%2Fb");
        refusedName("a name with two dots", "..a");
    }

    private void aSecondAgent() throws InterruptedException {
        NavigableSet<Long> programs = stage.programs();
        report.step(
                "a second agent comes with the name of the first, and with a join token that the operator gave it",
                "409 node-already-joined in one line, and no tenant's program is touched",
                () -> {
                    Agent first = stage.cluster().agents().getFirst();
                    return stage.cluster().lastWordsOfASecond(first) + " / programs "
                            + (stage.programs().equals(programs) ? "as before" : "changed");
                },
                observed -> observed.startsWith("exit code 1: landlord-agent: ")
                        && observed.contains("409 node-already-joined")
                        && observed.endsWith(" / programs as before"));
    }

    private void refused(String what, Order order, String expected) throws InterruptedException {
        refusedBody("bread", what, order.form(), expected);
    }

    private void refusedBody(String name, String what, Object body, String expected) throws InterruptedException {
        report.step(
                "Eve orders " + what,
                expected,
                () -> eve.client().put(eve.workloadPath(name), body).problem(),
                observed -> observed.startsWith(expected));
    }

    private void refusedName(String what, String name) throws InterruptedException {
        report.step(
                "Eve orders under " + what,
                "422 invalid-field",
                () -> eve.client().put(eve.workloadPath(name), GOOD.form()).problem(),
                observed -> observed.startsWith("422 invalid-field"));
    }

    private void nowhereToRun() throws InterruptedException {
        report.step(
                "Eve orders an image that no host has",
                "accepted, and the workload says which image is missing",
                () -> reason("bread", GOOD.with("image", "nowhere")),
                observed -> observed.contains("nowhere"));
        report.step(
                "Eve orders a command that is not in the image",
                "accepted, and the workload says which command is missing",
                () -> reason("toast", Order.of(50, 16, 16, "/bin/toaster")),
                observed -> observed.contains("toaster"));
    }

    /** What the workload says about itself once it has something to say. */
    private String reason(String workload, Order order) throws InterruptedException {
        eve.order(workload, order).must("order " + workload);
        try {
            return Eventually.observe(PATIENCE, () -> complaint(workload), text -> !text.isBlank());
        } finally {
            eve.cancel(workload);
        }
    }

    private String complaint(String workload) {
        Answer answer = eve.client().get(eve.workloadPath(workload)).must("describe " + workload);
        var status = answer.json().path("status");
        String reasons =
                status.path("reasons").isEmpty() ? "" : status.path("reasons").toString();
        String message =
                status.path("message").isString() ? status.path("message").asString() : "";
        return (message + " " + reasons).strip();
    }
}
