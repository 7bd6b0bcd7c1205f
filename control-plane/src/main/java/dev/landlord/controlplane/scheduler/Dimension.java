package dev.landlord.controlplane.scheduler;

/** One thing that a node or a plan has a limited amount of. */
public enum Dimension {
    CPU("CPU", "mCPU"),
    MEMORY("memory", "bytes"),
    PIDS("pids", "pids"),
    DISK("disk", "bytes"),
    INODES("inodes", "inodes");

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
