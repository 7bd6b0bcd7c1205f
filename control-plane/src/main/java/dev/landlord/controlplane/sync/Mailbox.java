package dev.landlord.controlplane.sync;

import dev.landlord.api.id.Generation;
import dev.landlord.api.sync.DesiredReply;
import dev.landlord.api.sync.DesiredState;
import dev.landlord.api.sync.ExecRequest;
import dev.landlord.api.sync.StreamRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What there is for one node, and the one call that waits for it. A newer call ends an older one: the older one's
 * connection is dead, or two agents share a name.
 */
final class Mailbox {
    /** Nobody waits longer for an agent to dial. */
    static final long OFFER_MILLIS = 10_000;

    private static final int STREAMS_MAX = 64;
    private static final long RECENT_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long OFFER_NANOS = TimeUnit.MILLISECONDS.toNanos(OFFER_MILLIS);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private final Offers<StreamRequest> streams = new Offers<>(STREAMS_MAX, OFFER_NANOS);
    private final Offers<ExecRequest> execs = new Offers<>(STREAMS_MAX, OFFER_NANOS);
    private @Nullable DesiredState desired;
    private long newestCall;
    private int calls;
    private long lastCallNanos = System.nanoTime() - RECENT_NANOS;

    void publish(DesiredState state) {
        lock.lock();
        try {
            desired = state;
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** False when too many wait already, or it was offered before. */
    boolean offer(StreamRequest request) {
        return offer(streams, request);
    }

    boolean offer(ExecRequest request) {
        return offer(execs, request);
    }

    private <T> boolean offer(Offers<T> offers, T request) {
        lock.lock();
        try {
            boolean added = offers.add(request, System.nanoTime());
            news.signalAll();
            return added;
        } finally {
            lock.unlock();
        }
    }

    /** Nobody needs the stream any more. */
    void withdraw(StreamRequest request) {
        withdraw(streams, request);
    }

    void withdraw(ExecRequest request) {
        withdraw(execs, request);
    }

    private <T> void withdraw(Offers<T> offers, T request) {
        lock.lock();
        try {
            offers.remove(request);
        } finally {
            lock.unlock();
        }
    }

    /** Whether an agent is here, if only between two of its calls. */
    boolean isWaitedAt() {
        lock.lock();
        try {
            return calls > 0 || System.nanoTime() - lastCallNanos < RECENT_NANOS;
        } finally {
            lock.unlock();
        }
    }

    /** The newest set, null until there is one. */
    @Nullable
    DesiredState newest() {
        lock.lock();
        try {
            return desired;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until there is a set other than the one that the agent has seen, or a stream to dial; empty after {@code patience}. */
    Optional<DesiredReply> await(Generation seen, Duration patience) throws InterruptedException {
        lock.lock();
        try {
            long call = ++newestCall;
            calls++;
            news.signalAll();
            long left = patience.toNanos();
            while (true) {
                if (call != newestCall) {
                    return Optional.empty();
                }
                Optional<DesiredReply> reply = take(seen);
                if (reply.isPresent() || left <= 0) {
                    return reply;
                }
                left = news.awaitNanos(Math.min(left, TimeUnit.HOURS.toNanos(1)));
            }
        } finally {
            calls--;
            lastCallNanos = System.nanoTime();
            lock.unlock();
        }
    }

    /** What the agent has from another replica may be newer: then this one is about to hear of it too. */
    private boolean isNews(Generation seen) {
        return desired != null && !desired.generation().equals(seen) && !seen.isNewerThan(desired.generation());
    }

    /** The store has this number, and what is older is told to nobody: whoever has the name may be another now. */
    void retractOlderThan(long number) {
        lock.lock();
        try {
            if (desired != null && desired.generation().number() < number) {
                desired = null;
            }
        } finally {
            lock.unlock();
        }
    }

    /** The box is of no use any more: the call that waits ends. */
    void dismiss() {
        lock.lock();
        try {
            desired = null;
            newestCall++;
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private Optional<DesiredReply> take(Generation seen) {
        DesiredState state = isNews(seen) ? desired : null;
        long now = System.nanoTime();
        if (state == null && streams.isEmpty(now) && execs.isEmpty(now)) {
            return Optional.empty();
        }
        return Optional.of(new DesiredReply(state, streams.take(), execs.take()));
    }
}
