package dev.landlord.agent.sync;

import static dev.landlord.agent.sync.SyncFixtures.FACTS;
import static dev.landlord.agent.sync.SyncFixtures.observed;
import static dev.landlord.agent.sync.SyncFixtures.state;
import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.sync.LimitDrift;
import dev.landlord.api.sync.NodeReport;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportDeltaTest {
    private final AgentRun run = SyncFixtures.run();
    private final ReportDelta delta = new ReportDelta(run);

    @Test
    void theFirstIsCompleteAndTheNextHasNothing() {
        NodeState now = state(3, "alloc0001", "alloc0002");
        NodeReport first = delta.next(now, FACTS);
        assertThat(first.complete()).isTrue();
        assertThat(first.sequence()).isEqualTo(1);
        assertThat(first.facts()).isEqualTo(FACTS);
        assertThat(first.changed()).hasSize(2);
        delta.acknowledged(now, FACTS);
        NodeReport heartbeat = delta.next(now, FACTS);
        assertThat(heartbeat)
                .isEqualTo(new NodeReport(
                        2,
                        run.current(),
                        null,
                        false,
                        now.accepted(),
                        null,
                        List.of(),
                        List.of(),
                        List.of(),
                        null,
                        List.of()));
    }

    @Test
    void saysWhatChangedAndWhatIsGone() {
        NodeState before = state(3, "alloc0001", "alloc0002", "alloc0003");
        delta.next(before, FACTS);
        delta.acknowledged(before, FACTS);
        NodeState after = new NodeState(
                before.accepted(),
                Map.of(
                        new AllocationId("alloc0001"), observed("alloc0001", 0),
                        new AllocationId("alloc0002"), observed("alloc0002", 1)),
                List.of(),
                null,
                List.of());
        NodeReport report = delta.next(after, FACTS);
        assertThat(report.changed()).containsExactly(observed("alloc0002", 1));
        assertThat(report.gone()).containsExactly(new AllocationId("alloc0003"));
    }

    @Test
    void aDriftIsToldUntilItIsAcknowledgedAndNeverAgain() {
        LimitDrift one = drift("cpuMaxMillis", 1);
        LimitDrift other = drift("pidsMax", 2);
        assertThat(delta.next(drifted(List.of(one)), FACTS).drifts()).containsExactly(one);
        assertThat(delta.next(drifted(List.of(one, other)), FACTS).drifts()).containsExactly(one, other);
        delta.acknowledged(drifted(List.of(one, other)), FACTS);
        assertThat(delta.next(drifted(List.of(one, other)), FACTS).drifts()).isEmpty();
        delta.startOver();
        NodeReport complete = delta.next(drifted(List.of(one, other)), FACTS);
        assertThat(complete.complete()).isTrue();
        assertThat(complete.drifts()).isEmpty();
    }

    private static NodeState drifted(List<LimitDrift> drifts) {
        return new NodeState(NodeState.NOTHING, Map.of(), List.of(), null, drifts);
    }

    private static LimitDrift drift(String limit, long at) {
        return new LimitDrift(new TenantName("alice"), null, limit, "file", "1", "2", null, at);
    }

    @Test
    void whatWasNotAcknowledgedIsSaidAgainUnderANewNumber() {
        delta.next(state(3), FACTS);
        delta.acknowledged(state(3), FACTS);
        assertThat(delta.next(state(3, "alloc0001"), FACTS).changed()).hasSize(1);
        NodeReport again = delta.next(state(3, "alloc0001"), FACTS);
        assertThat(again.changed()).hasSize(1);
        assertThat(again.sequence()).isEqualTo(3);
    }

    @Test
    void startingOverSaysEverything() {
        NodeState now = state(3, "alloc0001");
        delta.next(now, FACTS);
        delta.acknowledged(now, FACTS);
        delta.startOver();
        NodeReport again = delta.next(now, FACTS);
        assertThat(again.complete()).isTrue();
        assertThat(again.facts()).isNotNull();
        assertThat(again.changed()).hasSize(1);
    }
}
