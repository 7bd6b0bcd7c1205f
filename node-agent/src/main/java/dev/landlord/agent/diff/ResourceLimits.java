package dev.landlord.agent.diff;

import dev.landlord.api.sync.AppliedLimits;
import dev.landlord.api.sync.Assignment;
import dev.landlord.api.workload.IoRates;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The limits that can change while a sandbox runs; for one allocation, or summed for all that a tenant has here.
 *
 * @param cpuMillis hard cap in thousandths of a core
 * @param memoryBytes hard limit, without swap
 * @param pids processes and threads
 * @param cpuWeight the tenant's share of a contended CPU, 1 to 10,000; of a sum the largest, not the sum
 * @param io disk traffic of all that the tenant has here, so of a sum the largest too; null for no limit
 * @param ioWeight the tenant's share of a contended disk, 1 to 10,000, so of a sum the largest too; null for none of its own
 * @param cpuBurstMicros what may be saved up of the cap and used at once; null for nothing
 * @param swapBytes on top of the memory; null for none, also in what an earlier version remembered. 0 becomes null
 */
public record ResourceLimits(
        long cpuMillis,
        long memoryBytes,
        long pids,
        int cpuWeight,
        @Nullable IoRates io,
        @Nullable Integer ioWeight,
        @Nullable Long cpuBurstMicros,
        @Nullable Long swapBytes) {
    public ResourceLimits {
        swapBytes = swapBytes == null || swapBytes == 0 ? null : swapBytes;
    }

    public ResourceLimits(long cpuMillis, long memoryBytes, long pids, int cpuWeight) {
        this(cpuMillis, memoryBytes, pids, cpuWeight, null, null, null, null);
    }

    /** In bytes; 0 for none. */
    public long swap() {
        return swapBytes == null ? 0 : swapBytes;
    }

    public static ResourceLimits of(Assignment assignment) {
        return new ResourceLimits(
                assignment.resources().cpuMillis(),
                assignment.resources().memoryBytes(),
                assignment.resources().pids() + ours(assignment),
                assignment.cpuWeight(),
                assignment.io(),
                assignment.ioWeight(),
                burstMicros(assignment),
                assignment.resources().swapBytes());
    }

    /** In 100 ms a cap of one thousandth gives 100 microseconds, of which one percent is one. */
    private static @Nullable Long burstMicros(Assignment assignment) {
        Integer percent = assignment.cpuBurstPercent();
        return percent == null ? null : (Long) (assignment.resources().cpuMillis() * percent);
    }

    /** Our reaping init is one more process in the same group, and no tenant should pay for it. */
    private static int ours(Assignment assignment) {
        return assignment.process().init() ? 1 : 0;
    }

    /** Whether there must be a disk to enforce them on. */
    public boolean concernDisk() {
        return io != null || ioWeight != null;
    }

    /** As its tenant counts, when these are those of a sandbox of the allocation. */
    AppliedLimits appliedTo(Assignment assignment) {
        return new AppliedLimits(cpuMillis, memoryBytes, pids - ours(assignment), swapBytes);
    }

    ResourceLimits plus(ResourceLimits other) {
        return new ResourceLimits(
                cpuMillis + other.cpuMillis,
                memoryBytes + other.memoryBytes,
                pids + other.pids,
                Math.max(cpuWeight, other.cpuWeight),
                IoRates.atLeast(io, other.io),
                either(ioWeight, other.ioWeight, Math::max),
                either(cpuBurstMicros, other.cpuBurstMicros, Long::sum),
                swap() + other.swap());
    }

    ResourceLimits atLeast(ResourceLimits other) {
        return new ResourceLimits(
                Math.max(cpuMillis, other.cpuMillis),
                Math.max(memoryBytes, other.memoryBytes),
                Math.max(pids, other.pids),
                Math.max(cpuWeight, other.cpuWeight),
                IoRates.atLeast(io, other.io),
                either(ioWeight, other.ioWeight, Math::max),
                either(cpuBurstMicros, other.cpuBurstMicros, Math::max),
                Math.max(swap(), other.swap()));
    }

    private static <T> @Nullable T either(@Nullable T one, @Nullable T other, BinaryOperator<T> both) {
        return one == null ? other : other == null ? one : both.apply(one, other);
    }
}
