package dev.landlord.agent.diff;

import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.TenantName;
import org.jspecify.annotations.Nullable;

/**
 * One sandbox of this host, as it was seen.
 *
 * @param run 1 for the first sandbox of the allocation; a restart makes the next one
 * @param startedAtMillis epoch, 0 if it was not started
 * @param oomKills processes in it that its memory limit killed so far
 * @param ending present once its program has ended
 */
public record ObservedSandbox(
        AllocationId allocation,
        int run,
        TenantName tenant,
        Phase phase,
        long startedAtMillis,
        long oomKills,
        @Nullable Ending ending) {
    public enum Phase {
        /** Built, but its program was not let go. */
        CREATED,
        RUNNING,
        FROZEN,
        EXITED,
        /** It ended and nobody recorded how. */
        LOST
    }

    /** True while its program runs or is frozen. */
    public boolean isLive() {
        return phase == Phase.RUNNING || phase == Phase.FROZEN;
    }
}
