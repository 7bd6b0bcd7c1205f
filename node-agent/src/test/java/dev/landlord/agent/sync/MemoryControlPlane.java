package dev.landlord.agent.sync;

import dev.landlord.agent.identity.NodeIdentity;
import dev.landlord.api.id.Generation;
import dev.landlord.api.join.RenewalReply;
import dev.landlord.api.join.RenewalRequest;
import dev.landlord.api.sync.DesiredReply;
import dev.landlord.api.sync.NodeReport;
import dev.landlord.api.sync.ReportReply;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A control plane in memory that can be unreachable. */
public final class MemoryControlPlane implements ControlPlaneClient {
    public final List<NodeReport> reports = new CopyOnWriteArrayList<>();
    public final List<Generation> seen = new CopyOnWriteArrayList<>();
    public final BlockingQueue<DesiredReply> desired = new LinkedBlockingQueue<>();
    public final Map<String, Sink> streams = new ConcurrentHashMap<>();
    public volatile boolean reachable = true;
    public volatile boolean forgetful;
    public volatile boolean neverContent;
    public volatile boolean crashing;
    /** What happens while a call is under way. */
    volatile Runnable beforeAnswer = () -> {};

    static final long LEASE_MILLIS = 30_000;

    @Override
    public ReportReply report(NodeReport report) {
        crashIfTold();
        if (!reachable) {
            throw new ControlPlaneException("POST report", 0, "connection refused", null);
        }
        reports.add(report);
        beforeAnswer.run();
        return new ReportReply(
                report.sequence(), 60_000, LEASE_MILLIS, neverContent || (forgetful && !report.complete()));
    }

    @Override
    public Optional<DesiredReply> awaitDesired(Generation newest, Duration wait) throws InterruptedException {
        seen.add(newest);
        crashIfTold();
        if (!reachable) {
            throw new ControlPlaneException("GET desired", 0, "connection refused", null);
        }
        beforeAnswer.run();
        return Optional.ofNullable(desired.poll(Math.min(200, wait.toMillis()), TimeUnit.MILLISECONDS));
    }

    private void crashIfTold() {
        if (crashing) {
            throw new InternalError("crashed by the test");
        }
    }

    @Override
    public StreamSink openStream(String id, @Nullable String address) {
        return streams.computeIfAbsent(id, name -> new Sink());
    }

    @Override
    public StreamSink.Duplex openExec(String id, @Nullable String address, StreamSink.Duplex.Listener listener) {
        throw new ControlPlaneException("open exec " + id, 0, "this one has none", null);
    }

    @Override
    public RenewalReply renew(RenewalRequest wanted) {
        throw new ControlPlaneException("POST certificate", 0, "this one has none", null);
    }

    @Override
    public void show(NodeIdentity identity) {}

    @Override
    public void close() {}

    /** The far end of one stream. */
    public static final class Sink implements StreamSink {
        private final ByteArrayOutputStream received = new ByteArrayOutputStream();
        private volatile boolean open = true;
        private volatile boolean finished;
        private volatile @Nullable String reason;

        @Override
        public synchronized void send(byte[] bytes) {
            received.writeBytes(bytes);
        }

        @Override
        public boolean isOpen() {
            return open;
        }

        @Override
        public void finish(@Nullable String why) {
            if (!finished) {
                reason = why;
                finished = true;
            }
        }

        public synchronized byte[] received() {
            return received.toByteArray();
        }

        public boolean isFinished() {
            return finished;
        }

        public @Nullable String reason() {
            return reason;
        }

        /** The reader goes away. */
        public void hangUp() {
            open = false;
        }
    }
}
