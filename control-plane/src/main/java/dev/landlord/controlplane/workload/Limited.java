package dev.landlord.controlplane.workload;

/** The resources of which a plan limits the sum. */
enum Limited {
    CPU_MILLIS("cpuMillis", "cpu_millis"),
    MEMORY_BYTES("memoryBytes", "memory_bytes"),
    PIDS("pids", "pids"),
    DISK_BYTES("diskBytes", "disk_bytes"),
    INODES("inodes", "inodes"),
    SWAP_BYTES("swapBytes", "swap_bytes");

    private final String field;
    private final String column;

    Limited(String field, String column) {
        this.field = field;
        this.column = column;
    }

    /** Its name in JSON. */
    String field() {
        return field;
    }

    /** Its name in the tables. */
    String column() {
        return column;
    }
}
