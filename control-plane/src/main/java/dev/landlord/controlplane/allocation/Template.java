package dev.landlord.controlplane.allocation;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.landlord.api.workload.HealthCheck;
import dev.landlord.api.workload.NetworkSpec;
import dev.landlord.api.workload.ProcessSpec;
import dev.landlord.api.workload.Resources;
import dev.landlord.api.workload.RestartPolicy;
import dev.landlord.api.workload.WorkloadSpec;
import org.jspecify.annotations.Nullable;

/**
 * What one replica is. Two specs that differ only in their number of replicas have the same template. What a replica does
 * without is not written, so that templates from before there was such a thing keep their digests.
 *
 * @param routed null when it has no network
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Template(
        ProcessSpec process,
        Resources resources,
        RestartPolicy restart,
        @Nullable NetworkSpec routed,
        @Nullable HealthCheck health) {
    public static Template of(WorkloadSpec spec) {
        NetworkSpec network = spec.network();
        return new Template(
                spec.process(),
                spec.resources(),
                spec.restart(),
                network.mode() == NetworkSpec.Mode.NONE ? null : network,
                spec.health());
    }

    /** Whether what runs as this can become the other without a restart: only limits that can change in place differ. */
    public boolean canBecome(Template other) {
        Resources resized = new Resources(
                other.resources.cpuMillis(),
                other.resources.memoryBytes(),
                other.resources.pids(),
                resources.diskBytes(),
                resources.inodes(),
                other.resources.swapBytes());
        return new Template(process, resized, restart, routed, health).equals(other);
    }

    public NetworkSpec network() {
        return routed == null ? NetworkSpec.NONE : routed;
    }
}
