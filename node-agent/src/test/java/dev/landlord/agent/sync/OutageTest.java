package dev.landlord.agent.sync;

import static dev.landlord.agent.sync.SyncFixtures.FACTS;
import static dev.landlord.agent.sync.SyncFixtures.state;
import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.agent.lease.LeaseClock;
import dev.landlord.api.sync.NodeReport;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** An hour without a control plane, told in waits and tries and not waited for. */
class OutageTest {
    private static final long HOUR_MILLIS = 3_600_000;
    /** Of a report loop: twice the interval of a small cluster. */
    private static final long MOST_MILLIS = 2_000;

    private static final long FIRST_MILLIS = 250;
    private static final int AGENTS = 1_000;

    @Test
    void anAgentTriesNeitherMoreOftenNorLessThanItsBoundHoweverLongItLasts() {
        BackOff backOff = new BackOff(FIRST_MILLIS, new SplittableRandom(1));
        long tries = 0;
        for (long now = 0; now < HOUR_MILLIS; tries++) {
            long wait = backOff.nextMillis(MOST_MILLIS);
            assertThat(wait).isBetween(FIRST_MILLIS / 2, MOST_MILLIS);
            now += wait;
        }
        // A few more for the short waits at the begin.
        assertThat(tries).isBetween(HOUR_MILLIS / MOST_MILLIS, 2 * HOUR_MILLIS / MOST_MILLIS + 10);
    }

    /** They all lost it in the same moment. */
    @Test
    void aThousandAgentsAreSpreadEvenlyAfterAMinuteAndDoNotComeBackTogether() {
        int[] perTenth = new int[600];
        for (int agent = 0; agent < AGENTS; agent++) {
            BackOff backOff = new BackOff(FIRST_MILLIS, new SplittableRandom(agent));
            for (long now = 0; now < 60_000; now += backOff.nextMillis(MOST_MILLIS)) {
                perTenth[(int) (now / 100)]++;
            }
        }
        int[] lastTenSeconds = IntStream.range(500, 600).map(i -> perTenth[i]).toArray();
        double usual = IntStream.of(lastTenSeconds).average().orElseThrow();
        assertThat(usual).isBetween(AGENTS * 100.0 / MOST_MILLIS, AGENTS * 200.0 / MOST_MILLIS);
        assertThat(IntStream.of(lastTenSeconds).max().orElseThrow()).isLessThan((int) (2 * usual));
    }

    /** Something starts and ends on the host in each second of the hour. */
    @Test
    void whatIsToldAfterAnHourIsWhatThereIsAndNotWhatThereWas() throws InterruptedException {
        MemoryControlPlane controlPlane = new MemoryControlPlane();
        AtomicReference<NodeState> now = new AtomicReference<>(state(1, "alloc0000"));
        try (ReportLoop loop = new ReportLoop(
                controlPlane,
                SyncFixtures.run(),
                now::get,
                () -> FACTS,
                taken -> {},
                new LeaseClock(() -> 0, until -> {}))) {
            assertThat(loop.reportOnce()).isPositive();
            int wholeBytes = bytes(controlPlane.reports.getLast());
            controlPlane.reachable = false;
            for (int second = 1; second <= HOUR_MILLIS / 1000; second++) {
                now.set(state(1, "alloc" + (10_000 + second)));
                assertThat(loop.reportOnce()).isNegative();
            }
            controlPlane.reachable = true;
            assertThat(loop.reportOnce()).isPositive();
            NodeReport back = controlPlane.reports.getLast();
            assertThat(back.changed()).hasSize(1);
            assertThat(back.gone()).hasSize(1);
            assertThat(bytes(back)).isLessThan(2 * wholeBytes);
        }
    }

    private static int bytes(NodeReport report) {
        return HttpCalls.JSON.writeValueAsBytes(report).length;
    }
}
