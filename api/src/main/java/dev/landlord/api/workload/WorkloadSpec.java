package dev.landlord.api.workload;

import org.jspecify.annotations.Nullable;

/**
 * What a tenant asked to run. Optional fields of the REST form are filled with defaults before this record is made.
 *
 * @param replicas 0 to 10,000
 * @param health null: a replica that runs is a healthy one
 */
public record WorkloadSpec(
        WorkloadKind kind,
        ProcessSpec process,
        int replicas,
        Resources resources,
        RestartPolicy restart,
        NetworkSpec network,
        @Nullable HealthCheck health) {
    public WorkloadSpec {
        Check.range("replicas", replicas, 0, 10_000);
        if (health != null && network.mode() == NetworkSpec.Mode.NONE) {
            throw new InvalidField("health", "must be absent when network is none");
        }
    }
}
