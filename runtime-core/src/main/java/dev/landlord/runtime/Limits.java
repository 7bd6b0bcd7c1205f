package dev.landlord.runtime;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Limits of a sandbox or of an owner's slice. Each one that is set is written, read back, and refused if the kernel did
 * not take it.
 *
 * @param cpuWeight share under contention, 1 to 10,000, 100 is the kernel's default
 * @param cpuMaxMillis hard cap in thousandths of a core, or null for none
 * @param memoryMaxBytes hard limit of memory and swap together, or null for none
 * @param pidsMax processes and threads, or null for none
 * @param cpusetCpus kernel list such as {@code 0-1}, or null for all
 * @param io limits per block device
 */
public record Limits(
        int cpuWeight,
        @Nullable Long cpuMaxMillis,
        @Nullable Long memoryMaxBytes,
        @Nullable Long pidsMax,
        @Nullable String cpusetCpus,
        List<IoLimit> io) {
    public static final Limits NONE = new Limits(100, null, null, null, null, List.of());

    public Limits {
        io = List.copyOf(io);
        if (cpuWeight < 1 || cpuWeight > 10_000) {
            throw new IllegalArgumentException("cpuWeight must be between 1 and 10000, was " + cpuWeight);
        }
        positive("cpuMaxMillis", cpuMaxMillis);
        positive("memoryMaxBytes", memoryMaxBytes);
        positive("pidsMax", pidsMax);
    }

    private static void positive(String field, @Nullable Long value) {
        if (value != null && value <= 0) {
            throw new IllegalArgumentException(field + " must be positive, was " + value);
        }
    }

    /** Bytes and operations per second for one device; null means unlimited. */
    public record IoLimit(
            int major,
            int minor,
            @Nullable Long readBytesPerSecond,
            @Nullable Long writeBytesPerSecond,
            @Nullable Long readOpsPerSecond,
            @Nullable Long writeOpsPerSecond) {}
}
