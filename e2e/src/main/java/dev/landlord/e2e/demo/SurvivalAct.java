package dev.landlord.e2e.demo;

import dev.landlord.e2e.cluster.Agent;
import dev.landlord.e2e.cluster.Cluster;
import dev.landlord.e2e.report.DemoReport;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/** The landlord's own programs are killed. Nobody's shop may notice. */
final class SurvivalAct {
    private static final int ORDERS_BEFORE_THE_KILL = 5;
    private static final Order SMALL = Order.of(10, 8, 8, "/bin/sleep", "86400");

    private final DemoReport report;
    private final Stage stage;

    SurvivalAct(DemoReport report, Stage stage) {
        this.report = report;
        this.stage = stage;
    }

    void play() throws InterruptedException {
        agent();
        controlPlane();
    }

    private void agent() throws InterruptedException {
        Agent agent = stage.cluster().agents().getFirst();
        NavigableSet<Long> programs = stage.programs();
        List<String> allocations = allocations();
        report.step(
                "kill -9 of the agent",
                programs.size() + " processes of the tenants run on",
                () -> {
                    agent.process().killHard();
                    return kept(programs);
                },
                observed -> !programs.isEmpty()
                        && observed.equals(programs.size() + " of " + programs.size() + " the same, 0 new"));
        report.step(
                "the agent starts again",
                "it finds them all and restarts none",
                () -> {
                    stage.cluster().startAgent(agent);
                    stage.eve().run("after-agent", SMALL);
                    String found = allocations().containsAll(allocations) ? "all known as before" : "not all known";
                    stage.eve().cancel("after-agent");
                    return kept(programs) + ", " + found;
                },
                observed -> observed.equals(
                        programs.size() + " of " + programs.size() + " the same, 0 new, all known as before"));
    }

    private void controlPlane() throws InterruptedException {
        Cluster cluster = stage.cluster();
        NavigableSet<Long> programs = stage.programs();
        List<String> acknowledged = new ArrayList<>();
        report.step(
                "Alice orders " + ORDERS_BEFORE_THE_KILL
                        + " workloads; kill -9 of the control plane right after its last word",
                programs.size() + " processes of the tenants run on",
                () -> {
                    for (int i = 1; i <= ORDERS_BEFORE_THE_KILL; i++) {
                        stage.alice().order("late-" + i, SMALL).must("order late-" + i);
                        acknowledged.add("late-" + i);
                    }
                    cluster.controlPlane().killHard();
                    return kept(programs);
                },
                observed -> !programs.isEmpty()
                        && observed.startsWith(programs.size() + " of " + programs.size() + " the same"));
        report.step(
                "the control plane starts again",
                "every acknowledged workload is there and runs, no other program was touched",
                () -> {
                    cluster.startControlPlane();
                    for (String workload : acknowledged) {
                        stage.alice().awaitRunning(workload, 1);
                    }
                    return acknowledged.size() + " of " + acknowledged.size() + " run; "
                            + kept(programs).replaceAll(", .*", "");
                },
                observed -> observed.equals(ORDERS_BEFORE_THE_KILL + " of " + ORDERS_BEFORE_THE_KILL + " run; "
                        + programs.size() + " of " + programs.size() + " the same"));
        for (String workload : acknowledged) {
            stage.alice().cancel(workload);
        }
    }

    private String kept(NavigableSet<Long> before) {
        NavigableSet<Long> now = stage.programs();
        NavigableSet<Long> same = new TreeSet<>(before);
        same.retainAll(now);
        return same.size() + " of " + before.size() + " the same, " + (now.size() - same.size()) + " new";
    }

    /** Name and number of restarts of every allocation. */
    private List<String> allocations() {
        return stage.tenants().stream()
                .flatMap(tenant -> tenant.allocations().stream())
                .map(allocation -> allocation.id() + " restarts " + allocation.restarts())
                .sorted()
                .toList();
    }
}
