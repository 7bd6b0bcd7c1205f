package dev.landlord.controlplane.watch;

import dev.landlord.controlplane.web.ProblemException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** Those who wait for commits. Thread-safe. */
final class Watchers {
    /** Of the connections that the public listener has; the rest is for who does not wait. */
    static final int ALL_MAX = 256;

    static final int EACH_MAX = 16;

    private final Runnable refused;
    private final Map<String, Integer> waiting = new HashMap<>();
    private int all;
    private long revision;
    private boolean closed;

    /** @param refused is run whenever there is no room for somebody */
    Watchers(long revision, Runnable refused) {
        this.revision = revision;
        this.refused = refused;
    }

    synchronized void learn(long committed) {
        revision = Math.max(revision, committed);
        notifyAll();
    }

    /**
     * Waits until a revision after the index is known, or the time is over. At once if the index is ahead: it is of another
     * life of the store.
     *
     * @param holder those of one holder share a bound
     * @return false, at once, if as many as may are waiting already
     */
    synchronized boolean await(String holder, long index, Duration most) throws InterruptedException {
        if (revision != index) {
            return true;
        }
        if (!enter(holder)) {
            return false;
        }
        try {
            waitFor(index, most);
        } finally {
            leave(holder);
        }
        return true;
    }

    /** Returns false if as many as may are waiting already; else {@link #leave} is owed. */
    synchronized boolean enter(String holder) {
        if (all >= ALL_MAX || waiting.getOrDefault(holder, 0) >= EACH_MAX) {
            return false;
        }
        all++;
        waiting.merge(holder, 1, Integer::sum);
        return true;
    }

    synchronized void leave(String holder) {
        all--;
        waiting.computeIfPresent(holder, (name, count) -> count == 1 ? null : count - 1);
    }

    /** Waits until a revision other than the index is known, or the time is over, or nobody is to wait any more. */
    synchronized void waitFor(long index, Duration most) throws InterruptedException {
        waitWhile(() -> revision == index, most);
    }

    /** Waits for the time to be over, or until nobody is to wait any more. */
    synchronized void pause(Duration time) throws InterruptedException {
        waitWhile(() -> true, time);
    }

    private synchronized void waitWhile(BooleanSupplier condition, Duration most) throws InterruptedException {
        long left = most.toNanos();
        long until = System.nanoTime() + left;
        while (!closed && left > 0 && condition.getAsBoolean()) {
            wait(left / 1_000_000, (int) (left % 1_000_000));
            left = until - System.nanoTime();
        }
    }

    /** From now on nobody waits. */
    synchronized void close() {
        closed = true;
        notifyAll();
    }

    synchronized boolean isOpen() {
        return !closed;
    }

    /** What is answered to one for whom there is no room. */
    ProblemException full() {
        refused.run();
        return ProblemException.rateLimited("as many requests as may are waiting for changes already", 1);
    }

    synchronized int waiting() {
        return all;
    }
}
