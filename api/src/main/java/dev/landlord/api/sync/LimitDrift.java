package dev.landlord.api.sync;

import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.TenantName;
import org.jspecify.annotations.Nullable;

/**
 * A limit that had another value on the host than the agent gave it: somebody else wrote to the control groups.
 *
 * @param allocation null: it is the limit of all that the tenant has on the node
 * @param limit which one, for example {@code cpuMaxMillis}
 * @param file of the control group in which it was found
 * @param failure why it could not be written again; null: it has its value again
 * @param atEpochMillis when it was found
 */
public record LimitDrift(
        TenantName tenant,
        @Nullable AllocationId allocation,
        String limit,
        String file,
        String wanted,
        String found,
        @Nullable String failure,
        long atEpochMillis) {
    /** Most that one report may tell. */
    public static final int MAX_IN_REPORT = 100;

    /** Longest text of each kind, in characters. */
    public static final int MAX_TEXT = 300;
}
