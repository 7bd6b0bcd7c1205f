package dev.landlord.controlplane.watch;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Those who wait for a commit. Thread-safe. */
final class Watchers {
    /** Of the connections that the public listener has; the rest is for who does not wait. */
    static final int ALL_MAX = 256;

    static final int EACH_MAX = 16;

    private final Map<String, Integer> waiting = new HashMap<>();
    private int all;
    private long revision;

    Watchers(long revision) {
        this.revision = revision;
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
        if (all >= ALL_MAX || waiting.getOrDefault(holder, 0) >= EACH_MAX) {
            return false;
        }
        all++;
        waiting.merge(holder, 1, Integer::sum);
        try {
            waitFor(index, System.nanoTime() + most.toNanos());
        } finally {
            all--;
            waiting.computeIfPresent(holder, (name, count) -> count == 1 ? null : count - 1);
        }
        return true;
    }

    synchronized int waiting() {
        return all;
    }

    private void waitFor(long index, long untilNanos) throws InterruptedException {
        long left = untilNanos - System.nanoTime();
        while (revision == index && left > 0) {
            wait(left / 1_000_000, (int) (left % 1_000_000));
            left = untilNanos - System.nanoTime();
        }
    }
}
