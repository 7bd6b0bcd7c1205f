package dev.landlord.agent.inventory;

import org.jspecify.annotations.Nullable;

/**
 * The part of the machine that may be sold. What is not configured is the machine less a reserve for the host itself: of
 * CPU 5 %, at least 100 thousandths; of memory 5 %, at least 256 MiB; of processes 10 %, at least 1,000.
 */
public record Share(long cpuMillis, long memoryBytes, long pids) {
    private static final long MIN_RESERVED_CPU_MILLIS = 100;
    private static final long MIN_RESERVED_MEMORY_BYTES = 256L << 20;
    private static final long MIN_RESERVED_PIDS = 1_000;

    /** @throws IllegalArgumentException naming the property, if more is configured than the machine has */
    public static Share of(Machine machine, @Nullable Long cpuMillis, @Nullable Long memoryBytes, @Nullable Long pids) {
        return new Share(
                part(
                        "share.cpu-millis",
                        cpuMillis,
                        machine.cpuMillis(),
                        less(machine.cpuMillis(), 20, MIN_RESERVED_CPU_MILLIS)),
                part(
                        "share.memory-bytes",
                        memoryBytes,
                        machine.memoryBytes(),
                        less(machine.memoryBytes(), 20, MIN_RESERVED_MEMORY_BYTES)),
                part("share.pids", pids, machine.pids(), less(machine.pids(), 10, MIN_RESERVED_PIDS)));
    }

    private static long less(long whole, long partReserved, long minReserved) {
        return Math.max(0, whole - Math.max(whole / partReserved, minReserved));
    }

    private static long part(String property, @Nullable Long configured, long whole, long otherwise) {
        if (configured == null) {
            return otherwise;
        }
        if (configured > whole) {
            throw new IllegalArgumentException(
                    "landlord.agent." + property + ": the machine has only " + whole + ", was " + configured);
        }
        return configured;
    }
}
