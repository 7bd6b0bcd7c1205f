package dev.landlord.controlplane.event;

import dev.landlord.api.id.TenantName;
import dev.landlord.api.id.WorkloadName;
import dev.landlord.controlplane.web.ProblemException;
import org.jspecify.annotations.Nullable;

/**
 * Which events.
 *
 * @param after only those with a greater id; absent: the newest ones
 * @param limit 1 to 1000
 */
public record EventQuery(
        @Nullable TenantName tenant,
        @Nullable WorkloadName workload,
        @Nullable Long after,
        int limit) {
    private static final int LIMIT_DEFAULT = 100;
    private static final int LIMIT_MAX = 1000;

    /** Fills in what is absent; throws invalid-field for what is out of range. */
    public static EventQuery of(
            @Nullable TenantName tenant,
            @Nullable WorkloadName workload,
            @Nullable Long after,
            @Nullable Integer limit) {
        if (after != null && after < 0) {
            throw ProblemException.invalidField("?after", "must be 0 or more, was " + after);
        }
        int wanted = limit == null ? LIMIT_DEFAULT : limit;
        if (wanted < 1 || wanted > LIMIT_MAX) {
            throw ProblemException.invalidField("?limit", "must be between 1 and " + LIMIT_MAX + ", was " + wanted);
        }
        return new EventQuery(tenant, workload, after, wanted);
    }

    /** The same, beginning after another event. */
    EventQuery after(long id) {
        return new EventQuery(tenant, workload, id, limit);
    }
}
