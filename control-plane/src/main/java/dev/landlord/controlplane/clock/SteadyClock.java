package dev.landlord.controlplane.clock;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * Begins at the time of day and then goes on by itself: who sets the time of day does not make anybody silent for longer, or
 * less long. Thread-safe.
 */
public final class SteadyClock implements InstantSource {
    private final LongSupplier nanos;
    private final long beginMillis;
    private final long beginNanos;

    /**
     * A clock that begins now.
     *
     * @param timeOfDay asked once
     * @param nanos never jumps
     */
    public SteadyClock(InstantSource timeOfDay, LongSupplier nanos) {
        this.nanos = nanos;
        this.beginMillis = timeOfDay.millis();
        this.beginNanos = nanos.getAsLong();
    }

    @Override
    public long millis() {
        return beginMillis + (nanos.getAsLong() - beginNanos) / 1_000_000;
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(millis());
    }
}
