package dev.landlord.controlplane.ratelimit;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.UninterruptibleBlockingStrategy;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One bucket for each name that was used of late. Thread-safe. Of more than {@link #CAPACITY} names the one that was used
 * longest ago is forgotten; it begins with a full bucket again.
 */
final class Buckets {
    static final int CAPACITY = 10_000;

    private final Rate rate;
    private final TimeMeter clock;
    private final UninterruptibleBlockingStrategy waiting;
    private final Map<String, Bucket> buckets = new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
            return size() > CAPACITY;
        }
    };

    Buckets(Rate rate, TimeMeter clock, UninterruptibleBlockingStrategy waiting) {
        this.rate = rate;
        this.clock = clock;
        this.waiting = waiting;
    }

    /** Takes one; 0, or the nanoseconds until there is one, and then nothing was taken. */
    long take(String name) {
        var probe = bucket(name).tryConsumeAndReturnRemaining(1);
        return probe.isConsumed() ? 0 : Math.max(1, probe.getNanosToWaitForRefill());
    }

    /** Takes one, if need be the next to come, and waits for it; answers like {@link #take} if that were too long. */
    long await(String name, Duration patience) {
        Bucket bucket = bucket(name);
        boolean taken = bucket.asBlocking().tryConsumeUninterruptibly(1, patience, waiting);
        return taken ? 0 : Math.max(1, bucket.estimateAbilityToConsume(1).getNanosToWaitForRefill());
    }

    /** What {@link #take} would say; takes nothing. */
    long look(String name) {
        var probe = bucket(name).estimateAbilityToConsume(1);
        return probe.canBeConsumed() ? 0 : Math.max(1, probe.getNanosToWaitForRefill());
    }

    synchronized int size() {
        return buckets.size();
    }

    private synchronized Bucket bucket(String name) {
        return buckets.computeIfAbsent(
                name,
                fresh -> Bucket.builder()
                        .addLimit(limit ->
                                limit.capacity(rate.burst()).refillGreedy(rate.perSecond(), Duration.ofSeconds(1)))
                        .withCustomTimePrecision(clock)
                        .build());
    }
}
