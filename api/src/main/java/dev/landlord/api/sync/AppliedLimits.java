package dev.landlord.api.sync;

import org.jspecify.annotations.Nullable;

/**
 * Limits of a running replica that its node last wrote and read back.
 *
 * @param cpuMillis hard cap in thousandths of a core
 * @param memoryBytes hard limit, without swap
 * @param pids processes and threads of the tenant's; what the node adds for its own is not counted
 * @param swapBytes on top of the memory; null for none. 0 becomes null
 */
public record AppliedLimits(
        long cpuMillis,
        long memoryBytes,
        long pids,
        @Nullable Long swapBytes) {
    public AppliedLimits {
        swapBytes = swapBytes == null || swapBytes == 0 ? null : swapBytes;
    }

    /** In bytes; 0 for none. */
    public long swap() {
        return swapBytes == null ? 0 : swapBytes;
    }
}
