package dev.landlord.cli.usage;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What all sandboxes had used at one moment. */
record Reading(long nanos, Map<Key, Counters> counters) {
    static final String CPU = "container_cpu_usage_seconds_total";
    static final String PERIODS = "container_cpu_cfs_periods_total";
    static final String THROTTLED = "container_cpu_cfs_throttled_periods_total";
    static final String MEMORY = "container_memory_working_set_bytes";
    static final String MEMORY_LIMIT = "container_spec_memory_limit_bytes";
    static final String OOM = "container_oom_events_total";
    static final Set<String> WANTED = Set.of(CPU, PERIODS, THROTTLED, MEMORY, MEMORY_LIMIT, OOM);

    /** One sandbox. */
    record Key(String tenant, String workload, String allocation, String node) {}

    /** Its numbers; a metric that the agent does not export stays 0. */
    record Counters(
            double cpuSeconds, double periods, double throttled, double memoryBytes, double memoryLimit, double ooms) {
        static final Counters ZERO = new Counters(0, 0, 0, 0, 0, 0);

        Counters plus(Sample sample) {
            double value = sample.value();
            return switch (sample.metric()) {
                case CPU -> new Counters(cpuSeconds + value, periods, throttled, memoryBytes, memoryLimit, ooms);
                case PERIODS -> new Counters(cpuSeconds, periods + value, throttled, memoryBytes, memoryLimit, ooms);
                case THROTTLED -> new Counters(cpuSeconds, periods, throttled + value, memoryBytes, memoryLimit, ooms);
                case MEMORY -> new Counters(cpuSeconds, periods, throttled, memoryBytes + value, memoryLimit, ooms);
                case MEMORY_LIMIT ->
                    new Counters(cpuSeconds, periods, throttled, memoryBytes, memoryLimit + value, ooms);
                case OOM -> new Counters(cpuSeconds, periods, throttled, memoryBytes, memoryLimit, ooms + value);
                default -> this;
            };
        }
    }

    static Reading of(long nanos, Collection<List<Sample>> scrapes) {
        Map<Key, Counters> counters = new HashMap<>();
        for (List<Sample> scrape : scrapes) {
            for (Sample sample : scrape) {
                Key key = new Key(
                        sample.label("tenant"),
                        sample.label("workload"),
                        sample.label("allocation"),
                        sample.label("node"));
                if (!key.allocation().isEmpty()) {
                    counters.merge(key, Counters.ZERO.plus(sample), (have, unused) -> have.plus(sample));
                }
            }
        }
        return new Reading(nanos, counters);
    }
}
