package dev.landlord.runtime;

/**
 * Until when this host may go on with sandboxes that must not run twice. Times are nanoseconds of a clock that goes on while
 * the machine is suspended and never jumps, CLOCK_BOOTTIME of clock_gettime(2).
 *
 * @param nowNanos when this was read
 * @param deadlineNanos 0 before the first extension since the machine was started
 * @param term how often the lease has begun anew; what was built in one term does not run on in the next one
 */
public record Lease(long nowNanos, long deadlineNanos, long term) {
    public boolean holds() {
        return nowNanos < deadlineNanos;
    }

    /**
     * After an extension; the deadline never goes back. A lease that had run out begins a new term, however soon.
     *
     * @param untilNanos as {@link #deadlineNanos}
     */
    public Lease extendedTo(long untilNanos) {
        if (untilNanos <= Math.max(nowNanos, deadlineNanos)) {
            return this;
        }
        return new Lease(nowNanos, untilNanos, holds() ? term : term + 1);
    }
}
