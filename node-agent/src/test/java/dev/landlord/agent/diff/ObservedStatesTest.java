package dev.landlord.agent.diff;

import static dev.landlord.agent.diff.DiffFixtures.A1;
import static dev.landlord.agent.diff.DiffFixtures.assignment;
import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.agent.diff.AllocationRecord.Attempts;
import dev.landlord.agent.diff.AllocationRecord.State;
import dev.landlord.api.sync.AppliedLimits;
import dev.landlord.api.sync.ObservedAllocation;
import dev.landlord.api.sync.ObservedPhase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ObservedStatesTest {
    private static final Ending CRASHED = new Ending(1_000, 2_000, 3, false, "program exited with code 3");
    private static final Ending DONE = new Ending(1_000, 2_000, 0, false, "program exited with code 0");

    private static AllocationRecord record(State state, long notBefore, @Nullable Ending ending) {
        AllocationRecord fresh = AllocationRecord.fresh(assignment());
        return new AllocationRecord(
                fresh.identity(), new Attempts(state, 2, 1, 1, 0, notBefore), fresh.stop(), fresh.limits(), 0, ending);
    }

    private static ObservedAllocation of(
            @Nullable AllocationRecord record,
            @Nullable ObservedSandbox sandbox,
            boolean frozen,
            @Nullable String trouble) {
        return ObservedStates.of(A1, record, sandbox, frozen, trouble, null);
    }

    @Test
    void eachStateHasItsPhase() {
        ObservedSandbox running = DiffFixtures.running(2);
        ObservedSandbox exited = DiffFixtures.exited(2, 3, 1_000, 2_000);
        record Row(
                ObservedPhase phase,
                @Nullable AllocationRecord record,
                @Nullable ObservedSandbox sandbox,
                boolean frozen) {}
        for (Row row : java.util.List.of(
                new Row(ObservedPhase.STARTING, null, null, false),
                new Row(ObservedPhase.FROZEN, null, null, true),
                new Row(ObservedPhase.STARTING, record(State.STARTING, 0, null), null, false),
                new Row(ObservedPhase.RUNNING, record(State.UP, 0, CRASHED), running, false),
                new Row(ObservedPhase.FROZEN, record(State.UP, 0, null), running, true),
                new Row(ObservedPhase.BACKING_OFF, record(State.ENDED, 5_000, CRASHED), exited, false),
                new Row(ObservedPhase.FROZEN, record(State.ENDED, 5_000, CRASHED), exited, true),
                new Row(ObservedPhase.FAILED, record(State.ENDED, Attempts.NEVER, CRASHED), exited, false),
                new Row(ObservedPhase.EXITED, record(State.ENDED, Attempts.NEVER, DONE), exited, false),
                new Row(ObservedPhase.STOPPED, record(State.STOPPED, 0, DONE), exited, false),
                new Row(ObservedPhase.STOPPED, record(State.STOPPED, 0, null), null, true))) {
            assertThat(of(row.record, row.sandbox, row.frozen, null).phase())
                    .as("%s", row)
                    .isEqualTo(row.phase);
        }
    }

    @Test
    void saysWhyItIsDownAndNothingWhenItIsUp() {
        ObservedSandbox exited = DiffFixtures.exited(2, 3, 1_000, 2_000);
        assertThat(of(record(State.ENDED, 5_000, CRASHED), exited, false, null))
                .isEqualTo(new ObservedAllocation(
                        A1,
                        ObservedPhase.BACKING_OFF,
                        1_000,
                        1,
                        3,
                        false,
                        null,
                        "program exited with code 3",
                        null,
                        null));
        ObservedSandbox running =
                new ObservedSandbox(A1, 2, DiffFixtures.ALICE, ObservedSandbox.Phase.RUNNING, 7_000, 0, null);
        assertThat(of(record(State.UP, 0, CRASHED), running, false, null))
                .isEqualTo(
                        new ObservedAllocation(A1, ObservedPhase.RUNNING, 7_000, 1, 3, false, null, null, null, null));
        assertThat(of(record(State.UP, 0, null), running, false, "updateLimits x: no")
                        .message())
                .isEqualTo("updateLimits x: no");
    }

    @Test
    void tellsTheLimitsThatWereWrittenAsTheTenantCountsThem() {
        AllocationRecord up =
                record(State.UP, 0, null).withLimits(new ResourceLimits(70, 8_192, 21, 5, null, null, null, 4_096L));
        int ours = assignment().process().init() ? 1 : 0;
        assertThat(ObservedStates.applied(assignment(), up, DiffFixtures.running(2)))
                .isEqualTo(new AppliedLimits(70, 8_192, 21 - ours, 4_096L));
        assertThat(ObservedStates.applied(assignment(), up, DiffFixtures.running(1)))
                .as("of an earlier run")
                .isNull();
        assertThat(ObservedStates.applied(assignment(), up, DiffFixtures.exited(2, 3, 1_000, 2_000)))
                .isNull();
        assertThat(ObservedStates.applied(null, up, DiffFixtures.running(2))).isNull();
        assertThat(ObservedStates.applied(assignment(), null, DiffFixtures.running(2)))
                .isNull();
        assertThat(ObservedStates.applied(assignment(), up, null)).isNull();
    }

    @Test
    void aMessageOfAnyLengthIsCut() {
        Ending longWinded = new Ending(0, 1, null, false, "x".repeat(100_000));
        assertThat(longWinded.message()).hasSize(Ending.MAX_MESSAGE);
    }
}
