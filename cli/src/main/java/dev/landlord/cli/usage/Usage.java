package dev.landlord.cli.usage;

import dev.landlord.cli.usage.Reading.Counters;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What one group of sandboxes used between two readings.
 *
 * @param group the cells that name it
 * @param cores how many cores it kept busy
 * @param throttledShare 0 to 1, of the CPU periods in which it ran; a sandbox that did not run counts nothing
 * @param ooms since its sandboxes started
 */
record Usage(
        List<String> group,
        int sandboxes,
        double cores,
        double memoryBytes,
        double memoryLimit,
        double throttledShare,
        long ooms) {

    /** What a line of the table stands for. */
    enum Grouping {
        TENANTS,
        WORKLOADS,
        ALLOCATIONS;

        private List<String> cells(Reading.Key key) {
            return switch (this) {
                case TENANTS -> List.of(key.tenant());
                case WORKLOADS -> List.of(key.tenant(), key.workload());
                case ALLOCATIONS -> List.of(key.tenant(), key.workload(), key.allocation(), key.node());
            };
        }
    }

    /** The groups of the later reading, the busiest first; a sandbox that the earlier one does not have counts no time yet. */
    static List<Usage> between(Reading earlier, Reading later, Grouping grouping, @Nullable String tenant) {
        double seconds = (later.nanos() - earlier.nanos()) / 1e9;
        Map<String, Sum> sums = new TreeMap<>();
        later.counters().forEach((key, now) -> {
            if (tenant == null || tenant.equals(key.tenant())) {
                List<String> group = grouping.cells(key);
                Counters before = earlier.counters().getOrDefault(key, now);
                sums.computeIfAbsent(String.join("/", group), unused -> new Sum(group))
                        .add(before, now);
            }
        });
        return sums.values().stream()
                .map(sum -> sum.usage(seconds))
                .sorted(Comparator.comparingDouble(Usage::cores).reversed())
                .toList();
    }

    private static final class Sum {
        private final List<String> group;
        private int sandboxes;
        private double cpuSeconds;
        private double periods;
        private double throttled;
        private double memoryBytes;
        private double memoryLimit;
        private double ooms;

        private Sum(List<String> group) {
            this.group = group;
        }

        /** Counters start again with a restarted program; a step back is no use of time. */
        private void add(Counters before, Counters now) {
            sandboxes++;
            cpuSeconds += Math.max(0, now.cpuSeconds() - before.cpuSeconds());
            periods += Math.max(0, now.periods() - before.periods());
            throttled += Math.max(0, now.throttled() - before.throttled());
            memoryBytes += now.memoryBytes();
            memoryLimit += now.memoryLimit();
            ooms += now.ooms();
        }

        private Usage usage(double seconds) {
            return new Usage(
                    group,
                    sandboxes,
                    seconds <= 0 ? 0 : cpuSeconds / seconds,
                    memoryBytes,
                    memoryLimit,
                    periods == 0 ? 0 : throttled / periods,
                    Math.round(ooms));
        }
    }
}
