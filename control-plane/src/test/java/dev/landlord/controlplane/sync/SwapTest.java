package dev.landlord.controlplane.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.api.sync.Assignment;
import dev.landlord.api.sync.DesiredState;
import dev.landlord.controlplane.Answer;
import dev.landlord.controlplane.RunningControlPlane;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Swap, from the request to what a node is told of it and tells. */
@Timeout(60)
class SwapTest {
    private static final long MIB = 1 << 20;

    @TempDir
    static Path folder;

    private static RunningControlPlane controlPlane;
    private static Customers customers;

    @BeforeAll
    static void start() throws IOException {
        controlPlane = RunningControlPlane.start(folder);
        customers = new Customers(controlPlane);
        controlPlane.operator("PUT", "/api/v1/plans/swapping", """
                {"cpuMillis":4000,"memoryBytes":1073741824,"pids":1000,"swapBytes":268435456}""");
    }

    @AfterAll
    static void stop() {
        controlPlane.close();
    }

    private static Answer put(String tenant, String image, int replicas, long swapMib) throws IOException {
        controlPlane.operator("PUT", "/api/v1/tenants/" + tenant, "{\"plan\":\"swapping\"}");
        Answer answer = controlPlane.operator(
                "PUT",
                Customers.path(tenant + "/shop"),
                "{\"image\":\"%s\",\"command\":[\"sleep\"],\"replicas\":%d,\"resources\":{\"swapBytes\":%d}}"
                        .formatted(image, replicas, swapMib * MIB));
        assertThat(answer.status()).as(answer.body()).isBetween(200, 201);
        return answer;
    }

    private static String reasons(String tenant) throws IOException {
        return customers
                .awaitStatus(
                        tenant + "/shop",
                        status -> !status.json().at("/status/reasons").isEmpty())
                .json()
                .at("/status/reasons")
                .toString();
    }

    @Test
    void aNodeWithoutSwapGetsNobodyWhoWantsSomeAndItsWordsSayWhy() throws IOException {
        ScriptedAgent.joined(controlPlane, "dry", "dry");
        put("dry", "dry", 1, 32);
        assertThat(reasons("dry"))
                .contains("cannot enforce memory.swap (node dry: verify memory.swap: this host has no swap)");
        assertThat(customers.get("dry/shop").text("/spec/resources/swapBytes")).isEqualTo("" + 32 * MIB);
    }

    /** It limits swap and was seen to, but would pass over what it is told of it. */
    @Test
    void anAgentOfAnEarlierVersionGetsNobodyWhoWantsSome() throws IOException {
        ScriptedAgent agent = ScriptedAgent.joined(controlPlane, "old", "old");
        agent.swapBytes = 1L;
        String told = agent.reportBody(true, List.of(), List.of());
        assertThat(told).contains("\"swapBytes\":1,", "\"assignment.swapBytes\",");
        String old = told.replace("\"swapBytes\":1,", "").replace("\"assignment.swapBytes\",", "");
        assertThat(agent.post(old).status()).isEqualTo(200);
        put("old", "old", 1, 32);
        assertThat(reasons("old"))
                .contains(
                        "cannot enforce assignment.swapBytes (node old: its agent is of a version that does not know it)");
        put("old", "old", 1, 0);
        agent.awaitSet(set -> set.assignments().size() == 1);
    }

    @Test
    void swapIsBookedToldAndChangedInPlace() throws IOException {
        ScriptedAgent agent = ScriptedAgent.joined(controlPlane, "wet", "wet");
        agent.swapBytes = 96 * MIB;
        agent.reportAll(List.of());
        put("wet", "wet", 2, 48);
        DesiredState before = agent.awaitSet(set -> set.assignments().size() == 2);
        agent.obey(before);
        Answer node = controlPlane.operator("GET", "/api/v1/nodes/wet", null);
        assertThat(node.text("/capacity/swapBytes")).isEqualTo("" + 96 * MIB);
        assertThat(node.text("/allocated/swapBytes")).isEqualTo("" + 96 * MIB);

        Answer change = put("wet", "wet", 2, 16);
        assertThat(change.text("/change/kind")).isEqualTo("live");
        assertThat(change.json().at("/change/fields").toString()).isEqualTo("[\"resources.swapBytes\"]");
        DesiredState after = agent.awaitSet(set -> set.assignments().stream()
                .allMatch(assignment -> assignment.resources().swap() == 16 * MIB));
        assertThat(after.assignments())
                .extracting(Assignment::allocation)
                .containsExactlyElementsOf(before.assignments().stream()
                        .map(Assignment::allocation)
                        .toList());
        agent.obey(after);
        assertThat(controlPlane
                        .operator("GET", "/api/v1/tenants/wet/allocations", null)
                        .text("/items/0/limits/swapBytes"))
                .isEqualTo("" + 16 * MIB);
        assertThat(controlPlane
                        .operator("GET", "/api/v1/tenants/wet/events", null)
                        .body())
                .contains("replica-resized");
        put("wet", "wet", 3, 48);
        assertThat(reasons("wet")).contains("too little swap", "node wet lacks 48 MiB of swap");
    }
}
