package dev.landlord.api.workload;

import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Most disk traffic per second of all that a tenant has on one node, on the disk that the node keeps its sandboxes on. Null is
 * unlimited.
 *
 * @param readBytesPerSecond 64 KiB to 1 TiB
 * @param writeBytesPerSecond likewise
 * @param readOpsPerSecond 10 to 100,000,000
 * @param writeOpsPerSecond likewise
 * @param bufferedWrites the limits of writes hold also for those that the kernel carries out after the program has gone on; else
 *     only for direct and synced ones
 */
public record IoRates(
        @Nullable Long readBytesPerSecond,
        @Nullable Long writeBytesPerSecond,
        @Nullable Long readOpsPerSecond,
        @Nullable Long writeOpsPerSecond,
        boolean bufferedWrites) {
    public IoRates {
        range("io.readBytesPerSecond", readBytesPerSecond, 64 << 10, 1L << 40);
        range("io.writeBytesPerSecond", writeBytesPerSecond, 64 << 10, 1L << 40);
        range("io.readOpsPerSecond", readOpsPerSecond, 10, 100_000_000);
        range("io.writeOpsPerSecond", writeOpsPerSecond, 10, 100_000_000);
        if (readBytesPerSecond == null
                && writeBytesPerSecond == null
                && readOpsPerSecond == null
                && writeOpsPerSecond == null) {
            throw new InvalidField("io", "must have at least one rate, or be absent");
        }
    }

    private static void range(String field, @Nullable Long value, long min, long max) {
        if (value != null) {
            Check.range(field, value, min, max);
        }
    }

    /** Names of the capabilities that a node must have verified to enforce these. */
    public Set<String> needs() {
        Set<String> needs = new TreeSet<>();
        if (readBytesPerSecond != null || readOpsPerSecond != null) {
            needs.add("io.read");
        }
        if (writeBytesPerSecond != null || writeOpsPerSecond != null) {
            needs.add("io.direct");
            if (bufferedWrites) {
                needs.add("io.buffered");
            }
        }
        return needs;
    }

    /** The higher of each; null if nothing is limited by both. */
    public static @Nullable IoRates atLeast(@Nullable IoRates one, @Nullable IoRates other) {
        if (one == null || other == null) {
            return null;
        }
        Long readBytes = higher(one.readBytesPerSecond, other.readBytesPerSecond);
        Long writeBytes = higher(one.writeBytesPerSecond, other.writeBytesPerSecond);
        Long readOps = higher(one.readOpsPerSecond, other.readOpsPerSecond);
        Long writeOps = higher(one.writeOpsPerSecond, other.writeOpsPerSecond);
        boolean unlimited = readBytes == null && writeBytes == null && readOps == null && writeOps == null;
        return unlimited
                ? null
                : new IoRates(readBytes, writeBytes, readOps, writeOps, one.bufferedWrites && other.bufferedWrites);
    }

    private static @Nullable Long higher(@Nullable Long one, @Nullable Long other) {
        return one == null || other == null ? null : (Long) Math.max(one, other);
    }
}
