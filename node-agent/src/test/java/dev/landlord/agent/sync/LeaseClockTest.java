package dev.landlord.agent.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.agent.lease.LeaseClock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LeaseClockTest {
    private final AtomicLong now = new AtomicLong(1_000_000_000);
    private final List<Long> extensions = new ArrayList<>();
    private final LeaseClock lease = new LeaseClock(now::get, extensions::add);
    private final MemoryControlPlane controlPlane = new MemoryControlPlane();
    private final ReportLoop loop = new ReportLoop(
            controlPlane,
            SyncFixtures.run(),
            () -> SyncFixtures.state(1),
            () -> SyncFixtures.FACTS,
            taken -> {},
            lease);

    @Test
    void aGrantCountsFromWhenTheReportWasSent() throws InterruptedException {
        long sent = now.get();
        controlPlane.beforeAnswer = () -> now.addAndGet(5_000_000_000L);
        loop.reportOnce();
        assertThat(extensions).containsExactly(sent + MemoryControlPlane.LEASE_MILLIS * 1_000_000);
    }

    @Test
    void whatWasNotTakenExtendsNothing() throws InterruptedException {
        controlPlane.neverContent = true;
        loop.reportOnce();
        controlPlane.neverContent = false;
        controlPlane.reachable = false;
        loop.reportOnce();
        assertThat(extensions).isEmpty();
    }

    @Test
    void noGrantReachesFurtherThanAnHour() {
        lease.granted(5, Long.MAX_VALUE);
        lease.granted(7, 0);
        lease.granted(7, -1);
        assertThat(extensions).containsExactly(5 + 3_600_000_000_000L);
    }
}
