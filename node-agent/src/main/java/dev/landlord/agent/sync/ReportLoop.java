package dev.landlord.agent.sync;

import dev.landlord.agent.lease.LeaseClock;
import dev.landlord.api.node.NodeFacts;
import dev.landlord.api.sync.NodeReport;
import dev.landlord.api.sync.ReportReply;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reports at once when something changed, and when the control plane's interval has passed. */
public final class ReportLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReportLoop.class);
    private static final long MIN_INTERVAL_MILLIS = 100;
    private static final long MAX_INTERVAL_MILLIS = 60_000;
    private static final long FIRST_RETRY_MILLIS = 250;
    private static final long MIN_RETRY_MILLIS = 1_000;

    private final ControlPlaneClient client;
    private final Supplier<NodeState> state;
    private final Supplier<NodeFacts> facts;
    private final Consumer<Boolean> outcome;
    private final LeaseClock lease;
    private final ReportDelta delta;
    private final Wakeup wakeup = new Wakeup();
    private final BackOff backOff = new BackOff(FIRST_RETRY_MILLIS, RandomGenerator.getDefault());
    private final Thread thread;
    private volatile boolean closed;
    /** The control plane's pace; waits between retries follow it, for its patience does, too. */
    private long interval = MIN_RETRY_MILLIS;

    private String lastFailure = "";

    /**
     * A loop that is not started yet.
     *
     * @param outcome told of each try, true for a report that was taken
     * @param lease is extended by each report that was taken
     */
    public ReportLoop(
            ControlPlaneClient client,
            AgentRun run,
            Supplier<NodeState> state,
            Supplier<NodeFacts> facts,
            Consumer<Boolean> outcome,
            LeaseClock lease) {
        this.client = client;
        this.state = state;
        this.facts = facts;
        this.outcome = outcome;
        this.lease = lease;
        this.delta = new ReportDelta(run);
        this.thread = Thread.ofPlatform().daemon().name("report").unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    /** Something is worth telling. */
    public void changed() {
        wakeup.signal();
    }

    private void run() {
        try {
            while (!closed) {
                long wait = reportOnce();
                boolean failed = wait < 0;
                if (failed) {
                    // A change does not cut the wait short: it would undo the back-off.
                    Thread.sleep(backOff.nextMillis(Math.max(MIN_RETRY_MILLIS, 2 * interval)));
                } else {
                    wakeup.await(wait);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** How long to wait for the next one, in milliseconds; negative if this one was not taken. */
    long reportOnce() throws InterruptedException {
        long sentAt = lease.sendTime();
        NodeState now = state.get();
        NodeFacts has = facts.get();
        NodeReport report = delta.next(now, has);
        try {
            ReportReply reply = client.report(report);
            long wait = taken(report, reply, now, has);
            if (reply.acknowledged() == report.sequence() && !reply.resend()) {
                lease.granted(sentAt, reply.leaseMillis());
            }
            return wait;
        } catch (ControlPlaneException e) {
            notTaken(String.valueOf(e.getMessage()), null);
            return -1;
        } catch (RuntimeException | Error e) {
            // A bug, or an error of the machine; without this thread the control plane would take the node for lost.
            notTaken(e.toString(), e);
            return -1;
        }
    }

    private long taken(NodeReport report, ReportReply reply, NodeState now, NodeFacts has) {
        if (reply.resend() || reply.acknowledged() != report.sequence()) {
            delta.startOver();
            if (report.complete()) {
                // What is not taken although it is complete is no news to repeat at once.
                notTaken("report " + report.sequence() + " is asked for again, and it was complete", null);
                return -1;
            }
            return 0;
        }
        outcome.accept(true);
        recovered();
        delta.acknowledged(now, has);
        interval = Math.clamp(reply.nextReportMillis(), MIN_INTERVAL_MILLIS, MAX_INTERVAL_MILLIS);
        return interval;
    }

    private void recovered() {
        backOff.succeeded();
        if (!lastFailure.isEmpty()) {
            LOG.info("the control plane takes reports again");
            lastFailure = "";
        }
    }

    private void notTaken(String failure, @Nullable Throwable bug) {
        outcome.accept(false);
        if (!failure.equals(lastFailure)) {
            LOG.warn("report not taken, sandboxes run on: {}", failure, bug);
            lastFailure = failure;
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
