package dev.landlord.agent.sync;

import dev.landlord.api.id.Generation;
import dev.landlord.api.sync.DesiredReply;
import dev.landlord.api.sync.DesiredState;
import dev.landlord.api.sync.ExecRequest;
import dev.landlord.api.sync.StreamRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.ObjLongConsumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Always has one call waiting at the control plane, which answers it when there is something to say. */
public final class DesiredLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DesiredLoop.class);
    private static final Duration WAIT = Duration.ofSeconds(30);
    private static final long FIRST_RETRY_MILLIS = 250;
    private static final long MAX_RETRY_MILLIS = 3_000;

    private final ControlPlaneClient client;
    private final ObjLongConsumer<DesiredState> desired;
    private final LongSupplier leaseTerm;
    private final Streams streams;
    private final BackOff backOff = new BackOff(FIRST_RETRY_MILLIS, RandomGenerator.getDefault());
    private final Thread thread;
    private volatile boolean closed;
    private Generation seen;
    /** Whether what was seen was told to this process. */
    private boolean told;

    private String lastFailure = "";

    /** Those who dial back. */
    public record Streams(Consumer<StreamRequest> logs, Consumer<ExecRequest> execs) {}

    /**
     * A loop that is not started yet.
     *
     * @param accepted the generation in the ledger
     * @param desired told of each set, with the term of the lease within which it was asked for and answered
     * @param leaseTerm the present one
     */
    public DesiredLoop(
            ControlPlaneClient client,
            Generation accepted,
            ObjLongConsumer<DesiredState> desired,
            LongSupplier leaseTerm,
            Streams streams) {
        this.client = client;
        this.seen = accepted;
        this.desired = desired;
        this.leaseTerm = leaseTerm;
        this.streams = streams;
        this.thread = Thread.ofPlatform().daemon().name("desired").unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    private void run() {
        try {
            while (!closed) {
                if (!askOnce()) {
                    Thread.sleep(backOff.nextMillis(MAX_RETRY_MILLIS));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** False when the next call should wait a little. */
    boolean askOnce() throws InterruptedException {
        try {
            long term = leaseTerm.getAsLong();
            Optional<DesiredReply> reply = client.awaitDesired(seen, told ? WAIT : Duration.ZERO);
            recovered();
            if (reply.isEmpty()) {
                askForAll();
                return true;
            }
            return handle(reply.get(), term);
        } catch (ControlPlaneException e) {
            failed(String.valueOf(e.getMessage()), null);
            return false;
        } catch (RuntimeException | Error e) {
            // A bug, or an error of the machine; without this thread the host would follow its last set for ever.
            failed(e.toString(), e);
            return false;
        }
    }

    /**
     * Once: an agent of an older version may have kept the set without the fields that it did not know. Not at first, because
     * only one who says what was seen is told that the control plane knows less.
     */
    private void askForAll() {
        if (!told) {
            told = true;
            seen = NodeState.NOTHING;
        }
    }

    private void failed(String failure, @Nullable Throwable bug) {
        if (!failure.equals(lastFailure)) {
            LOG.warn("no desired set to be had, the host follows the last one: {}", failure, bug);
            lastFailure = failure;
        }
    }

    private boolean handle(DesiredReply reply, long askedIn) {
        DesiredState next = reply.desired();
        boolean news = !reply.streams().isEmpty() || !reply.execs().isEmpty();
        long term = leaseTerm.getAsLong();
        if (next != null && term != askedIn) {
            // It may be older than the gap, and what it asks for may have begun elsewhere: it is asked for once more.
            news = true;
        } else if (next != null) {
            // Even a set that will be refused or held was seen, or the same answer would come again at once.
            news |= !next.generation().equals(seen);
            seen = next.generation();
            told = true;
            desired.accept(next, term);
        }
        reply.streams().forEach(streams.logs());
        reply.execs().forEach(streams.execs());
        if (news) {
            backOff.succeeded();
        }
        return news;
    }

    private void recovered() {
        if (!lastFailure.isEmpty()) {
            LOG.info("the control plane answers again");
            lastFailure = "";
            backOff.succeeded();
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
