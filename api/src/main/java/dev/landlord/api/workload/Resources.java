package dev.landlord.api.workload;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one replica may use. Every one of these is a hard limit, enforced by the kernel.
 *
 * @param cpuMillis thousandths of a core, 10 to 1,024,000
 * @param memoryBytes 4 MiB to 16 TiB; the writable layer and all tmpfs mounts are charged to it
 * @param pids 1 to 100,000 processes and threads
 * @param diskBytes size of the writable layer, 64 KiB to 16 TiB
 * @param inodes files in the writable layer, 16 to 100,000,000
 * @param swapBytes what may be swapped out on top of the memory, up to 16 TiB; null for none. 0 becomes null
 */
public record Resources(
        long cpuMillis,
        long memoryBytes,
        int pids,
        long diskBytes,
        long inodes,
        @Nullable Long swapBytes) {
    /** What agents say that do not pass swap over in what they are told. */
    public static final String SWAP_HEEDED = "assignment.swapBytes";

    private static final String SWAP_CAPABILITY = "memory.swap";

    public static final long MIB = 1024L * 1024;

    public Resources {
        Check.range("resources.cpuMillis", cpuMillis, 10, 1_024_000);
        Check.range("resources.memoryBytes", memoryBytes, 4 * MIB, 16L * MIB * MIB);
        Check.range("resources.pids", pids, 1, 100_000);
        Check.range("resources.diskBytes", diskBytes, 64 * 1024, 16L * MIB * MIB);
        Check.range("resources.inodes", inodes, 16, 100_000_000);
        Check.range("resources.swapBytes", swapBytes == null ? 0 : swapBytes, 0, 16L * MIB * MIB);
        swapBytes = swapBytes == null || swapBytes == 0 ? null : swapBytes;
    }

    /** Of what may not be swapped out. */
    public Resources(long cpuMillis, long memoryBytes, int pids, long diskBytes, long inodes) {
        this(cpuMillis, memoryBytes, pids, diskBytes, inodes, null);
    }

    /** In bytes; 0 for none. */
    public long swap() {
        return swapBytes == null ? 0 : swapBytes;
    }

    /** Capabilities that its node must have verified, besides those that every replica needs. */
    public Set<String> needs() {
        return swapBytes == null ? Set.of() : Set.of(SWAP_CAPABILITY, SWAP_HEEDED);
    }

    /** The default writable layer: min(64 MiB, memory / 4). */
    public static long defaultDiskBytes(long memoryBytes) {
        return Math.max(64 * 1024, Math.min(64 * MIB, memoryBytes / 4));
    }
}
