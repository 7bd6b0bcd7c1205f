package dev.landlord.e2e.customer;

import java.util.concurrent.atomic.AtomicLong;

/** How the customers are served. Thread-safe. */
public final class Pulse {
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong read = new AtomicLong();

    void acknowledge() {
        acknowledged.incrementAndGet();
    }

    void read() {
        read.incrementAndGet();
    }

    public long acknowledged() {
        return acknowledged.get();
    }

    public long reads() {
        return read.get();
    }
}
