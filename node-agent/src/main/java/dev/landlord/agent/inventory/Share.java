package dev.landlord.agent.inventory;

import org.jspecify.annotations.Nullable;

/**
 * The part of the machine that may be sold. What is not configured is the machine less a reserve for the host itself: of
 * CPU 5 %, at least 100 thousandths; of memory 5 %, at least 256 MiB; of processes 10 %, at least 1,000. CPU and processes
 * may be configured beyond the machine, for not all tenants use theirs at one time; memory may not, for the kernel would
 * have to kill.
 */
public record Share(long cpuMillis, long memoryBytes, long pids) {
    private static final long MIN_RESERVED_CPU_MILLIS = 100;
    private static final long MIN_RESERVED_MEMORY_BYTES = 256L << 20;
    private static final long MIN_RESERVED_PIDS = 1_000;

    /** @throws IllegalArgumentException naming the property, if more memory is configured than the machine has */
    public static Share of(Machine machine, @Nullable Long cpuMillis, @Nullable Long memoryBytes, @Nullable Long pids) {
        if (memoryBytes != null && memoryBytes > machine.memoryBytes()) {
            throw new IllegalArgumentException("landlord.agent.share.memory-bytes: the machine has only "
                    + machine.memoryBytes() + ", was " + memoryBytes);
        }
        return new Share(
                cpuMillis == null ? less(machine.cpuMillis(), 20, MIN_RESERVED_CPU_MILLIS) : cpuMillis,
                memoryBytes == null ? less(machine.memoryBytes(), 20, MIN_RESERVED_MEMORY_BYTES) : memoryBytes,
                pids == null ? less(machine.pids(), 10, MIN_RESERVED_PIDS) : pids);
    }

    private static long less(long whole, long partReserved, long minReserved) {
        return Math.max(0, whole - Math.max(whole / partReserved, minReserved));
    }
}
