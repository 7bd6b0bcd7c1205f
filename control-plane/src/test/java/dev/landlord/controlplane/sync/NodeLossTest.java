package dev.landlord.controlplane.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.api.id.AllocationId;
import dev.landlord.controlplane.Answer;
import dev.landlord.controlplane.RunningControlPlane;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several nodes, of which some are cut off or emptied. A node is lost after six seconds here. */
@Timeout(90)
class NodeLossTest {
    @TempDir
    Path folder;

    private final List<LiveAgent> agents = new ArrayList<>();
    private RunningControlPlane controlPlane;
    private Customers customers;

    @BeforeEach
    void start() throws IOException {
        // An agent of a busy machine may well be silent for a second or two.
        controlPlane = RunningControlPlane.start(
                folder, "node.report-interval=200ms", "node.suspect-after=4s", "node.lost-after=6s");
        customers = new Customers(controlPlane);
    }

    @AfterEach
    void stop() {
        agents.forEach(LiveAgent::close);
        controlPlane.close();
    }

    private void join(int count) throws IOException {
        for (int number = 1; number <= count; number++) {
            agents.add(new LiveAgent(controlPlane, "n" + number, "10.0.0." + number));
        }
    }

    @Test
    void whatANodeHadRunsElsewhereAndNoDoubleRemainsWhenItReturns() throws IOException {
        join(3);
        customers.tenant("alice");
        customers.put("alice/shop", "busybox", "sleep", 3);
        awaitServed("alice/shop", 3);
        LiveAgent first = agents.getFirst();
        Set<AllocationId> stranded = first.running();
        assertThat(stranded).as("spread over the nodes").hasSize(1);

        first.cut();
        customers.awaitStatus("alice/shop", answer -> nodesOf("alice").contains("n1 lost"));
        awaitServed("alice/shop", 3);
        assertThat(node("n1").text("/state")).isEqualTo("lost");
        assertThat(events()).contains("in place of the one on node n1").contains("node-lost");
        awaitMetrics("landlord_lost_nodes 1.0", "landlord_stranded_replicas 0.0");

        first.mend();
        await(() -> nodesOf("alice").size() == 3 && nodesOf("alice").stream().noneMatch(text -> text.contains("n1")));
        awaitServed("alice/shop", 3);
        assertThat(first.stopped())
                .as("it is told to stop, so that it does not take the set for one that loses a fleet")
                .containsAll(stranded);
        assertThat(first.running()).isEmpty();
    }

    @Test
    void massLossWaitsForAWordOfTheOperator() throws IOException {
        join(4);
        customers.tenant("alice");
        customers.put("alice/shop", "busybox", "sleep", 4);
        awaitServed("alice/shop", 4);
        agents.get(0).cut();
        agents.get(1).cut();
        // A node that is suspect counts for the brake; the second may be lost a moment after the first.
        customers.awaitStatus(
                "alice/shop",
                answer -> answer.body().contains("2 of 4 nodes at once")
                        && answer.text("/status/running").equals("2"));
        await(() -> events().contains("mass-loss-brake-engaged"));
        awaitMetrics("landlord_replacement_brake_engaged 1.0", "landlord_stranded_replicas 2.0");
        assertThat(nodesOf("alice")).containsExactlyInAnyOrder("n1 lost", "n2 lost", "n3 running", "n4 running");

        Answer confirmed = controlPlane.operator("POST", "/api/v1/cluster:replace-lost", null);
        assertThat(confirmed.text("/nodes/0")).isEqualTo("n1");
        assertThat(confirmed.text("/nodes/1")).isEqualTo("n2");
        awaitServed("alice/shop", 4);
        await(() -> events().contains("mass-loss-brake-released"));
        assertThat(node("n1").text("/lossConfirmed")).isEqualTo("true");

        agents.get(0).mend();
        agents.get(1).mend();
        await(() ->
                nodesOf("alice").size() == 4 && nodesOf("alice").stream().allMatch(text -> text.contains("running")));
        assertThat(node("n1").text("/lossConfirmed")).isEqualTo("false");
    }

    @Test
    void drainedNodeIsEmptiedWithoutALossOfService() throws IOException {
        join(3);
        customers.tenant("alice");
        customers.put("alice/shop", "busybox", "sleep", 6);
        awaitServed("alice/shop", 6);
        Answer draining = controlPlane.operator("POST", "/api/v1/nodes/n1:drain", null);
        assertThat(draining.text("/schedulable")).isEqualTo("false");
        assertThat(draining.text("/draining")).isEqualTo("true");
        while (!node("n1").text("/drained").equals("true")) {
            assertThat(customers.get("alice/shop").json().at("/status/running").asInt())
                    .isGreaterThanOrEqualTo(6);
        }
        awaitServed("alice/shop", 6);
        // What is gone from its host is taken off the list by the next pass.
        await(() -> nodesOf("alice").stream().noneMatch(text -> text.startsWith("n1")));
        Answer open = controlPlane.operator("POST", "/api/v1/nodes/n1:uncordon", null);
        assertThat(open.text("/schedulable")).isEqualTo("true");
        assertThat(events()).contains("node-draining", "node-uncordoned");
    }

