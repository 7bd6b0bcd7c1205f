package dev.landlord.api.sync;

import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.id.WorkloadName;
import dev.landlord.api.network.Attachment;
import dev.landlord.api.workload.HealthCheck;
import dev.landlord.api.workload.IoRates;
import dev.landlord.api.workload.ProcessSpec;
import dev.landlord.api.workload.Resources;
import dev.landlord.api.workload.RestartPolicy;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One allocation that a node should have.
 *
 * @param index 0-based replica number
 * @param desired RUNNING, or STOPPED: stop it gracefully, keep its record until it leaves the set
 * @param restartCounter grows when a user asks for a restart
 * @param stopGraceMillis time between SIGTERM and SIGKILL
 * @param attachment null: nothing but a loopback
 * @param health null: running is all that is asked
 * @param io disk traffic of all that the tenant has on the node; null for no limit
 * @param ioWeight the tenant's share of the node's disk when that is contended, 1 to 10,000; null for none of its own
 * @param cpuBurstPercent what may be saved up of the cap of CPU, in percent of what the cap gives in 100 ms, 1 to 100; null for
 *     nothing
 */
public record Assignment(
        AllocationId allocation,
        TenantName tenant,
        WorkloadName workload,
        int index,
        Desired desired,
        ProcessSpec process,
        Resources resources,
        int cpuWeight,
        RestartPolicy restart,
        long restartCounter,
        long stopGraceMillis,
        @Nullable Attachment attachment,
        @Nullable HealthCheck health,
        @Nullable IoRates io,
        @Nullable Integer ioWeight,
        @Nullable Integer cpuBurstPercent) {
    /**
     * What begins like this is a capability of the agent and not of its host: it heeds a field of this name. An agent of a
     * version before that field would pass it over without a word.
     */
    public static final String HEEDS = "assignment.";

    public static final String HEEDS_IO_WEIGHT = HEEDS + "ioWeight";
    public static final String HEEDS_CPU_BURST = HEEDS + "cpuBurstPercent";

    /** Of an agent of this version. */
    public static final Set<String> HEEDED =
            Set.of(HEEDS_IO_WEIGHT, HEEDS_CPU_BURST, Resources.SWAP_HEEDED, ProcessSpec.RLIMITS_HEEDED);

    public enum Desired {
        RUNNING,
        STOPPED
    }
}
