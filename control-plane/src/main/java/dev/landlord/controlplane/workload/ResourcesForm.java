package dev.landlord.controlplane.workload;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.landlord.api.workload.Resources;
import org.jspecify.annotations.Nullable;

/** The resources of one replica as people write them. */
record ResourcesForm(
        @Nullable Long cpuMillis,
        @Nullable Long memoryBytes,
        @Nullable Integer pids,
        @Nullable Long diskBytes,
        @Nullable Long inodes,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long swapBytes) {
    static final ResourcesForm NONE = new ResourcesForm(null, null, null, null, null, null);

    private static final long CPU_DEFAULT_MILLIS = 100;
    private static final long MEMORY_DEFAULT_BYTES = 64 * Resources.MIB;
    private static final int PIDS_DEFAULT = 64;
    /** A small file has a page of its own. */
    private static final long BYTES_PER_INODE = 4096;

    static ResourcesForm of(Resources resources) {
        return new ResourcesForm(
                resources.cpuMillis(),
                resources.memoryBytes(),
                resources.pids(),
                resources.diskBytes(),
                resources.inodes(),
                resources.swapBytes());
    }

    Resources resources() {
        long memory = memoryBytes == null ? MEMORY_DEFAULT_BYTES : memoryBytes;
        long disk = diskBytes == null ? Resources.defaultDiskBytes(memory) : diskBytes;
        return new Resources(
                cpuMillis == null ? CPU_DEFAULT_MILLIS : cpuMillis,
                memory,
                pids == null ? PIDS_DEFAULT : pids,
                disk,
                inodes == null ? disk / BYTES_PER_INODE : inodes,
                swapBytes);
    }
}
