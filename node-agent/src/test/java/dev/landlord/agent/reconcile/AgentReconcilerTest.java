package dev.landlord.agent.reconcile;

import static dev.landlord.agent.reconcile.SimulatedAgent.assignment;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landlord.agent.ledger.Ledger;
import dev.landlord.agent.ledger.LedgerException;
import dev.landlord.api.id.Generation;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.sync.Assignment;
import dev.landlord.api.sync.DesiredState;
import dev.landlord.api.sync.NodeReport.HeldSet;
import dev.landlord.api.sync.ObservedPhase;
import dev.landlord.api.workload.RestartPolicy.Mode;
import dev.landlord.runtime.SandboxId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AgentReconcilerTest {
    private static final String A = "aaaaaaaa1";
    private static final String B = "bbbbbbbb1";

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit fills it
    private Path directory;

    @SuppressWarnings("NullAway.Init") // see setUp
    private SimulatedAgent agent;

    @BeforeEach
    void setUp() throws IOException {
        agent = new SimulatedAgent(directory);
    }

    @AfterEach
    void tearDown() {
        agent.close();
    }

    private static SandboxId run(String allocation, int run) {
        return new SandboxId(allocation + "-r" + run);
    }

    @Test
    void runsWhatIsDesiredEachTenantInItsOwnIds() throws InterruptedException {
        agent.run(assignment(A, "alice", "serve"), assignment(B, "bob", "serve"));
        assertThat(agent.observed(A).phase()).isEqualTo(ObservedPhase.RUNNING);
        assertThat(agent.observed(B).phase()).isEqualTo(ObservedPhase.RUNNING);
        assertThat(agent.runtime.spec(run(A, 1)).ids())
                .isNotEqualTo(agent.runtime.spec(run(B, 1)).ids());
        assertThat(agent.reconciler.state().accepted()).isEqualTo(new Generation("db-1", 1));
    }

    @Test
    void whatTheLeaseHasEndedIsToldAndNotBegunAgain() throws Exception {
        Assignment leased = SimulatedAgent.leased(assignment(A, "alice", "serve"));
        agent.run(leased, assignment(B, "bob", "serve"));
        assertThat(agent.observed(A).phase()).isEqualTo(ObservedPhase.RUNNING);
        agent.runtime.letLeaseRunOut();
        agent.settle();
        assertThat(agent.observed(A).endedWithLease()).isTrue();
        assertThat(agent.observed(A).phase()).isEqualTo(ObservedPhase.FAILED);
        assertThat(agent.observed(B).phase()).isEqualTo(ObservedPhase.RUNNING);

        agent.runtime.extendLease(agent.runtime.lease().nowNanos() + 1_000);
        agent.settle();
        try (SimulatedAgent next = agent.killedAndStartedAgain()) {
            next.settle();
            assertThat(next.observed(A).endedWithLease()).isTrue();
            next.run(leased, SimulatedAgent.leased(assignment("cccccccc1", "alice", "serve")));
            assertThat(next.observed(A).endedWithLease()).isTrue();
            assertThat(next.observed("cccccccc1").phase())
                    .as("what is new in the new term")
                    .isEqualTo(ObservedPhase.RUNNING);
        }
    }

    /** Accepted, and never begun: another host may have it by now. */
    @Test
    void aSetOfATermThatIsOverBeginsNothingThatIsBoundToIt() throws InterruptedException {
        long term = agent.runtime.lease().term();
        agent.runtime.letLeaseRunOut();
        agent.runtime.extendLease(agent.runtime.lease().nowNanos() + 1_000);
        agent.reconciler.offer(
                agent.next(SimulatedAgent.leased(assignment(A, "alice", "serve")), assignment(B, "bob", "serve")),
                term);
        agent.settle();
        assertThat(agent.observed(A).endedWithLease()).isTrue();
        assertThat(agent.observed(B).phase()).isEqualTo(ObservedPhase.RUNNING);
    }

    @Test
    void whatIsBegunIsInTheLedgerBefore() throws InterruptedException {
        agent.reconciler.offer(
                agent.next(assignment(A, "alice", "serve")),
                agent.runtime.lease().term());
        agent.reconciler.pass();
        assertThat(Ledger.open(directory).content().accepted()).isNotNull();
        assertThat(Ledger.open(directory).content().idBlocks()).hasSize(1);
        assertThat(Ledger.open(directory).content().records().values())
                .singleElement()
                .satisfies(record -> assertThat(record.run()).isEqualTo(1));
        agent.settle();
    }

    @Test
    void nothingIsBegunThatCouldNotBeWrittenDown() throws Exception {
        Path blocker = Files.createDirectory(directory.resolve("ledger.json.new"));
        agent.reconciler.offer(
                agent.next(assignment(A, "alice", "serve")),
                agent.runtime.lease().term());
        for (int i = 0; i < 3; i++) {
            try {
                agent.reconciler.pass();
            } catch (RuntimeException e) {
                assertThat(e).hasMessageContaining("ledger.json");
            }
        }
        assertThat(agent.runtime.operations()).isEmpty();
        assertThat(agent.reconciler.state().accepted().number()).isZero();
        Files.delete(blocker);
        agent.settle();
        assertThat(agent.observed(A).phase()).isEqualTo(ObservedPhase.RUNNING);
    }

    @Test
    void anAgentThatWasKilledFindsItsSandboxesAndTouchesNone() throws Exception {
        agent.run(assignment(A, "alice", "serve"), assignment(B, "bob", "serve"));
        int before = agent.runtime.operations().size();
        try (SimulatedAgent next = agent.killedAndStartedAgain()) {
            assertThat(next.observed(A).phase()).isEqualTo(ObservedPhase.RUNNING);
            next.settle();
            assertThat(next.runtime
                            .operations()
                            .subList(before, next.runtime.operations().size()))
                    .as("slices are written once more, sandboxes are left alone")
                    .allMatch(operation -> operation.startsWith("limitOwner ") || operation.startsWith("thawOwner "));
            assertThat(next.observed(B).restarts()).isZero();
        }
    }

    @Test
    void whoseMemoryWasShortIsSaid() throws InterruptedException {
        agent.run(assignment(A, "alice", "serve"));
        agent.runtime.hostOutOfMemory(run(A, 1));
        agent.settle();
        assertThat(agent.observed(A).oomKilled()).isTrue();
        assertThat(agent.observed(A).message())
                .contains("its host was out of memory")
                .doesNotContain("its memory limit");
    }

    @Test
    void aProgramThatEndsIsStartedAgainAfterItsBackOff() throws InterruptedException {
        agent.run(assignment(A, "alice", "serve"));
        agent.runtime.outOfMemory(run(A, 1));
        agent.settle();
        assertThat(agent.observed(A).phase()).isEqualTo(ObservedPhase.BACKING_OFF);
        assertThat(agent.observed(A).oomKilled()).isTrue();
        assertThat(agent.observed(A).message()).contains("memory limit");
        agent.clock.advance(499);
        agent.settle();
        assertThat(agent.observed(A).phase()).isEqualTo(ObservedPhase.BACKING_OFF);
        agent.clock.advance(1);
        agent.settle();
        assertThat(agent.observed(A).phase()).isEqualTo(ObservedPhase.RUNNING);
        assertThat(agent.observed(A).restarts()).isEqualTo(1);
        assertThat(agent.observed(A).exitCode()).isEqualTo(137);
        assertThat(agent.runtime.list()).extracting(status -> status.id()).containsExactly(run(A, 2));
    }

    @Test
    void aCommandThatIsNotThereIsNamedAndLeavesNothingOnTheHost() throws InterruptedException {
        agent.run(assignment(A, "alice", "no-such-command"), assignment(B, "bob", "fails-to-exec"));
        assertThat(agent.observed(A).phase()).isEqualTo(ObservedPhase.BACKING_OFF);
        assertThat(agent.observed(A).message()).startsWith("start " + A).contains("\"no-such-command\"");
        assertThat(agent.observed(B).phase()).isEqualTo(ObservedPhase.BACKING_OFF);
        assertThat(agent.observed(B).message()).isEqualTo("exec fails-to-exec: No such file or directory");
        assertThat(agent.runtime.list()).isEmpty();
    }

    @Test
    void aMissingImageAndAnUnknownUserAreNamed() throws InterruptedException {
        Assignment tiny = assignment(A, "alice", "serve");
        agent.run(
                ProcessVariants.image(tiny, "nowhere"),
                ProcessVariants.user(assignment(B, "bob", "serve"), "nobody-knows"));
        assertThat(agent.observed(A).message()).contains(A, "image nowhere is not on this node");
        assertThat(agent.observed(B).message()).contains(B, "nobody-knows");
        assertThat(agent.runtime.operations()).noneMatch(operation -> operation.startsWith("create"));
    }

    @Test
    void stubbornProgramsAreKilledAfterTheirGrace() throws InterruptedException {
        agent.run(assignment(A, "alice", "stubborn"));
        agent.run();
        assertThat(agent.runtime.operations())
                .contains("signal " + A + "-r1 15")
                .doesNotContain("stop " + A + "-r1");
        agent.clock.advance(2_000);
        agent.settle();
        assertThat(agent.runtime.list()).isEmpty();
        assertThat(agent.runtime.owners()).isEmpty();
        assertThat(agent.reconciler.state().allocations()).isEmpty();
        assertThat(Ledger.open(directory).content().idBlocks()).isEmpty();
    }

    @Test
    void aFailedOperationIsReportedAndTriedAgainLater() throws InterruptedException {
        agent.run(assignment(A, "alice", "serve"));
        agent.runtime.breakOperation("updateLimits");
        agent.run(ProcessVariants.cpu(assignment(A, "alice", "serve"), 300));
        assertThat(agent.observed(A).phase()).isEqualTo(ObservedPhase.RUNNING);
        assertThat(agent.observed(A).message()).isEqualTo("updateLimits " + A + "-r1: broken by the test");
        agent.runtime.heal();
        agent.settle();
        assertThat(agent.observed(A).message()).as("it rests after a failure").isNotNull();
        agent.clock.advance(Trouble.MAX_WAIT_MILLIS);
        agent.settle();
        assertThat(agent.observed(A).message()).isNull();
        assertThat(agent.runtime.limits(run(A, 1)).cpu().maxMillis()).isEqualTo(300);
        assertThat(Objects.requireNonNull(agent.runtime.ownerLimits("alice"))
                        .cpu()
                        .maxMillis())
                .isEqualTo(300);
    }

    @Test
    void aSliceThatCannotBeLimitedLetsNothingStart() throws InterruptedException {
        agent.runtime.breakOperation("limitOwner");
        agent.run(assignment(A, "alice", "serve"));
        assertThat(agent.runtime.list()).isEmpty();
        assertThat(agent.observed(A).message()).isEqualTo("limitOwner alice: broken by the test");
        agent.runtime.heal();
        agent.clock.advance(Trouble.MAX_WAIT_MILLIS);
        agent.settle();
        assertThat(agent.observed(A).phase()).isEqualTo(ObservedPhase.RUNNING);
        assertThat(agent.observed(A).restarts()).isZero();
    }

    /** Its tenant may have it, and not run it. */
    private void runSuspended(Assignment assignment) throws InterruptedException {
        DesiredState next = agent.next(assignment);
        agent.reconciler.offer(
                new DesiredState(next.generation(), next.assignments(), Set.of(assignment.tenant()), null),
                agent.runtime.lease().term());
        agent.settle();
    }

    @Test
    void aSliceThatCannotBeLimitedIsFrozenAllTheSame() throws InterruptedException {
        agent.run(assignment(A, "eve", "serve"));
        agent.runtime.breakOperation("limitOwner");
        runSuspended(ProcessVariants.cpu(assignment(A, "eve", "serve"), 300));
        assertThat(agent.runtime.operations()).contains("freezeOwner eve");
    }

    @Test
    void suspendingFreezesAndResumingThaws() throws InterruptedException {
        agent.run(assignment(A, "eve", "serve"));
        runSuspended(assignment(A, "eve", "serve"));
        assertThat(agent.observed(A).phase()).isEqualTo(ObservedPhase.FROZEN);
        agent.run(assignment(A, "eve", "serve"));
        assertThat(agent.observed(A).phase()).isEqualTo(ObservedPhase.RUNNING);
        assertThat(agent.observed(A).restarts()).isZero();
    }

    @Test
    void aSetThatLosesTooMuchIsHeldUntilAnOperatorConfirmsIt() throws Exception {
        List<Assignment> ten = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            ten.add(assignment("alloc100" + i, "alice", "serve"));
        }
        agent.run(ten.toArray(Assignment[]::new));
        agent.run(ten.getFirst());
        HeldSet held = Objects.requireNonNull(agent.reconciler.state().held());
        assertThat(held.generation()).isEqualTo(new Generation("db-1", 2));
        assertThat(held.reason()).contains("9 of 10", "echo db-1:2 > " + directory.resolve("confirm"));
        assertThat(agent.runtime.list()).hasSize(10);
        assertThat(agent.reconciler.state().accepted().number()).isEqualTo(1);
        Files.writeString(directory.resolve("confirm"), "db-1:2\n");
        agent.settle();
        assertThat(agent.runtime.list()).hasSize(1);
        assertThat(agent.reconciler.state().held()).isNull();
        assertThat(directory.resolve("confirm")).doesNotExist();
    }

    @Test
    void aSandboxThatNobodyKnowsIsReportedAndKept() throws Exception {
        agent.run(assignment(A, "alice", "serve"), assignment(B, "bob", "serve"));
        agent.close();
        Files.delete(directory.resolve("ledger.json"));
        try (SimulatedAgent next = agent.killedAndStartedAgain()) {
            next.run(assignment(A, "alice", "serve"));
            assertThat(next.reconciler.state().orphans())
                    .extracting(Object::toString)
                    .containsExactly(B);
            assertThat(next.runtime.list()).hasSize(2);
            assertThat(next.observed(A).restarts()).isZero();
        }
    }

    @Test
    void anIdBlockThatIsInUseIsNotGivenToAnotherAfterTheLedgerWasLost() throws Exception {
        agent.run(assignment(A, "alice", "serve"));
        long base = agent.runtime.spec(run(A, 1)).ids().base();
        agent.close();
        Files.delete(directory.resolve("ledger.json"));
        try (SimulatedAgent next = agent.killedAndStartedAgain(Map.of(new TenantName("alice"), base))) {
            next.run(assignment(B, "bob", "serve"));
            assertThat(next.runtime.spec(run(B, 1)).ids().base()).isNotEqualTo(base);
        }
    }

    @Test
    void theLoopActsOnASetAndOnAnExitWithoutBeingAsked() throws InterruptedException {
        agent.reconciler.start();
        agent.reconciler.offer(
                agent.next(assignment(A, "alice", "serve")),
                agent.runtime.lease().term());
        SimulatedAgent.await(() -> agent.reconciler.state().allocations().values().stream()
                .anyMatch(observed -> observed.phase() == ObservedPhase.RUNNING));
        agent.runtime.exit(run(A, 1), 3);
        SimulatedAgent.await(() -> agent.reconciler.state().allocations().values().stream()
                .anyMatch(observed -> observed.phase() == ObservedPhase.BACKING_OFF));
        agent.clock.advance(500);
        SimulatedAgent.await(() ->
                agent.runtime.list().stream().anyMatch(status -> status.id().equals(run(A, 2))));
    }

    @Test
    void aRunThatTheHostCouldNotBeginIsNoRunEvenForAProgramThatMayRunOnlyOnce() throws InterruptedException {
        Assignment once = ProcessVariants.restart(assignment(A, "alice", "serve"), Mode.NEVER);
        agent.runtime.breakOperation("create");
        agent.run(once);
        assertThat(agent.observed(A).phase()).isEqualTo(ObservedPhase.BACKING_OFF);
        agent.runtime.heal();
        agent.clock.advance(500);
        agent.settle();
        assertThat(agent.observed(A).phase()).isEqualTo(ObservedPhase.RUNNING);
    }

    @Test
    void anImageMayComeLaterButACommandThatIsNotInItWillNot() throws InterruptedException {
        agent.run(
                ProcessVariants.restart(ProcessVariants.image(assignment(A, "alice", "serve"), "nowhere"), Mode.NEVER),
                ProcessVariants.restart(assignment(B, "bob", "no-such-command"), Mode.NEVER));
        assertThat(agent.observed(A).phase()).isEqualTo(ObservedPhase.BACKING_OFF);
        assertThat(agent.observed(B).phase()).isEqualTo(ObservedPhase.FAILED);
    }

    @Test
    void anErrorOfTheMachineLeavesNothingBusyForEver() throws InterruptedException {
        agent.runtime.crashOperation("create");
        agent.runtime.crashOperation("limitOwner");
        agent.run(assignment(A, "alice", "serve"));
        assertThat(agent.reconciler.working()).isFalse();
        agent.runtime.heal();
        agent.runtime.crashOperation("create");
        agent.clock.advance(Trouble.MAX_WAIT_MILLIS);
        agent.settle();
        assertThat(agent.observed(A).message()).contains("crashed by the test");
        agent.runtime.heal();
        agent.clock.advance(Trouble.MAX_WAIT_MILLIS);
        agent.settle();
        assertThat(agent.observed(A).phase()).isEqualTo(ObservedPhase.RUNNING);
    }

    @Test
    void aSetIsNotSaidToBeFollowedBeforeItIsWrittenDown() throws Exception {
        Path blocker = Files.createDirectory(directory.resolve("ledger.json.new"));
        agent.reconciler.offer(agent.next(), agent.runtime.lease().term());
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(agent.reconciler::pass).isInstanceOf(LedgerException.class);
            assertThat(agent.reconciler.state().accepted().number()).isZero();
        }
        Files.delete(blocker);
        agent.reconciler.pass();
        assertThat(agent.reconciler.state().accepted().number()).isEqualTo(1);
    }

    @Test
    void aProgramWhoseEndCouldNotBeWrittenDownIsStillAskedToEndBeforeItIsKilled() throws Exception {
        agent.run(assignment(A, "alice", "serve"));
        Path blocker = Files.createDirectory(directory.resolve("ledger.json.new"));
        agent.reconciler.offer(agent.next(), agent.runtime.lease().term());
        assertThatThrownBy(agent.reconciler::pass).isInstanceOf(LedgerException.class);
        Files.delete(blocker);
        agent.clock.advance(60_000);
        agent.settle();
        assertThat(agent.runtime.operations())
                .contains("signal " + A + "-r1 15")
                .doesNotContain("stop " + A + "-r1");
        assertThat(agent.runtime.list()).isEmpty();
    }

    @Test
    void aSetThatIsRefusedDoesNotDropTheOneThatWaits() throws Exception {
        DesiredState older = agent.next(assignment(A, "alice", "serve"));
        agent.run(assignment(A, "alice", "serve"));
        agent.reconciler.offer(
                new DesiredState(new Generation("db-2", 9), List.of(), Set.of(), null),
                agent.runtime.lease().term());
        agent.settle();
        agent.reconciler.offer(older, agent.runtime.lease().term());
        agent.settle();
        assertThat(agent.reconciler.state().held()).isNotNull();
        Files.writeString(directory.resolve("confirm"), "db-2:9");
        agent.settle();
        assertThat(agent.reconciler.state().accepted()).isEqualTo(new Generation("db-2", 9));
        assertThat(agent.reconciler.state().held()).isNull();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aFailedPassIsCountedAndTheLoopGoesRound(boolean errorOfTheMachine) throws InterruptedException {
        // Before the first pass, which may have looked at the host already when it is told of the set.
        if (errorOfTheMachine) {
            agent.runtime.crashOperation("list");
        } else {
            agent.runtime.breakOperation("list");
        }
        agent.reconciler.start();
        agent.reconciler.offer(
                agent.next(assignment(A, "alice", "serve")),
                agent.runtime.lease().term());
        SimulatedAgent.await(() -> agent.meters
                        .get("landlord.agent.passes")
                        .tag("outcome", "failed")
                        .counter()
                        .count()
                >= 1);
        assertThat(agent.runtime.operations()).isEmpty();
        agent.runtime.heal();
        agent.reconciler.nudge();
        SimulatedAgent.await(() -> agent.reconciler.state().allocations().values().stream()
                .anyMatch(observed -> observed.phase() == ObservedPhase.RUNNING));
    }
}
