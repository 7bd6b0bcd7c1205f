package dev.landlord.agent.sync;

import java.util.random.RandomGenerator;

/**
 * Waits that double with each failure up to a bound, each cut to a random part between half and all of it, so that a
 * thousand agents do not come back in one moment. For one thread.
 */
public final class BackOff {
    private final long initialMillis;
    private final RandomGenerator random;
    private int failures;

    public BackOff(long initialMillis, RandomGenerator random) {
        this.initialMillis = initialMillis;
        this.random = random;
    }

    /** @param maxMillis bound of this wait */
    public long nextMillis(long maxMillis) {
        long full = Math.min(maxMillis, initialMillis << Math.min(failures, 30));
        failures++;
        return full / 2 + random.nextLong(full / 2 + 1);
    }

    public void succeeded() {
        failures = 0;
    }
}
