package dev.landlord.agent.sync;

import static dev.landlord.agent.sync.SyncFixtures.FACTS;
import static dev.landlord.agent.sync.SyncFixtures.await;
import static dev.landlord.agent.sync.SyncFixtures.desired;
import static dev.landlord.agent.sync.SyncFixtures.state;
import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.agent.lease.LeaseClock;
import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.Generation;
import dev.landlord.api.sync.DesiredReply;
import dev.landlord.api.sync.DesiredState;
import dev.landlord.api.sync.NodeReport;
import dev.landlord.api.sync.StreamRequest;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class LoopsTest {
    private final MemoryControlPlane controlPlane = new MemoryControlPlane();
    private final AtomicReference<NodeState> now = new AtomicReference<>(state(1));
    private final List<Boolean> outcomes = new CopyOnWriteArrayList<>();

    private ReportLoop reports() {
        return new ReportLoop(
                controlPlane,
                SyncFixtures.run(),
                now::get,
                () -> FACTS,
                outcomes::add,
                new LeaseClock(() -> 0, until -> {}));
    }

    @Test
    void aChangeIsReportedAtOnceAndNotAtTheNextHeartbeat() throws InterruptedException {
        try (ReportLoop loop = reports()) {
            loop.start();
            await(() -> controlPlane.reports.size() == 1);
            now.set(state(2, "alloc0001"));
            loop.changed();
            await(() -> controlPlane.reports.size() == 2);
            assertThat(controlPlane.reports.getLast().changed()).hasSize(1);
        }
    }

    @Test
    void afterAnOutageTheDeltaHasAllThatHappened() throws InterruptedException {
        ReportLoop loop = reports();
        assertThat(loop.reportOnce()).isPositive();
        controlPlane.reachable = false;
        now.set(state(2, "alloc0001"));
        assertThat(loop.reportOnce()).isNegative();
        now.set(state(3, "alloc0002"));
        assertThat(loop.reportOnce()).isNegative();
        controlPlane.reachable = true;
        assertThat(loop.reportOnce()).isPositive();
        NodeReport report = controlPlane.reports.getLast();
        assertThat(report.sequence()).isEqualTo(4);
        assertThat(report.complete()).isFalse();
        assertThat(report.changed())
                .extracting(observed -> observed.allocation().value())
                .containsExactly("alloc0002");
        assertThat(outcomes).containsExactly(true, false, false, true);
    }

    @Test
    void aControlPlaneThatForgotIsToldEverything() throws InterruptedException {
        ReportLoop loop = reports();
        loop.reportOnce();
        controlPlane.forgetful = true;
        assertThat(loop.reportOnce()).isZero();
        assertThat(loop.reportOnce()).isPositive();
        assertThat(controlPlane.reports.getLast().complete()).isTrue();
    }

    @Test
    void asksWithTheNewestSeenAndHandsOnWhatComes() throws InterruptedException {
        List<DesiredState> sets = new CopyOnWriteArrayList<>();
        List<StreamRequest> streams = new CopyOnWriteArrayList<>();
        StreamRequest stream =
                new StreamRequest("s1", StreamRequest.Kind.STDOUT, new AllocationId("alloc0001"), false, 10);
        controlPlane.desired.add(desired(7));
        controlPlane.desired.add(new DesiredReply(null, List.of(stream)));
        try (DesiredLoop loop = new DesiredLoop(
                controlPlane,
                new Generation("db-1", 5),
                (set, term) -> sets.add(set),
                () -> 1,
                new DesiredLoop.Streams(streams::add, exec -> {}))) {
            loop.start();
            await(() -> streams.size() == 1);
        }
        assertThat(sets).extracting(DesiredState::generation).containsExactly(new Generation("db-1", 7));
        assertThat(controlPlane.seen).startsWith(new Generation("db-1", 5), new Generation("db-1", 7));
    }

    /** It has the fifth set, and does nothing with what it is told. */
    private DesiredLoop heedless() {
        return new DesiredLoop(
                controlPlane,
                new Generation("db-1", 5),
                (set, term) -> {},
                () -> 1,
                new DesiredLoop.Streams(stream -> {}, exec -> {}));
    }

    /** Who is told of a set that the ledger has is told all of it once more, since an older agent may have kept it in part. */
    @Test
    void saysWhatItHasAndThenAsksForAllOfIt() throws InterruptedException {
        DesiredLoop loop = heedless();
        assertThat(loop.askOnce()).isTrue();
        controlPlane.desired.add(desired(5));
        assertThat(loop.askOnce()).isTrue();
        assertThat(loop.askOnce()).isTrue();
        assertThat(controlPlane.seen)
                .containsExactly(new Generation("db-1", 5), NodeState.NOTHING, new Generation("db-1", 5));
    }

    /** It may have been on its way while this host was given up and what it asks for was begun elsewhere. */
    @Test
    void aSetThatCameOverAGapInTheLeaseIsAskedForOnceMore() throws InterruptedException {
        List<Long> terms = new CopyOnWriteArrayList<>();
        AtomicLong term = new AtomicLong(1);
        DesiredLoop loop = new DesiredLoop(
                controlPlane,
                new Generation("db-1", 5),
                (set, leaseTerm) -> terms.add(leaseTerm),
                term::get,
                new DesiredLoop.Streams(stream -> {}, exec -> {}));
        controlPlane.desired.add(desired(7));
        controlPlane.desired.add(desired(7));
        controlPlane.beforeAnswer = () -> term.set(2);
        assertThat(loop.askOnce()).isTrue();
        assertThat(terms).isEmpty();
        assertThat(loop.askOnce()).isTrue();
        assertThat(terms).containsExactly(2L);
        assertThat(controlPlane.seen).containsExactly(new Generation("db-1", 5), new Generation("db-1", 5));
    }

    @Test
    void theSameAnswerAgainIsNoReasonToAskAtOnce() throws InterruptedException {
        DesiredLoop loop = heedless();
        controlPlane.desired.add(desired(7));
        controlPlane.desired.add(desired(7));
        assertThat(loop.askOnce()).isTrue();
        assertThat(loop.askOnce()).isFalse();
        controlPlane.reachable = false;
        assertThat(loop.askOnce()).isFalse();
    }

    @Test
    void aBugOnTheWayIsAFailedTryAndNotTheEndOfTheLoop() throws InterruptedException {
        ReportLoop reports = reports();
        DesiredLoop desired = heedless();
        controlPlane.crashing = true;
        assertThat(reports.reportOnce()).isNegative();
        assertThat(desired.askOnce()).isFalse();
        controlPlane.crashing = false;
        assertThat(reports.reportOnce()).isPositive();
        assertThat(outcomes).containsExactly(false, true);
    }

    @Test
    void aCompleteReportThatIsAskedForAgainIsNotCountedAsTaken() throws InterruptedException {
        ReportLoop loop = reports();
        controlPlane.neverContent = true;
        assertThat(loop.reportOnce()).isNegative();
        assertThat(outcomes).containsExactly(false);
    }
}
