package dev.landlord.controlplane.sync;

import dev.landlord.api.id.Generation;
import dev.landlord.api.sync.DesiredReply;
import dev.landlord.api.sync.DesiredState;
import dev.landlord.api.sync.ExecRequest;
import dev.landlord.api.sync.StreamRequest;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What there is for one node, and the one call that waits for it. A newer call ends an older one: the older one's
 * connection is dead, or two agents share a name.
 */
final class Mailbox {
    private static final int STREAMS_MAX = 64;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private final Queue<StreamRequest> streams = new ArrayDeque<>();
    private final Queue<ExecRequest> execs = new ArrayDeque<>();
    private @Nullable DesiredState desired;
    private long newestCall;

    void publish(DesiredState state) {
        lock.lock();
        try {
            desired = state;
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** False when too many wait already. */
    boolean offer(StreamRequest request) {
        return offer(streams, request);
    }

    boolean offer(ExecRequest request) {
        return offer(execs, request);
    }

    private <T> boolean offer(Queue<T> queue, T request) {
        lock.lock();
        try {
            if (queue.size() >= STREAMS_MAX) {
                return false;
            }
            queue.add(request);
            news.signalAll();
            return true;
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

    private <T> void withdraw(Queue<T> queue, T request) {
        lock.lock();
        try {
            queue.remove(request);
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
            lock.unlock();
        }
    }

    private Optional<DesiredReply> take(Generation seen) {
        DesiredState state = desired != null && !desired.generation().equals(seen) ? desired : null;
        if (state == null && streams.isEmpty() && execs.isEmpty()) {
            return Optional.empty();
        }
        DesiredReply reply = new DesiredReply(state, List.copyOf(streams), List.copyOf(execs));
        streams.clear();
        execs.clear();
        return Optional.of(reply);
    }
}
