package dev.landlord.controlplane.scheduler;

import dev.landlord.api.id.TenantName;
import dev.landlord.api.id.WorkloadName;
import java.util.Comparator;

/** A workload's full name. Ordered by tenant, then workload. */
public record WorkloadKey(TenantName tenant, WorkloadName name) implements Comparable<WorkloadKey> {
    private static final Comparator<WorkloadKey> ORDER = Comparator.comparing(
                    (WorkloadKey key) -> key.tenant().value())
            .thenComparing(key -> key.name().value());

    @Override
    public int compareTo(WorkloadKey other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return tenant + "/" + name;
    }
}
