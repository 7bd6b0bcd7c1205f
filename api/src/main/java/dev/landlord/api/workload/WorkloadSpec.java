package dev.landlord.api.workload;

/**
 * What a tenant asked to run. Optional fields of the REST form are filled with defaults before this record is made.
 *
 * @param replicas 0 to 10,000
 */
public record WorkloadSpec(
        WorkloadKind kind, ProcessSpec process, int replicas, Resources resources, RestartPolicy restart) {
    public WorkloadSpec {
        Check.range("replicas", replicas, 0, 10_000);
    }
}
