package dev.landlord.e2e.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/** All measured launches of one contestant in one phase. Not thread-safe. */
final class Series {
    private final List<Launch> launches = new ArrayList<>();

    void add(Launch launch) {
        launches.add(launch);
    }

    int size() {
        return launches.size();
    }

    boolean seesExec() {
        return launches.stream().anyMatch(launch -> launch.execMicros() != Launch.UNSEEN);
    }

    double execMillis(double quantile) {
        return millis(Launch::execMicros, quantile);
    }

    double deletedMillis(double quantile) {
        return millis(Launch::deletedMicros, quantile);
    }

    private double millis(ToLongFunction<Launch> value, double quantile) {
        return quantile(launches.stream().map(value::applyAsLong).toList(), quantile) / 1000.0;
    }

    /** Nearest rank; NaN of nothing. */
    static double quantile(List<Long> values, double quantile) {
        if (values.isEmpty()) {
            return Double.NaN;
        }
        List<Long> sorted = values.stream().sorted().toList();
        int rank = (int) Math.ceil(quantile * sorted.size());
        return sorted.get(Math.clamp(rank - 1, 0, sorted.size() - 1));
    }
}
