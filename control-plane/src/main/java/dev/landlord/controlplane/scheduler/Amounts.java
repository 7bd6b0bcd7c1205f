package dev.landlord.controlplane.scheduler;

import dev.landlord.api.plan.PlanSpec;
import dev.landlord.api.workload.Resources;
import java.util.ArrayList;
import java.util.List;

/**
 * What something has or needs of every {@link Dimension}.
 *
 * @param cpuMillis thousandths of a core
 */
public record Amounts(long cpuMillis, long memoryBytes, long pids, long diskBytes, long inodes, long swapBytes) {
    public static final Amounts ZERO = new Amounts(0, 0, 0, 0, 0, 0);

    /** What one replica needs. */
    public static Amounts of(Resources resources) {
        return new Amounts(
                resources.cpuMillis(),
                resources.memoryBytes(),
                resources.pids(),
                resources.diskBytes(),
                resources.inodes(),
                resources.swap());
    }

    /** What a plan sells. */
    public static Amounts of(PlanSpec plan) {
        return new Amounts(
                plan.cpuMillis(), plan.memoryBytes(), plan.pids(), plan.diskBytes(), plan.inodes(), plan.swapBytes());
    }

    public long get(Dimension dimension) {
        return switch (dimension) {
            case CPU -> cpuMillis;
            case MEMORY -> memoryBytes;
            case PIDS -> pids;
            case DISK -> diskBytes;
            case INODES -> inodes;
            case SWAP -> swapBytes;
        };
    }

    public Amounts plus(Amounts other) {
        return new Amounts(
                cpuMillis + other.cpuMillis,
                memoryBytes + other.memoryBytes,
                pids + other.pids,
                diskBytes + other.diskBytes,
                inodes + other.inodes,
                swapBytes + other.swapBytes);
    }

    public Amounts minus(Amounts other) {
        return new Amounts(
                cpuMillis - other.cpuMillis,
                memoryBytes - other.memoryBytes,
                pids - other.pids,
                diskBytes - other.diskBytes,
                inodes - other.inodes,
                swapBytes - other.swapBytes);
    }

    /** The greater of each. */
    Amounts max(Amounts other) {
        return new Amounts(
                Math.max(cpuMillis, other.cpuMillis),
                Math.max(memoryBytes, other.memoryBytes),
                Math.max(pids, other.pids),
                Math.max(diskBytes, other.diskBytes),
                Math.max(inodes, other.inodes),
                Math.max(swapBytes, other.swapBytes));
    }

    boolean fitsIn(Amounts room) {
        return fits(cpuMillis, room.cpuMillis)
                && fits(memoryBytes, room.memoryBytes)
                && fits(pids, room.pids)
                && fits(diskBytes, room.diskBytes)
                && fits(inodes, room.inodes)
                && fits(swapBytes, room.swapBytes);
    }

    /** How much {@code room} lacks to hold this; zero where it suffices. */
    Amounts lackingIn(Amounts room) {
        return new Amounts(
                lacking(cpuMillis, room.cpuMillis),
                lacking(memoryBytes, room.memoryBytes),
                lacking(pids, room.pids),
                lacking(diskBytes, room.diskBytes),
                lacking(inodes, room.inodes),
                lacking(swapBytes, room.swapBytes));
    }

    /** Who needs nothing of it is not kept out by a node that has less of it than was sold, as when its swap is gone. */
    private static boolean fits(long need, long room) {
        return need == 0 || need <= room;
    }

    private static long lacking(long need, long room) {
        return fits(need, room) ? 0 : need - room;
    }

    /** For people, without the zeroes: {@code 100 mCPU and 200 MiB of memory}. */
    String describe() {
        List<String> parts = new ArrayList<>();
        for (Dimension dimension : Dimension.values()) {
            if (get(dimension) != 0) {
                parts.add(dimension.describe(get(dimension)));
            }
        }
        return parts.isEmpty() ? "nothing" : String.join(" and ", parts);
    }

    /** One thing that a node or a plan has a limited amount of. */
    public enum Dimension {
        CPU("CPU", "mCPU"),
        MEMORY("memory", "bytes"),
        PIDS("pids", "pids"),
        DISK("disk", "bytes"),
        INODES("inodes", "inodes"),
        SWAP("swap", "bytes");

        private static final long KIB = 1024;
        private static final long MIB = 1024 * KIB;

        private final String label;
        private final String unit;

        Dimension(String label, String unit) {
            this.label = label;
            this.unit = unit;
        }

        /** As it reads in a sentence: "too little memory". */
        public String label() {
            return label;
        }

        /** An amount with its unit, for people: {@code 200 MiB of memory}. Sizes are rounded up, so that a miss is never 0. */
        String describe(long amount) {
            if (!unit.equals("bytes")) {
                return amount + " " + unit;
            }
            long size = amount >= MIB ? MIB : KIB;
            return Math.ceilDiv(amount, size) + (size == MIB ? " MiB of " : " KiB of ") + label;
        }
    }
}
