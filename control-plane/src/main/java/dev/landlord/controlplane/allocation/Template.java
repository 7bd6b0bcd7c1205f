package dev.landlord.controlplane.allocation;

import dev.landlord.api.workload.ProcessSpec;
import dev.landlord.api.workload.Resources;
import dev.landlord.api.workload.RestartPolicy;
import dev.landlord.api.workload.WorkloadSpec;

/** What one replica is. Two specs that differ only in their number of replicas have the same template. */
public record Template(ProcessSpec process, Resources resources, RestartPolicy restart) {
    public static Template of(WorkloadSpec spec) {
        return new Template(spec.process(), spec.resources(), spec.restart());
    }
}
