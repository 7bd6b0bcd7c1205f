package dev.landlord.runtime;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Limits of a sandbox or of an owner's slice. Each one that is set is written, read back, and refused by the name of its
 * field if the kernel did not take it or this host does not enforce it.
 *
 * @param pidsMax processes and threads, or null for none
 * @param io one entry per block device; without one a device is not limited
 * @param hugePages one entry per size of pages; without one a size is not limited
 */
public record Limits(Cpu cpu, Memory memory, @Nullable Long pidsMax, List<IoLimit> io, List<HugePages> hugePages) {
    public static final Limits NONE = new Limits(Cpu.UNLIMITED, Memory.UNLIMITED, null, List.of(), List.of());

    public Limits {
        io = List.copyOf(io);
        hugePages = List.copyOf(hugePages);
        Rules.positive("pidsMax", pidsMax);
        Rules.once("io", io, limit -> limit.major() + ":" + limit.minor());
        Rules.once("hugePages", hugePages, HugePages::size);
    }

    /** Those that nearly every sandbox has; no swap. */
    public Limits(
            int cpuWeight,
            @Nullable Long cpuMaxMillis,
            @Nullable Long memoryMaxBytes,
            @Nullable Long pidsMax,
            @Nullable String cpuset,
            List<IoLimit> io) {
        this(new Cpu(cpuWeight, cpuMaxMillis, null, cpuset), new Memory(memoryMaxBytes, 0), pidsMax, io, List.of());
    }

    /** Names of {@link Capability} that a host must have verified to enforce these. */
    public Set<String> needs() {
        Set<String> needs = new TreeSet<>();
        cpu.addNeeds(needs);
        memory.addNeeds(needs);
        Rules.need(needs, pidsMax != null, Capability.PIDS_MAX);
        io.forEach(limit -> limit.addNeeds(needs));
        hugePages.forEach(limit -> needs.add(Capability.hugePages(limit.size())));
        return needs;
    }

    /**
     * @param weight share under contention, 1 to 10,000, 100 is the kernel's default
     * @param maxMillis hard cap in thousandths of a core, or null for none
     * @param burstMicros unused time of the cap that may be saved up and used at once, in microseconds; at most what the cap
     *     gives in 100 ms. Null for none
     * @param cpuset kernel list such as {@code 0-1}, or null for all
     */
    public record Cpu(
            int weight,
            @Nullable Long maxMillis,
            @Nullable Long burstMicros,
            @Nullable String cpuset) {
        public static final Cpu UNLIMITED = new Cpu(100, null, null, null);

        public Cpu {
            Rules.within("cpu.weight", weight, 1, 10_000);
            Rules.positive("cpu.maxMillis", maxMillis);
            Rules.positive("cpu.burstMicros", burstMicros);
            if (burstMicros != null && (maxMillis == null || burstMicros / 100 > maxMillis)) {
                throw new IllegalArgumentException(
                        "cpu.burstMicros must be at most 100 times cpu.maxMillis, was " + burstMicros);
            }
        }

        private void addNeeds(Set<String> needs) {
            Rules.need(needs, weight != UNLIMITED.weight, Capability.CPU_WEIGHT);
            Rules.need(needs, maxMillis != null, Capability.CPU_MAX);
            Rules.need(needs, burstMicros != null, Capability.CPU_BURST);
            Rules.need(needs, cpuset != null, Capability.CPUSET);
        }
    }

    /**
     * @param maxBytes hard limit of memory, or null for none; beyond it the whole sandbox is killed
     * @param swapMaxBytes what may be swapped out on top of it; 0 unless there is a maximum
     */
    public record Memory(@Nullable Long maxBytes, long swapMaxBytes) {
        public static final Memory UNLIMITED = new Memory(null, 0);

        public Memory {
            Rules.positive("memory.maxBytes", maxBytes);
            Rules.within("memory.swapMaxBytes", swapMaxBytes, 0, maxBytes == null ? 0 : 1L << 50);
        }

        private void addNeeds(Set<String> needs) {
            Rules.need(needs, maxBytes != null, Capability.MEMORY_MAX);
            Rules.need(needs, swapMaxBytes > 0, Capability.MEMORY_SWAP);
        }
    }

    /**
     * Bytes and operations per second for one whole block device, see {@link BlockDevice}; null means unlimited.
     *
     * @param weight share of a contended device, 1 to 10,000, 100 is the kernel's default
     */
    public record IoLimit(
            int major,
            int minor,
            @Nullable Long readBytesPerSecond,
            @Nullable Long writeBytesPerSecond,
            @Nullable Long readOpsPerSecond,
            @Nullable Long writeOpsPerSecond,
            @Nullable Integer weight) {
        public IoLimit {
            Rules.positive("io.readBytesPerSecond", readBytesPerSecond);
            Rules.positive("io.writeBytesPerSecond", writeBytesPerSecond);
            Rules.positive("io.readOpsPerSecond", readOpsPerSecond);
            Rules.positive("io.writeOpsPerSecond", writeOpsPerSecond);
            if (weight != null) {
                Rules.within("io.weight", weight, 1, 10_000);
            }
        }

        public IoLimit(
                int major,
                int minor,
                @Nullable Long readBytesPerSecond,
                @Nullable Long writeBytesPerSecond,
                @Nullable Long readOpsPerSecond,
                @Nullable Long writeOpsPerSecond) {
            this(major, minor, readBytesPerSecond, writeBytesPerSecond, readOpsPerSecond, writeOpsPerSecond, null);
        }

        /** Buffered writes are on top of these, where they are wanted: {@link Capability#IO_BUFFERED}. */
        private void addNeeds(Set<String> needs) {
            Rules.need(needs, readBytesPerSecond != null || readOpsPerSecond != null, Capability.IO_READ);
            Rules.need(needs, writeBytesPerSecond != null || writeOpsPerSecond != null, Capability.IO_DIRECT);
            Rules.need(needs, weight != null, Capability.IO_WEIGHT);
        }
    }

    /**
     * @param size of one page as the kernel names it, such as {@code 2MB} or {@code 1GB}
     * @param maxBytes in whole pages; 0 for none at all
     */
    public record HugePages(String size, long maxBytes) {
        public HugePages {
            if (!size.matches("[1-9][0-9]{0,4}[KMG]B")) {
                throw new IllegalArgumentException("hugePages.size must be like 2MB, was " + size);
            }
            Rules.within("hugePages.maxBytes", maxBytes, 0, 1L << 50);
        }

        /** Of one page. */
        public long pageBytes() {
            int shift = switch (size.charAt(size.length() - 2)) {
                case 'K' -> 10;
                case 'M' -> 20;
                default -> 30;
            };
            return Long.parseLong(size.substring(0, size.length() - 2)) << shift;
        }
    }

    /** Each error names the field. */
    private static final class Rules {
        static void positive(String field, @Nullable Long value) {
            if (value != null && value <= 0) {
                throw new IllegalArgumentException(field + " must be positive, was " + value);
            }
        }

        static void within(String field, long value, long min, long max) {
            if (value < min || value > max) {
                throw new IllegalArgumentException(
                        field + " must be between " + min + " and " + max + ", was " + value);
            }
        }

        static <T> void once(String field, List<T> entries, Function<T, Object> key) {
            Set<Object> seen = new HashSet<>();
            for (T entry : entries) {
                if (!seen.add(key.apply(entry))) {
                    throw new IllegalArgumentException(field + " must have " + key.apply(entry) + " only once");
                }
            }
        }

        static void need(Set<String> needs, boolean needed, Capability capability) {
            if (needed) {
                needs.add(capability.wireName());
            }
        }
    }
}
