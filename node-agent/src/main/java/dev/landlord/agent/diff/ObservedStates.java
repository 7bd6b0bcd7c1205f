package dev.landlord.agent.diff;

import dev.landlord.agent.diff.AllocationRecord.State;
import dev.landlord.api.id.AllocationId;
import dev.landlord.api.sync.AppliedLimits;
import dev.landlord.api.sync.Assignment;
import dev.landlord.api.sync.ObservedAllocation;
import dev.landlord.api.sync.ObservedHealth;
import dev.landlord.api.sync.ObservedPhase;
import org.jspecify.annotations.Nullable;

/** How what is seen of an allocation is told to the control plane. */
public final class ObservedStates {
    private ObservedStates() {}

    /**
     * The state of one allocation.
     *
     * @param record null when nothing was done about it yet
     * @param sandbox its newest one, if any
     * @param frozen its tenant is frozen
     * @param trouble the last failed operation on it, if it did not succeed since
     * @param health what its checks say, if it is checked
     */
    public static ObservedAllocation of(
            AllocationId allocation,
            @Nullable AllocationRecord record,
            @Nullable ObservedSandbox sandbox,
            boolean frozen,
            @Nullable String trouble,
            @Nullable ObservedHealth health) {
        if (record == null) {
            return new ObservedAllocation(
                    allocation,
                    frozen ? ObservedPhase.FROZEN : ObservedPhase.STARTING,
                    0,
                    0,
                    null,
                    false,
                    null,
                    trouble,
                    null,
                    null);
        }
        Ending ending = record.ending();
        ObservedPhase phase = phase(record, sandbox, frozen);
        String message = trouble != null ? trouble : message(phase, record);
        return new ObservedAllocation(
                allocation,
                phase,
                startedAt(sandbox, ending),
                record.attempts().restarts(),
                ending == null ? null : ending.exitCode(),
                ending != null && ending.oomKilled(),
                phase == ObservedPhase.RUNNING ? health : null,
                message,
                null,
                record.isFenced());
    }

    /** What is in force of an assigned allocation; null unless it is known and the sandbox lives. */
    public static @Nullable AppliedLimits applied(
            @Nullable Assignment assignment, @Nullable AllocationRecord record, @Nullable ObservedSandbox sandbox) {
        if (assignment == null || record == null || sandbox == null) {
            return null;
        }
        return sandbox.isLive() && sandbox.run() == record.run()
                ? record.limits().appliedTo(assignment)
                : null;
    }

    private static ObservedPhase phase(AllocationRecord record, @Nullable ObservedSandbox sandbox, boolean frozen) {
        if (sandbox != null && sandbox.isLive()) {
            return frozen || sandbox.phase() == ObservedSandbox.Phase.FROZEN
                    ? ObservedPhase.FROZEN
                    : ObservedPhase.RUNNING;
        }
        if (record.state() == State.STOPPED) {
            return ObservedPhase.STOPPED;
        }
        if (record.isFinal()) {
            boolean good = record.ending() != null && record.ending().successful();
            return good ? ObservedPhase.EXITED : ObservedPhase.FAILED;
        }
        if (frozen) {
            return ObservedPhase.FROZEN;
        }
        return record.state() == State.ENDED ? ObservedPhase.BACKING_OFF : ObservedPhase.STARTING;
    }

    private static long startedAt(@Nullable ObservedSandbox sandbox, @Nullable Ending ending) {
        if (sandbox != null && sandbox.isLive()) {
            return sandbox.startedAtMillis();
        }
        return ending == null ? 0 : ending.startedAtMillis();
    }

    private static @Nullable String message(ObservedPhase phase, AllocationRecord record) {
        Ending ending = record.ending();
        boolean tells = phase == ObservedPhase.BACKING_OFF || phase == ObservedPhase.FAILED || record.isFenced();
        return tells && ending != null ? ending.message() : null;
    }
}
