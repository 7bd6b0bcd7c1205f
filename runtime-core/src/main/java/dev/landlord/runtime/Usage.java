package dev.landlord.runtime;

/**
 * Counters of one sandbox, from one pass over its control groups. Absent values are 0 on hosts that do not have them.
 *
 * @param memorySwapBytes swapped out; not in {@code memoryUsageBytes}
 */
public record Usage(
        long cpuUsageNanos,
        long cpuUserNanos,
        long cpuSystemNanos,
        long cpuPeriods,
        long cpuThrottledPeriods,
        long cpuThrottledNanos,
        long memoryUsageBytes,
        long memoryWorkingSetBytes,
        long memoryRssBytes,
        long memoryCacheBytes,
        long memorySwapBytes,
        long memoryMaxBytes,
        long memoryFailures,
        long oomKills,
        long pids,
        long ioReadBytes,
        long ioWriteBytes,
        PressureStall pressure) {}
