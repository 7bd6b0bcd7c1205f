package dev.landlord.agent.reconcile;

import static dev.landlord.agent.reconcile.SimulatedAgent.assignment;
import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.sync.AppliedLimits;
import dev.landlord.api.sync.Assignment;
import dev.landlord.api.sync.LimitDrift;
import dev.landlord.api.sync.ObservedPhase;
import dev.landlord.runtime.Limits;
import dev.landlord.runtime.SandboxId;
import io.micrometer.core.instrument.Counter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Limits that somebody changes on a host, in an agent's own passes. */
class UpkeepTest {
    private static final String A = "aaaaaaaa1";
    private static final SandboxId RUN = new SandboxId(A + "-r1");

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit fills it
    private Path directory;

    @SuppressWarnings("NullAway.Init") // see setUp
    private SimulatedAgent agent;

    @BeforeEach
    void setUp() throws IOException, InterruptedException {
        agent = new SimulatedAgent(directory);
        agent.run(assignment(A, "alice", "serve"), assignment("bbbbbbbb1", "bob", "serve"));
    }

    @AfterEach
    void tearDown() {
        agent.close();
    }

    private void aPeriodPasses() throws InterruptedException {
        agent.clock.advance(SimulatedAgent.CHECK_MILLIS);
        agent.settle();
    }

    private static Limits withPids(@Nullable Long pids) {
        return new Limits(10, 100L, 64L << 20, pids, null, List.of());
    }

    private double drifts(String outcome) {
        Counter counter = agent.meters
                .find("landlord.agent.limit.drifts")
                .tag("limit", "pidsMax")
                .tag("outcome", outcome)
                .counter();
        return counter == null ? 0 : counter.count();
    }

    @Test
    void aLimitThatSomebodyLiftedIsBackWithinAPeriodAndTold() throws InterruptedException {
        Limits right = agent.runtime.limits(RUN);
        agent.runtime.meddle(RUN, withPids(null));
        aPeriodPasses();
        assertThat(agent.runtime.limits(RUN)).isEqualTo(right);
        assertThat(agent.reconciler.state().drifts())
                .containsExactly(new LimitDrift(
                        new TenantName("alice"),
                        new AllocationId(A),
                        "pidsMax",
                        "file-of-pidsMax",
                        "33",
                        "null",
                        null,
                        agent.clock.millis()));
        assertThat(drifts("repaired")).isEqualTo(1);
        assertThat(agent.observed(A).restarts()).isZero();
    }

    @Test
    void aSliceIsRepairedToo() throws InterruptedException {
        Limits right = agent.runtime.ownerLimits("alice");
        assertThat(right).isNotNull();
        agent.runtime.meddleWithOwner("alice", Limits.NONE);
        aPeriodPasses();
        assertThat(agent.runtime.ownerLimits("alice")).isEqualTo(right);
        assertThat(agent.reconciler.state().drifts())
                .extracting(LimitDrift::limit)
                .containsExactly("pidsMax");
        assertThat(agent.reconciler.state().drifts())
                .allSatisfy(drift -> assertThat(drift.allocation()).isNull());
    }

    @Test
    void whatHoldsIsNotTouched() throws InterruptedException {
        List<String> before = agent.runtime.operations();
        aPeriodPasses();
        assertThat(agent.runtime.operations()).isEqualTo(before);
        assertThat(agent.reconciler.state().drifts()).isEmpty();
        assertThat(agent.meters.counter("landlord.agent.limit.checks").count()).isEqualTo(4);
    }

    @Test
    void whatCannotBeRepairedIsToldAndTriedAgain() throws InterruptedException {
        Limits right = agent.runtime.limits(RUN);
        agent.runtime.meddle(RUN, withPids(1L));
        agent.runtime.breakOperation("updateLimits");
        aPeriodPasses();
        assertThat(agent.reconciler.state().drifts())
                .singleElement()
                .satisfies(drift -> assertThat(drift.failure()).contains("broken by the test"));
        assertThat(drifts("failed")).isEqualTo(1);
        assertThat(agent.observed(A).message()).isNull();
        agent.runtime.heal();
        aPeriodPasses();
        assertThat(agent.runtime.limits(RUN)).isEqualTo(right);
        assertThat(agent.reconciler.state().drifts()).hasSize(2);
    }

    @Test
    void whatIsOnlyPossibleAfterTheOtherIsTriedOnceMore() throws InterruptedException {
        agent.runtime.meddle(RUN, Limits.NONE);
        agent.runtime.meddleWithOwner("alice", Limits.NONE);
        agent.runtime.refuseOnce("limitOwner");
        aPeriodPasses();
        assertThat(agent.runtime.ownerLimits("alice")).isNotEqualTo(Limits.NONE);
        assertThat(agent.runtime.limits(RUN)).isNotEqualTo(Limits.NONE);
        assertThat(agent.reconciler.state().drifts())
                .hasSize(2)
                .allSatisfy(drift -> assertThat(drift.failure()).isNull());
    }

    @Test
    void limitsThatCannotBeSetStayAsTheyWereAndAreToldAndTriedAgain() throws InterruptedException {
        AppliedLimits before = agent.observed(A).limits();
        assertThat(before).isNotNull();
        agent.runtime.breakOperation("updateLimits");
        Assignment larger = ProcessVariants.cpu(assignment(A, "alice", "serve"), 300);
        agent.run(larger, assignment("bbbbbbbb1", "bob", "serve"));
        assertThat(agent.observed(A).limits()).isEqualTo(before);
        assertThat(agent.observed(A).message()).contains("broken by the test");
        assertThat(agent.observed(A).phase()).isEqualTo(ObservedPhase.RUNNING);
        agent.runtime.heal();
        aPeriodPasses();
        assertThat(agent.observed(A).limits())
                .isNotEqualTo(before)
                .satisfies(limits ->
                        assertThat(Objects.requireNonNull(limits).cpuMillis()).isEqualTo(300));
        assertThat(agent.observed(A).message()).isNull();
        assertThat(agent.observed(A).restarts()).isZero();
    }

    @Test
    void aSliceThatCannotBeLimitedKeepsNothingAliveAndLetsNothingStart() throws InterruptedException {
        agent.runtime.breakOperation("limitOwner");
        Assignment bobs = assignment("bbbbbbbb1", "bob", "serve");
        agent.run(
                ProcessVariants.stopped(assignment(A, "alice", "serve")),
                assignment("aaaaaaaa2", "alice", "serve"),
                bobs);
        assertThat(agent.observed("aaaaaaaa2").message()).contains("broken by the test");
        for (int i = 0; i < 10 && agent.observed(A).phase() != ObservedPhase.STOPPED; i++) {
            aPeriodPasses();
        }
        assertThat(agent.observed(A).phase()).isEqualTo(ObservedPhase.STOPPED);
        assertThat(agent.runtime.operations()).noneMatch(operation -> operation.startsWith("start aaaaaaaa2"));
        agent.runtime.heal();
        aPeriodPasses();
        assertThat(agent.observed("aaaaaaaa2").phase()).isEqualTo(ObservedPhase.RUNNING);
    }

    @Test
    void aChangeThatWasAskedForIsNoDrift() throws InterruptedException {
        Limits before = agent.runtime.limits(RUN);
        agent.run(ProcessVariants.cpu(assignment(A, "alice", "serve"), 300), assignment("bbbbbbbb1", "bob", "serve"));
        aPeriodPasses();
        assertThat(agent.runtime.limits(RUN)).isNotEqualTo(before);
        assertThat(agent.reconciler.state().drifts()).isEmpty();
    }
}
