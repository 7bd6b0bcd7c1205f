package dev.landlord.agent.diff;

import static dev.landlord.agent.diff.DiffFixtures.A1;
import static dev.landlord.agent.diff.DiffFixtures.ALICE;
import static dev.landlord.agent.diff.DiffFixtures.GRACE;
import static dev.landlord.agent.diff.DiffFixtures.assignment;
import static dev.landlord.agent.diff.DiffFixtures.desired;
import static dev.landlord.agent.diff.DiffFixtures.frozen;
import static dev.landlord.agent.diff.DiffFixtures.with;
import static dev.landlord.agent.diff.DiffFixtures.withCommand;
import static dev.landlord.agent.diff.DiffFixtures.withCounter;
import static dev.landlord.agent.diff.DiffFixtures.withCpu;
import static dev.landlord.agent.diff.DiffFixtures.withRareTerms;
import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.agent.diff.AgentAction.Delete;
import dev.landlord.agent.diff.AgentAction.Forget;
import dev.landlord.agent.diff.AgentAction.ForgetOwner;
import dev.landlord.agent.diff.AgentAction.FreezeOwner;
import dev.landlord.agent.diff.AgentAction.KeepOrphan;
import dev.landlord.agent.diff.AgentAction.Kill;
import dev.landlord.agent.diff.AgentAction.LimitOwner;
import dev.landlord.agent.diff.AgentAction.Start;
import dev.landlord.agent.diff.AgentAction.Terminate;
import dev.landlord.agent.diff.AgentAction.ThawOwner;
import dev.landlord.agent.diff.AgentAction.UpdateLimits;
import dev.landlord.agent.diff.AgentAction.WakeAt;
import dev.landlord.agent.diff.AllocationRecord.State;
import dev.landlord.agent.diff.ObservedSandbox.Phase;
import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.sync.Assignment;
import dev.landlord.api.sync.DesiredState;
import dev.landlord.api.workload.RestartPolicy.Mode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AgentDiffTest {
    private final DiffWorld world = new DiffWorld();

    private List<AgentAction> work(DesiredState desired) {
        return world.settle(desired).stream()
                .filter(action -> !(action instanceof AgentAction.LedgerAction))
                .toList();
    }

    private AllocationRecord record() {
        return world.record(A1);
    }

    @Test
    void limitsTheSliceThenStartsWhatIsNew() {
        assertThat(work(desired(assignment())))
                .containsExactly(
                        new LimitOwner(ALICE, ResourceLimits.of(assignment())), new Start(assignment(), 1, null));
        assertThat(record().state()).isEqualTo(State.UP);
        assertThat(record().attempts().restarts()).isZero();
    }

    @Test
    void remembersTheRunBeforeItIsStarted() {
        List<AgentAction> actions = world.diff(desired(assignment()));
        assertThat(actions).hasSize(3);
        assertThat(actions.get(1)).isInstanceOfSatisfying(AgentAction.Remember.class, remember -> {
            assertThat(remember.record().run()).isEqualTo(1);
            assertThat(remember.record().state()).isEqualTo(State.STARTING);
        });
        assertThat(actions.get(2)).isInstanceOf(Start.class);
    }

    @Test
    void aChangedSpecNeverTouchesAHealthyOne() {
        work(desired(assignment()));
        assertThat(work(desired(withCommand(assignment(), "false")))).isEmpty();
    }

    @Test
    void changedResourcesAreWrittenLiveAndTheSliceIsRaisedFirstAndLoweredLast() {
        work(desired(assignment()));
        Assignment more = withCpu(assignment(), 300);
        assertThat(work(desired(more)))
                .containsExactly(
                        new LimitOwner(ALICE, ResourceLimits.of(more)),
                        new UpdateLimits(A1, ALICE, 1, ResourceLimits.of(more)));
        assertThat(work(desired(assignment())))
                .containsExactly(
                        new UpdateLimits(A1, ALICE, 1, ResourceLimits.of(assignment())),
                        new LimitOwner(ALICE, ResourceLimits.of(assignment())));
    }

    /** A sandbox could not use what it has saved up in a slice that saves nothing. */
    @Test
    void aBurstIsGivenToTheSliceFirstAndTakenFromItLast() {
        work(desired(assignment()));
        Assignment bursts = withRareTerms(assignment(), 700, 50);
        ResourceLimits given = ResourceLimits.of(bursts);
        assertThat(given.cpuBurstMicros()).isEqualTo(100 * 50);
        assertThat(given.ioWeight()).isEqualTo(700);
        assertThat(work(desired(bursts)))
                .containsExactly(new LimitOwner(ALICE, given), new UpdateLimits(A1, ALICE, 1, given));
        ResourceLimits none = ResourceLimits.of(assignment());
        assertThat(none.cpuBurstMicros()).isNull();
        assertThat(work(desired(assignment())))
                .containsExactly(new UpdateLimits(A1, ALICE, 1, none), new LimitOwner(ALICE, none));
    }

    @Test
    void aSliceSavesUpWhatItsSandboxesDoTogetherAndHasOneShareOfTheDisk() {
        Assignment one = withRareTerms(withCpu(assignment(), 300), 700, 50);
        Assignment other = withRareTerms(assignment(new AllocationId("aaaaaaaa2"), ALICE), 700, 50);
        ResourceLimits sum = ResourceLimits.of(one).plus(ResourceLimits.of(other));
        assertThat(sum.cpuMillis()).isEqualTo(400);
        assertThat(sum.cpuBurstMicros()).isEqualTo(400 * 50);
        assertThat(sum.ioWeight()).isEqualTo(700);
        assertThat(work(desired(one, other))).startsWith(new LimitOwner(ALICE, sum));
    }

    @Test
    void restartsAfterABackOffThatDoublesAndKeepsTheExitedOneUntilThen() {
        DesiredState desired = desired(assignment());
        work(desired);
        long[] waits = {500, 1_000, 2_000, 4_000, 8_000, 8_000};
        for (int run = 1; run <= waits.length; run++) {
            world.end(new RunKey(A1, run), 1);
            long ended = world.now;
            assertThat(work(desired)).isEmpty();
            assertThat(world.diff(desired)).containsExactly(new WakeAt(ended + waits[run - 1]));
            world.now = ended + waits[run - 1] - 1;
            assertThat(world.diff(desired)).hasOnlyElementsOfType(WakeAt.class);
            world.now++;
            assertThat(work(desired))
                    .containsExactly(new Delete(A1, ALICE, run), new Start(assignment(), run + 1, null));
            assertThat(record().attempts().restarts()).isEqualTo(run);
        }
    }

    @Test
    void aClockThatIsSetBackDoesNotStretchTheWaits() {
        work(desired(assignment()));
        world.end(new RunKey(A1, 1), 1);
        work(desired(assignment()));
        world.now -= 3_600_000;
        work(desired(assignment()));
        assertThat(record().attempts().notBeforeMillis()).isEqualTo(world.now + 8_000);
        world.now += 8_000;
        assertThat(work(desired(assignment()))).contains(new Start(assignment(), 2, null));
        work(desired());
        world.now -= 3_600_000;
        work(desired());
        assertThat(record().stop().deadlineMillis()).isEqualTo(world.now + GRACE);
    }

    @Test
    void aLongEnoughRunBeginsTheBackOffAnew() {
        DesiredState desired = desired(assignment());
        work(desired);
        for (int run = 1; run <= 3; run++) {
            world.end(new RunKey(A1, run), 1);
            work(desired);
            world.now += 10_000;
            work(desired);
        }
        assertThat(record().attempts().failures()).isEqualTo(3);
        world.now += RestartRules.RAN_LONG_ENOUGH_MILLIS;
        world.end(new RunKey(A1, 4), 1);
        work(desired);
        assertThat(record().attempts().failures()).isEqualTo(1);
        assertThat(record().attempts().notBeforeMillis()).isEqualTo(world.now + 500);
    }

    @Test
    void thePolicyDecidesWhetherThereIsANextRun() {
        record Row(Mode mode, int exitCode, boolean again) {}
        for (Row row : List.of(
                new Row(Mode.ALWAYS, 0, true),
                new Row(Mode.ALWAYS, 1, true),
                new Row(Mode.ON_FAILURE, 0, false),
                new Row(Mode.ON_FAILURE, 1, true),
                new Row(Mode.NEVER, 0, false),
                new Row(Mode.NEVER, 1, false))) {
            DiffWorld fresh = new DiffWorld();
            DesiredState desired = desired(with(assignment(), row.mode));
            fresh.settle(desired);
            fresh.end(new RunKey(A1, 1), row.exitCode);
            fresh.settle(desired);
            fresh.now += 1_000;
            fresh.settle(desired);
            assertThat(fresh.live(sandbox -> sandbox.run() == 2)).as("%s", row).hasSize(row.again ? 1 : 0);
        }
    }

    @Test
    void aGrownCounterRestartsInPlaceWithoutBackOff() {
        work(desired(assignment()));
        DesiredState again = desired(withCounter(assignment(), 1));
        assertThat(work(again)).containsExactly(new Terminate(A1, ALICE, 1));
        assertThat(world.diff(again)).containsExactly(new WakeAt(world.now + GRACE));
        world.end(new RunKey(A1, 1), 143);
        assertThat(work(again))
                .containsExactly(new Delete(A1, ALICE, 1), new Start(withCounter(assignment(), 1), 2, null));
        assertThat(record().attempts().failures()).isZero();
        assertThat(work(again)).isEmpty();
    }

    @Test
    void aGrownCounterEndsABackOff() {
        DesiredState desired = desired(with(assignment(), Mode.NEVER));
        work(desired);
        world.end(new RunKey(A1, 1), 1);
        work(desired);
        assertThat(work(desired(withCounter(assignment(), 1))))
                .hasSize(2)
                .last()
                .isInstanceOf(Start.class);
    }

    @Test
    void stoppedMeansTerminateThenKillThenKeepTheRecordUntilItLeaves() {
        work(desired(assignment()));
        DesiredState stopped = desired(with(assignment(), Assignment.Desired.STOPPED));
        assertThat(work(stopped)).containsExactly(new Terminate(A1, ALICE, 1));
        world.now += GRACE;
        assertThat(work(stopped)).containsExactly(new Kill(A1, ALICE, 1));
        assertThat(record().state()).isEqualTo(State.STOPPED);
        assertThat(world.sandboxes).hasSize(1);
        assertThat(world.settle(desired()))
                .containsExactly(new Delete(A1, ALICE, 1), new Forget(A1), new ForgetOwner(ALICE));
        assertThat(world.records).isEmpty();
    }

    @Test
    void whatLeavesTheSetIsStoppedWithItsGraceAndDeleted() {
        work(desired(assignment()));
        assertThat(work(desired())).containsExactly(new Terminate(A1, ALICE, 1));
        world.end(new RunKey(A1, 1), 0);
        assertThat(work(desired())).contains(new Delete(A1, ALICE, 1));
        assertThat(world.records).isEmpty();
    }

    @Test
    void aSandboxThatNobodyKnowsIsKept() {
        world.sandboxes.put(new RunKey(A1, 4), DiffFixtures.running(4));
        assertThat(world.diff(desired())).containsExactly(new KeepOrphan(DiffFixtures.running(4)));
    }

    @Test
    void anOrphanWhoseAssignmentComesBackIsTakenAsItIs() {
        world.sandboxes.put(new RunKey(A1, 4), DiffFixtures.running(4));
        assertThat(work(desired(assignment()))).noneMatch(Start.class::isInstance);
        assertThat(record().run()).isEqualTo(4);
    }

    @Test
    void suspendingFreezesTheSliceAndStartsNothingUntilItIsThawed() {
        work(desired(assignment()));
        DesiredState suspended = frozen(desired(assignment()), ALICE);
        assertThat(work(suspended)).containsExactly(new FreezeOwner(ALICE));
        world.end(new RunKey(A1, 1), 1);
        world.now += 60_000;
        assertThat(work(suspended)).isEmpty();
        assertThat(work(desired(assignment())))
                .containsExactly(new ThawOwner(ALICE), new Delete(A1, ALICE, 1), new Start(assignment(), 2, null));
    }

    @Test
    void aFrozenTenantIsKilledWithoutBeingThawed() {
        work(desired(assignment()));
        work(frozen(desired(assignment()), ALICE));
        assertThat(work(frozen(desired(), ALICE))).first().isEqualTo(new Kill(A1, ALICE, 1));
    }

    @Test
    void aSliceKeepsRoomForAnEndedSandboxUntilItIsDeleted() {
        Assignment other = assignment(new AllocationId("aaaaaaaa2"), ALICE);
        work(desired(assignment(), other));
        world.end(new RunKey(A1, 1), 0);
        assertThat(world.diff(desired(with(assignment(), Assignment.Desired.STOPPED), other)))
                .noneMatch(LimitOwner.class::isInstance);
        assertThat(work(desired(other))).last().isEqualTo(new LimitOwner(ALICE, ResourceLimits.of(other)));
    }

    @Test
    void afterAnAgentRestartNothingIsRestartedAndTheSliceIsWrittenOnceMore() {
        work(desired(assignment()));
        world.owners.put(ALICE, OwnerState.UNKNOWN);
        assertThat(work(desired(assignment())))
                .containsExactly(new LimitOwner(ALICE, ResourceLimits.of(assignment())), new ThawOwner(ALICE));
    }

    @Test
    void aSandboxThatWasBuiltButNotStartedIsBuiltAgainAndNotCountedAsRestart() {
        List<AgentAction> planned = world.diff(desired(assignment()));
        planned.stream().filter(AgentAction.LedgerAction.class::isInstance).forEach(world::apply);
        ObservedSandbox created = new ObservedSandbox(A1, 1, ALICE, Phase.CREATED, 0, 0, null);
        world.sandboxes.put(new RunKey(A1, 1), created);
        assertThat(work(desired(assignment()))).contains(new Delete(A1, ALICE, 1), new Start(assignment(), 2, null));
        assertThat(record().attempts().restarts()).isZero();
    }

    @Test
    void aLostSandboxIsStartedAgainAfterABackOff() {
        work(desired(assignment()));
        world.sandboxes.put(new RunKey(A1, 1), new ObservedSandbox(A1, 1, ALICE, Phase.LOST, 1_000, 0, null));
        work(desired(assignment()));
        assertThat(record().ending()).extracting(Ending::message).asString().contains("left no record");
        world.now += 500;
        assertThat(work(desired(assignment()))).contains(new Start(assignment(), 2, null));
    }

    @Test
    void tenantsTakeTurnsWhenNotAllCanBeServed() {
        List<Assignment> all = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            all.add(assignment(new AllocationId("eve000000" + (char) ('a' + i)), new TenantName("eve")));
        }
        all.add(assignment());
        DesiredState desired = desired(all.toArray(Assignment[]::new));
        List<AgentAction> actions = AgentDiff.diff(desired, world.observe(), world.now, 2);
        assertThat(actions.stream().filter(Start.class::isInstance).map(action -> ((Start) action).tenant()))
                .containsExactly(ALICE, new TenantName("eve"));
    }

    @Test
    void nothingIsDecidedAboutTheBusy() {
        Observation busy = new Observation(
                List.of(), world.records, world.owners, Set.of(A1), Set.of(new TenantName("bob")), world.lease);
        Assignment bobs = assignment(new AllocationId("bbbbbbbb1"), new TenantName("bob"));
        assertThat(AgentDiff.diff(desired(assignment(), bobs), busy, 0, 10))
                .hasOnlyElementsOfType(LimitOwner.class)
                .hasSize(1);
    }
}
