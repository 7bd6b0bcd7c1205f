package dev.landlord.e2e.demo;

import java.util.List;

/** How long customers waited. Pure. */
final class Latencies {
    private Latencies() {}

    /**
     * The smallest latency that this share of the customers did not exceed, in milliseconds.
     *
     * @param sortedMicros in ascending order; without any it is infinite
     */
    static double millis(List<Long> sortedMicros, double quantile) {
        if (sortedMicros.isEmpty()) {
            return Double.POSITIVE_INFINITY;
        }
        int rank = (int) Math.ceil(quantile * sortedMicros.size());
        return sortedMicros.get(Math.max(0, rank - 1)) / 1000.0;
    }
}
