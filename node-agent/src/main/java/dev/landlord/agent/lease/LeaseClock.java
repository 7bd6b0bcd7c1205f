package dev.landlord.agent.lease;

import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Turns what the control plane grants into a deadline of this host. A grant counts from when its report was <em>sent</em>: the
 * control plane counts from when it came, which is later, so this host gives up before it is given up. Pure but for what it is
 * made of; thread-safe.
 */
public final class LeaseClock {
    /** Whatever a control plane says; no deadline is to be as far away as a mistake could put it. */
    private static final long MAX_MILLIS = 3_600_000;

    private final LongSupplier nowNanos;
    private final LongConsumer extend;

    /**
     * The clock of a lease.
     *
     * @param nowNanos goes on while the machine is suspended, and never jumps
     * @param extend takes a deadline by the same clock; one that is no later than the present one changes nothing
     */
    public LeaseClock(LongSupplier nowNanos, LongConsumer extend) {
        this.nowNanos = nowNanos;
        this.extend = extend;
    }

    /** To be asked before a report is made, let alone sent. */
    public long sendTime() {
        return nowNanos.getAsLong();
    }

    /** The report of that time was taken. */
    public void granted(long sentAtNanos, long leaseMillis) {
        if (leaseMillis > 0) {
            extend.accept(sentAtNanos + Math.min(leaseMillis, MAX_MILLIS) * 1_000_000);
        }
    }
}
