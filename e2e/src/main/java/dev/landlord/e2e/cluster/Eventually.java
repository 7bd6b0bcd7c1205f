package dev.landlord.e2e.cluster;

import java.time.Duration;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Waits for something that another process will do. */
public final class Eventually {
    private static final Duration PAUSE = Duration.ofMillis(50);

    private Eventually() {}

    /** Observes again and again until it holds or the time is up; returns the last observation in either case. */
    public static <T> T observe(Duration patience, Supplier<T> observe, Predicate<T> holds)
            throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        T last = observe.get();
        while (!holds.test(last) && System.nanoTime() < deadline) {
            Thread.sleep(PAUSE);
            last = observe.get();
        }
        return last;
    }
}