    @Test
    void cordonedNodeKeepsWhatItHasAndTakesNothing() throws IOException {
        join(2);
        customers.tenant("alice");
        customers.put("alice/shop", "busybox", "sleep", 2);
        awaitServed("alice/shop", 2);
        controlPlane.operator("POST", "/api/v1/nodes/n1:cordon", null);
        customers.put("alice/shop", "busybox", "sleep", 5);
        awaitServed("alice/shop", 5);
        assertThat(nodesOf("alice").stream().filter(text -> text.startsWith("n1")))
                .hasSize(1);
        assertThat(controlPlane
                        .operator("POST", "/api/v1/nodes/none:drain", null)
                        .problem())
                .isEqualTo("404 not-found -");
    }

    @Test
    void tenantsThatAreKeptApartNeverMeetAndNeverLearnOfEachOther() throws IOException {
        join(2);
        String eve = customers.tenant("eve");
        customers.tenant("alice");
        Answer avoiding =
                controlPlane.operator("PUT", "/api/v1/tenants/alice", "{\"plan\":\"p-alice\",\"avoids\":[\"eve\"]}");
        assertThat(avoiding.json().at("/avoids").toString()).isEqualTo("[\"eve\"]");
        customers.put("alice/shop", "busybox", "sleep", 1);
        awaitServed("alice/shop", 1);
        String home = nodesOf("alice").getFirst().substring(0, 2);
        customers.put("eve/tool", "busybox", "sleep", 2);
        awaitServed("eve/tool", 2);
        assertThat(nodesOf("eve")).noneMatch(text -> text.startsWith(home));

        customers.put("alice/shop", "busybox", "sleep", 2);
        awaitServed("alice/shop", 2);
        assertThat(nodesOf("alice")).allMatch(text -> text.startsWith(home));
        controlPlane.operator("POST", "/api/v1/nodes/" + (home.equals("n1") ? "n2" : "n1") + ":drain", null);
        await(() -> status("eve/tool").contains("must not be met"));
        for (String path : List.of("", "/workloads/tool", "/events", "/allocations")) {
            assertThat(controlPlane
                            .call("public", eve, "GET", "/api/v1/tenants/eve" + path, null)
                            .body())
                    .doesNotContain("alice");
        }
    }

    @Test
    void lostNodeThatWillNotReturnCanBeGivenUp() throws IOException {
        join(2);
        customers.tenant("alice");
        customers.put("alice/shop", "busybox", "sleep", 2);
        awaitServed("alice/shop", 2);
        assertThat(controlPlane
                        .operator("DELETE", "/api/v1/nodes/n1?abandon=true", null)
                        .problem())
                .as("it is well")
                .isEqualTo("409 in-use -");
        agents.getFirst().cut();
        await(() -> nodesOf("alice").contains("n1 lost"));
        awaitServed("alice/shop", 2);
        assertThat(controlPlane.operator("DELETE", "/api/v1/nodes/n1", null).problem())
                .isEqualTo("409 in-use -");
        assertThat(controlPlane
                        .operator("DELETE", "/api/v1/nodes/n1?abandon=true", null)
                        .status())
                .isEqualTo(204);
        await(() -> nodesOf("alice").equals(List.of("n2 running", "n2 running")));
    }

    private void awaitServed(String workload, int replicas) throws IOException {
        customers.awaitStatus(
                workload,
                answer -> answer.json().at("/status/running").asInt() >= replicas
                        && answer.json().at("/status/updated").asInt() == replicas);
    }

    /** One line per allocation: node and phase. */
    private List<String> nodesOf(String tenant) {
        return call("/api/v1/tenants/" + tenant + "/allocations")
                .json()
                .get("items")
                .valueStream()
                .map(item ->
                        item.get("node").asString() + " " + item.get("phase").asString())
                .sorted()
                .collect(Collectors.toList());
    }

    private String status(String workload) {
        return call(Customers.path(workload)).body();
    }

    private Answer node(String name) {
        return call("/api/v1/nodes/" + name);
    }

    private String events() {
        return call("/api/v1/events?limit=1000").body();
    }

    /** They are those of the last pass, which may not have seen yet what an answer shows. */
    private void awaitMetrics(String first, String second) {
        await(() -> {
            String metrics = metrics();
            return metrics.contains(first) && metrics.contains(second);
        });
    }

    private String metrics() {
        try {
            return controlPlane.metrics();
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    private Answer call(String path) {
        try {
            return controlPlane.operator("GET", path, null);
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            Thread.onSpinWait();
        }
    }
}
