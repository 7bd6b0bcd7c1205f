package dev.landlord.agent.metrics;

import dev.landlord.agent.diff.ResourceLimits;
import dev.landlord.runtime.Usage;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Every name that this agent gives a metric. Own ones are in Micrometer's form, which adds units and suffixes. */
final class MetricNames {
    static final String PASSES = "landlord.agent.passes";
    static final String PASS_DURATION = "landlord.agent.pass.duration";
    static final String LAST_SUCCESS = "landlord.agent.last.success.timestamp";
    static final String BACKLOG = "landlord.agent.backlog";
    static final String HELD = "landlord.agent.desired.held";
    static final String OPERATION_DURATION = "landlord.agent.runtime.operation.duration";
    static final String REPORTS = "landlord.agent.reports";
    static final String LAST_REPORT = "landlord.agent.last.report.timestamp";
    static final String RENEWALS = "landlord.agent.certificate.renewals";
    static final String CERTIFICATE_EXPIRY = "landlord.agent.certificate.expiry.timestamp";
    static final String LEASE_REMAINING = "landlord.agent.lease.remaining";
    static final String LEASE_TERMS = "landlord.agent.lease.terms";
    static final String STREAMS = "landlord.agent.streams";
    static final String ORPHANS = "landlord.agent.orphans";
    static final String DROPPED = "landlord.agent.dropped.packets";
    static final String UNREADABLE = "landlord.agent.scrape.failures";

    static final String LIMIT_CHECKS = "landlord.agent.limit.checks";
    static final String LIMIT_DRIFTS = "landlord.agent.limit.drifts";

    static final String LIMIT = "limit";
    static final String OUTCOME = "outcome";
    static final String OPERATION = "operation";
    static final String REASON = "reason";

    static final List<String> CONTAINER_LABELS =
            List.of("tenant", "workload", "allocation", "node", "image", "name", "id");

    /** cAdvisor's own period, in microseconds. */
    static final double CFS_PERIOD = 100_000;

    private static final double NANOS = 1e9;
    private static final double MICROS = 1e6;

    private MetricNames() {}

    enum Type {
        /** Exposed with the suffix {@code _total}, which the name here leaves out. */
        COUNTER,
        GAUGE
    }

    /**
     * What a live sandbox has to say in one scrape.
     *
     * @param oomKills of this run and all earlier ones of the allocation
     */
    record Sample(Usage usage, ResourceLimits limits, double startedSeconds, double nowSeconds, double oomKills) {}

    record Series(String name, Type type, String help, ToDoubleFunction<Sample> value) {}

    /** Survives the restart of a sandbox, so it is exposed for allocations that have none at the moment, too. */
    static final Series OOM_EVENTS = new Series(
            "container_oom_events",
            Type.COUNTER,
            "Processes of the allocation that its memory limit killed.",
            Sample::oomKills);

    static final List<Series> CONTAINER = List.of(
            counter(
                    "container_cpu_usage_seconds",
                    "CPU time used.",
                    s -> s.usage().cpuUsageNanos() / NANOS),
            counter(
                    "container_cpu_user_seconds",
                    "CPU time in user mode.",
                    s -> s.usage().cpuUserNanos() / NANOS),
            counter(
                    "container_cpu_system_seconds",
                    "CPU time in the kernel.",
                    s -> s.usage().cpuSystemNanos() / NANOS),
            counter(
                    "container_cpu_cfs_periods",
                    "Elapsed periods of the hard cap.",
                    s -> s.usage().cpuPeriods()),
            counter(
                    "container_cpu_cfs_throttled_periods",
                    "Periods in which the hard cap was reached.",
                    s -> s.usage().cpuThrottledPeriods()),
            counter(
                    "container_cpu_cfs_throttled_seconds",
                    "Time spent throttled by the hard cap.",
                    s -> s.usage().cpuThrottledNanos() / NANOS),
            gauge(
                    "container_memory_usage_bytes",
                    "Memory in use, caches included.",
                    s -> s.usage().memoryUsageBytes()),
            gauge(
                    "container_memory_working_set_bytes",
                    "Memory in use less inactive file cache.",
                    s -> s.usage().memoryWorkingSetBytes()),
            gauge(
                    "container_memory_rss",
                    "Anonymous memory, bytes.",
                    s -> s.usage().memoryRssBytes()),
            gauge("container_memory_cache", "Page cache, bytes.", s -> s.usage().memoryCacheBytes()),
            gauge("container_memory_swap", "Swapped out, bytes.", s -> s.usage().memorySwapBytes()),
            gauge(
                    "container_memory_failcnt",
                    "How often the memory limit was hit.",
                    s -> s.usage().memoryFailures()),
            gauge(
                    "container_processes",
                    "Processes and threads.",
                    s -> s.usage().pids()),
            counter(
                    "container_fs_reads_bytes",
                    "Bytes read from block devices.",
                    s -> s.usage().ioReadBytes()),
            counter(
                    "container_fs_writes_bytes",
                    "Bytes written to block devices.",
                    s -> s.usage().ioWriteBytes()),
            gauge(
                    "container_spec_memory_limit_bytes",
                    "Memory limit.",
                    s -> s.limits().memoryBytes()),
            gauge(
                    "container_spec_memory_swap_limit_bytes",
                    "Limit of memory and swap together.",
                    s -> s.limits().memoryBytes() + s.limits().swap()),
            gauge(
                    "container_spec_cpu_quota",
                    "Hard cap, microseconds per period.",
                    s -> s.limits().cpuMillis() * CFS_PERIOD / 1_000),
            gauge("container_spec_cpu_period", "Period of the hard cap, microseconds.", s -> CFS_PERIOD),
            gauge("container_start_time_seconds", "When the program was started.", Sample::startedSeconds),
            gauge("container_last_seen", "When the sandbox was last seen.", Sample::nowSeconds),
            OOM_EVENTS);

    /** Named as cAdvisor names them. Only of sandboxes whose kernel counts it. */
    static final List<Series> PRESSURE = List.of(
            counter(
                    "container_pressure_cpu_waiting_seconds",
                    "Time in which at least one thread waited for a CPU.",
                    s -> s.usage().pressure().cpuSomeMicros() / MICROS),
            counter(
                    "container_pressure_cpu_stalled_seconds",
                    "Time in which all threads waited for a CPU.",
                    s -> s.usage().pressure().cpuFullMicros() / MICROS),
            counter(
                    "container_pressure_memory_waiting_seconds",
                    "Time in which at least one thread waited for memory.",
                    s -> s.usage().pressure().memorySomeMicros() / MICROS),
            counter(
                    "container_pressure_memory_stalled_seconds",
                    "Time in which all threads waited for memory.",
                    s -> s.usage().pressure().memoryFullMicros() / MICROS),
            counter(
                    "container_pressure_io_waiting_seconds",
                    "Time in which at least one thread waited for a disk.",
                    s -> s.usage().pressure().ioSomeMicros() / MICROS),
            counter(
                    "container_pressure_io_stalled_seconds",
                    "Time in which all threads waited for a disk.",
                    s -> s.usage().pressure().ioFullMicros() / MICROS));

    private static Series counter(String name, String help, ToDoubleFunction<Sample> value) {
        return new Series(name, Type.COUNTER, help, value);
    }

    private static Series gauge(String name, String help, ToDoubleFunction<Sample> value) {
        return new Series(name, Type.GAUGE, help, value);
    }
}
