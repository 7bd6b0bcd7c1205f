package dev.landlord.controlplane.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.sync.DesiredState;
import dev.landlord.api.sync.LimitDrift;
import dev.landlord.controlplane.Answer;
import dev.landlord.controlplane.RunningControlPlane;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a node tells of limits that were changed on it, in the histories of those whom it concerns. */
@Timeout(60)
class LimitDriftTest {
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

    private static LimitDrift drift(
            String tenant, @Nullable AllocationId allocation, @Nullable String failure, long at) {
        return new LimitDrift(
                new TenantName(tenant), allocation, "cpuMaxMillis", "cpu.max", "10000 100000", "max", failure, at);
    }

    private static long told(String path) throws IOException {
        Answer answer = controlPlane.operator("GET", path, null);
        return answer.body()
                .lines()
                .mapToInt(line -> line.split("\"limit-drift\"", -1).length - 1)
                .sum();
    }

    @Test
    void aDriftIsAnEventThatNamesEverything() throws IOException {
        ScriptedAgent agent = ScriptedAgent.joined(controlPlane, "root", "root");
        customers.tenant("alice");
        customers.put("alice/shop", "root", "sleep", 1);
        DesiredState set = agent.awaitSet(desired -> desired.assignments().size() == 1);
        AllocationId replica = set.assignments().getFirst().allocation();
        agent.obey(set);

        agent.drifts = List.of(drift("alice", replica, null, 1), drift("alice", null, "EINVAL", 2));
        agent.reportChanged(List.of(), List.of());
        Answer events = controlPlane.operator("GET", "/api/v1/tenants/alice/events", null);
        assertThat(events.body())
                .contains("\"kind\":\"limit-drift\",\"tenant\":\"alice\",\"workload\":\"shop\",\"allocation\":\""
                        + replica
                        + "\",\"node\":\"root\",\"message\":\"replica 0: cpuMaxMillis was changed from outside:"
                        + " cpu.max had \\\"max\\\" in place of \\\"10000 100000\\\"; it was written again\"")
                .contains("all of tenant alice on node root: cpuMaxMillis")
                .contains("it could not be written again: EINVAL");
    }

    @Test
    void whatIsToldTwiceIsOneEvent() throws IOException {
        ScriptedAgent agent = ScriptedAgent.joined(controlPlane, "twice", "twice");
        customers.tenant("bob");
        customers.put("bob/shop", "twice", "sleep", 1);
        agent.obey(agent.awaitSet(desired -> desired.assignments().size() == 1));

        agent.drifts = List.of(drift("bob", null, null, 1));
        agent.reportChanged(List.of(), List.of());
        agent.drifts = List.of(drift("bob", null, null, 1), drift("bob", null, null, 2));
        agent.reportChanged(List.of(), List.of());
        assertThat(told("/api/v1/tenants/bob/events")).isEqualTo(2);
    }

    @Test
    void aNodeWritesNothingIntoTheHistoryOfAStranger() throws IOException {
        ScriptedAgent agent = ScriptedAgent.joined(controlPlane, "liar", "liar");
        customers.tenant("carol");
        customers.tenant("dave");
        customers.put("dave/shop", "liar", "sleep", 1);
        agent.obey(agent.awaitSet(desired -> desired.assignments().size() == 1));

        agent.drifts = List.of(drift("carol", null, null, 1), drift("carol", new AllocationId("abcdefgh1"), null, 2));
        agent.reportChanged(List.of(), List.of());
        assertThat(told("/api/v1/tenants/carol/events")).isZero();
        assertThat(told("/api/v1/events?limit=1000")).isGreaterThanOrEqualTo(2);
    }

    @Test
    void wordsAreBounded() throws IOException {
        ScriptedAgent agent = ScriptedAgent.joined(controlPlane, "wordy", "wordy");
        agent.drifts = Collections.nCopies(LimitDrift.MAX_IN_REPORT + 1, drift("alice", null, null, 1));
        assertThat(agent.report(false, List.of(), List.of()).problem()).isEqualTo("422 invalid-field /drifts");
        agent.drifts = List.of(drift("alice", null, "x".repeat(LimitDrift.MAX_TEXT + 1), 1));
        assertThat(agent.report(false, List.of(), List.of()).problem()).isEqualTo("422 invalid-field /drifts/failure");
    }
}
