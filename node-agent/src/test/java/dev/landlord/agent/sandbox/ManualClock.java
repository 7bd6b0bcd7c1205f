package dev.landlord.agent.sandbox;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/** Time that passes when a test says so. */
public final class ManualClock implements InstantSource {
    private final AtomicLong now = new AtomicLong(1_000_000);

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(now.get());
    }

    public void advance(long millis) {
        now.addAndGet(millis);
    }
}
