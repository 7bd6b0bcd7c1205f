package dev.landlord.controlplane.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.api.id.AllocationId;
import dev.landlord.api.sync.AppliedLimits;
import dev.landlord.api.sync.Assignment;
import dev.landlord.api.sync.DesiredState;
import dev.landlord.api.sync.ObservedAllocation;
import dev.landlord.api.sync.ObservedPhase;
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

/** New limits for replicas that run, from the request to what their node is told. */
@Timeout(60)
class ResizeTest {
    @TempDir
    static Path folder;

    private static RunningControlPlane controlPlane;
    private static Customers customers;

    @BeforeAll
    static void start() throws IOException {
        controlPlane = RunningControlPlane.start(folder);
        customers = new Customers(controlPlane);
    }

    @AfterAll
    static void stop() {
        controlPlane.close();
    }

    @Test
    void limitsOfWhatRunsChangeInPlace() throws IOException {
        ScriptedAgent agent = ScriptedAgent.joined(controlPlane, "live", "live");
        customers.tenant("live");
        assertThat(customers
                        .put("live/shop", "live", "sleep", 2, 300L << 20)
                        .json()
                        .has("change"))
                .isFalse();
        DesiredState before = agent.awaitSet(set -> set.assignments().size() == 2);
        agent.obey(before);

        Answer answer = customers.put("live/shop", "live", "sleep", 2, 400L << 20);
        assertThat(answer.text("/change/kind")).isEqualTo("live");
        assertThat(answer.text("/change/fields/0")).isEqualTo("resources.memoryBytes");
        assertThat(answer.text("/specVersion")).isEqualTo("2");
        DesiredState after = agent.awaitSet(set -> true);
        assertThat(after.assignments())
                .extracting(Assignment::allocation)
                .containsExactlyElementsOf(before.assignments().stream()
                        .map(Assignment::allocation)
                        .toList());
        assertThat(after.assignments()).allSatisfy(assignment -> {
            assertThat(assignment.desired()).isEqualTo(Assignment.Desired.RUNNING);
            assertThat(assignment.resources().memoryBytes()).isEqualTo(400L << 20);
            assertThat(assignment.restartCounter()).isZero();
        });
        customers.awaitStatus(
                "live/shop", status -> status.text("/status/updated").equals("2"));
        assertThat(limits("live")).as("in force until the node says otherwise").isEqualTo(300L << 20);
        assertThat(events("live")).contains("replica-resizing").doesNotContain("replica-resized");
        agent.obey(after);
        assertThat(limits("live")).isEqualTo(400L << 20);
        assertThat(events("live")).contains("replica-resized").doesNotContain("replica-stopping", "resize-failed");
        customers.put("live/shop", "live", "sleep", 0, 400L << 20);
    }

    private static long limits(String tenant) throws IOException {
        return controlPlane
                .operator("GET", "/api/v1/tenants/" + tenant + "/allocations", null)
                .json()
                .at("/items/0/limits/memoryBytes")
                .asLong(-1);
    }

    private static String events(String tenant) throws IOException {
        return controlPlane
                .operator("GET", "/api/v1/tenants/" + tenant + "/events", null)
                .body();
    }

    @Test
    void aNodeThatCannotShrinkAReplicaSaysSoOnceAndTheRoomStaysTaken() throws IOException {
        ScriptedAgent agent = ScriptedAgent.joined(controlPlane, "busy", "busy");
        customers.tenant("busy");
        customers.put("busy/shop", "busy", "sleep", 1, 600L << 20);
        DesiredState before = agent.awaitSet(set -> set.assignments().size() == 1);
        agent.obey(before);

        customers.put("busy/shop", "busy", "sleep", 1, 300L << 20);
        DesiredState smaller =
                agent.awaitSet(set -> set.assignments().getFirst().resources().memoryBytes() == 300L << 20);
        Assignment shop = smaller.assignments().getFirst();
        AppliedLimits old = ScriptedAgent.limits(before.assignments().getFirst().resources());
        for (String message : List.of("set memory.maxBytes: EBUSY", "set memory.maxBytes: EBUSY, once more")) {
            ObservedAllocation stuck = new ObservedAllocation(
                    shop.allocation(), ObservedPhase.RUNNING, 1000, 0, null, false, null, message, old, null);
            agent.reportChanged(List.of(stuck), List.of());
        }
        assertThat(events("busy").split("\"resize-failed\"", -1)).hasSize(2);
        assertThat(events("busy")).contains("keeps its old limits for now, node busy tries again: set memory.maxBytes");
        assertThat(limits("busy")).isEqualTo(600L << 20);
    }

    @Test
    void limitsThatNoReplicaCanHaveAreRefused() throws IOException {
        ScriptedAgent agent = ScriptedAgent.joined(controlPlane, "boaster", "boaster");
        ObservedAllocation boast = ScriptedAgent.observed(new AllocationId("abcdefgh1"), ObservedPhase.RUNNING)
                .with(new AppliedLimits(1, Long.MAX_VALUE, 1, null));
        assertThat(agent.report(false, List.of(boast), List.of()).problem())
                .isEqualTo("422 invalid-field /changed/limits/memoryBytes");
    }

    @Test
    void whatCannotChangeWhileItRunsIsNamedAndReplaced() throws IOException {
        ScriptedAgent agent = ScriptedAgent.joined(controlPlane, "rolling", "rolling");
        customers.tenant("rolling");
        customers.put("rolling/shop", "rolling", "sleep", 1, 64L << 20);
        DesiredState before = agent.awaitSet(set -> set.assignments().size() == 1);
        agent.obey(before);

        // Without a size of its own, the writable layer is a quarter of the memory.
        Answer answer = customers.put("rolling/shop", "rolling", "sleep", 1, 128L << 20);
        assertThat(answer.text("/change/kind")).isEqualTo("rolling");
        assertThat(answer.json().at("/change/fields").toString())
                .isEqualTo("[\"resources.diskBytes\",\"resources.inodes\"]");
        DesiredState after = agent.awaitSet(set -> set.assignments().size() == 2);
        assertThat(after.assignments())
                .extracting(Assignment::allocation)
                .contains(before.assignments().getFirst().allocation());
    }

    @Test
    void aCountOrNothingIsSaidToo() throws IOException {
        customers.tenant("count");
        customers.put("count/shop", "nowhere", "sleep", 1);
        assertThat(customers.put("count/shop", "nowhere", "sleep", 2).text("/change/kind"))
                .isEqualTo("scale");
        assertThat(customers.put("count/shop", "nowhere", "sleep", 2).text("/change/kind"))
                .isEqualTo("none");
    }
}
