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
        @Nullable IoRates io) {
    public enum Desired {
        RUNNING,
        STOPPED
    }
}
