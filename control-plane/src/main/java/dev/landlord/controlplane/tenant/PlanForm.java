package dev.landlord.controlplane.tenant;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.landlord.api.plan.PlanSpec;
import dev.landlord.api.workload.InvalidField;
import dev.landlord.controlplane.web.StrictJson;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A plan as people write it. Only CPU and memory must be said. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record PlanForm(
        @Nullable Long cpuMillis,
        @Nullable Integer cpuWeight,
        @Nullable Long memoryBytes,
        @Nullable Long pids,
        @Nullable Long diskBytes,
        @Nullable Long inodes,
        @Nullable Long swapBytes,
        @Nullable Integer priority,
        @Nullable String trustClass,
        @Nullable IoForm io,
        @Nullable Integer ioWeight,
        @Nullable Integer cpuBurstPercent) {
    private static final Set<String> UNBUILT = Set.of("/network", "/traffic");
    private static final int WEIGHT_DEFAULT = 100;
    private static final long PIDS_DEFAULT = 1024;
    private static final int PRIORITY_DEFAULT = 50;
    private static final long DISK_MIN = 64 * 1024;
    private static final long INODES_MIN = 16;
    /** A small file has a page of its own. */
    private static final long BYTES_PER_INODE = 4096;

    static PlanSpec read(byte @Nullable [] body) {
        return StrictJson.read(body, PlanForm.class, UNBUILT).spec();
    }

    static PlanForm of(PlanSpec spec) {
        return new PlanForm(
                spec.cpuMillis(),
                spec.cpuWeight(),
                spec.memoryBytes(),
                spec.pids(),
                spec.diskBytes(),
                spec.inodes(),
                spec.swapBytes() == 0 ? null : (Long) spec.swapBytes(),
                spec.priority(),
                spec.trustClass(),
                spec.io() == null ? null : IoForm.of(spec.io()),
                spec.ioWeight(),
                spec.cpuBurstPercent());
    }

    private PlanSpec spec() {
        long memory = required("memoryBytes", memoryBytes);
        long disk = orElse(diskBytes, Math.max(DISK_MIN, memory / 4));
        return new PlanSpec(
                required("cpuMillis", cpuMillis),
                cpuWeight == null ? WEIGHT_DEFAULT : cpuWeight,
                memory,
                orElse(pids, PIDS_DEFAULT),
                disk,
                orElse(inodes, Math.max(INODES_MIN, disk / BYTES_PER_INODE)),
                orElse(swapBytes, 0),
                priority == null ? PRIORITY_DEFAULT : priority,
                trustClass == null ? "standard" : trustClass,
                io == null ? null : io.rates(),
                ioWeight,
                cpuBurstPercent);
    }

    private static long required(String field, @Nullable Long value) {
        if (value == null) {
            throw new InvalidField(field, "is required");
        }
        return value;
    }

    private static long orElse(@Nullable Long value, long otherwise) {
        return value == null ? otherwise : value;
    }
}
