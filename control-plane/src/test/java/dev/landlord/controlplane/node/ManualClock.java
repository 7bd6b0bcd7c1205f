package dev.landlord.controlplane.node;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/** Time that passes when it is told to. */
public final class ManualClock implements InstantSource {
    private final AtomicLong millis = new AtomicLong(1_700_000_000_000L);

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(millis.get());
    }

    public void pass(long amountMillis) {
        millis.addAndGet(amountMillis);
    }
}
