package dev.landlord.api.sync;

import dev.landlord.api.id.AllocationId;
import org.jspecify.annotations.Nullable;

/**
 * The observed state of one allocation.
 *
 * @param startedAtEpochMillis 0 if it never ran
 * @param restarts how often the program was started again since the allocation came to the node
 * @param exitCode of the last run, if any; 128 + signal when a signal ended it
 * @param oomKilled whether the last run was ended for want of memory; the message says whose
 * @param health null when it has no check or does not run
 * @param message why it is failed or backing off, or why its limits are not those that were asked for: operation, object,
 *     error
 * @param limits that are in force; null when it does not run, or if the agent does not tell
 * @param fenced true: its host had to end it, or may not begin it, because the lease has ended; it never runs again. Null: no
 */
public record ObservedAllocation(
        AllocationId allocation,
        ObservedPhase phase,
        long startedAtEpochMillis,
        int restarts,
        @Nullable Integer exitCode,
        boolean oomKilled,
        @Nullable ObservedHealth health,
        @Nullable String message,
        @Nullable AppliedLimits limits,
        @Nullable Boolean fenced) {
    public ObservedAllocation {
        fenced = Boolean.TRUE.equals(fenced) ? fenced : null;
    }

    public boolean endedWithLease() {
        return fenced != null;
    }

    public ObservedAllocation with(@Nullable AppliedLimits applied) {
        return new ObservedAllocation(
                allocation,
                phase,
                startedAtEpochMillis,
                restarts,
                exitCode,
                oomKilled,
                health,
                message,
                applied,
                fenced);
    }
}
