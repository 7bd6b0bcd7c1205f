package dev.landlord.agent.diff;

import dev.landlord.agent.diff.AllocationRecord.Attempts;
import dev.landlord.agent.diff.AllocationRecord.State;
import dev.landlord.api.sync.Assignment;
import dev.landlord.api.workload.RestartPolicy;
import org.jspecify.annotations.Nullable;

/**
 * What an end means for the next start: which ends are followed by another run, and after how long. Each failure in a
 * row doubles the wait; a run of at least {@link #RAN_LONG_ENOUGH_MILLIS}, or of twice the last wait if that is longer,
 * begins the series anew.
 */
public final class RestartRules {
    /** A program that ran this long is taken for healthy. */
    public static final long RAN_LONG_ENOUGH_MILLIS = 60_000;

    private RestartRules() {}

    /** Brings a record up to date with what was seen of its newest sandbox; null if there is none on the host. */
    static AllocationRecord settle(
            AllocationRecord record, @Nullable Assignment assignment, @Nullable ObservedSandbox current, long now) {
        return current(withinReason(record, assignment, now), assignment, current, now);
    }

    /** A clock that was set back must not turn a wait of seconds into one of hours. */
    private static AllocationRecord withinReason(AllocationRecord record, @Nullable Assignment assignment, long now) {
        AllocationRecord sane = record;
        long latestKill = now + Math.max(0, record.stop().graceMillis());
        if (record.stopping() && record.stop().deadlineMillis() > latestKill) {
            sane = sane.stopBy(latestKill);
        }
        if (assignment != null && record.state() == State.ENDED && !record.isFinal()) {
            long latestStart = now + assignment.restart().maxBackoffMillis();
            sane = record.attempts().notBeforeMillis() > latestStart ? sane.notBefore(latestStart) : sane;
        }
        return sane;
    }

    private static AllocationRecord current(
            AllocationRecord record, @Nullable Assignment assignment, @Nullable ObservedSandbox current, long now) {
        if (current == null) {
            boolean vanished = record.state() == State.UP;
            return vanished ? afterEnd(record, assignment, vanished(record, now), 0, now, false) : record;
        }
        if (current.isLive()) {
            boolean known = record.state() == State.UP && record.run() == current.run();
            return known ? record : record.upAs(current.run());
        }
        boolean open = record.state() == State.STARTING || record.state() == State.UP || current.run() > record.run();
        if (!open) {
            return record;
        }
        Ending ending = current.ending() == null ? lost(current, now) : current.ending();
        long oomKills = Math.max(current.oomKills(), ending.oomKilled() ? 1 : 0);
        return afterEnd(record.upAs(current.run()), assignment, ending, oomKills, now, false);
    }

    /**
     * For a run that could not begin. A policy speaks of programs that ran: whatever it says, what the host could not start
     * is tried again.
     *
     * @param message which operation failed on which object, and why
     * @param hopeless true when what was asked for cannot work on any try
     */
    public static AllocationRecord couldNotStart(
            AllocationRecord record, @Nullable Assignment assignment, String message, boolean hopeless, long now) {
        return afterEnd(record, assignment, new Ending(0, now, null, false, message), 0, now, !hopeless);
    }

    private static AllocationRecord afterEnd(
            AllocationRecord record,
            @Nullable Assignment assignment,
            Ending ending,
            long oomKills,
            long now,
            boolean whateverItsPolicy) {
        if (ending.isFenced()) {
            return record.ended(ending, oomKills, record.attempts().failures(), Attempts.NEVER);
        }
        if (record.stopping()) {
            // It ended because it was asked to, so the end says nothing about its health.
            return record.ended(ending, oomKills, 0, now);
        }
        if (assignment == null
                || !(whateverItsPolicy || runsAgain(assignment.restart().mode(), ending))) {
            return record.ended(ending, oomKills, record.attempts().failures(), Attempts.NEVER);
        }
        RestartPolicy policy = assignment.restart();
        int before = record.attempts().failures();
        long healthy = Math.max(RAN_LONG_ENOUGH_MILLIS, 2 * backoffMillis(policy, before));
        int failures = ending.ranMillis() >= healthy ? 1 : Math.min(before + 1, 1_000);
        long from = ending.endedAtMillis() > 0 ? Math.min(ending.endedAtMillis(), now) : now;
        return record.ended(ending, oomKills, failures, from + backoffMillis(policy, failures));
    }

    private static boolean runsAgain(RestartPolicy.Mode mode, Ending ending) {
        return switch (mode) {
            case ALWAYS -> true;
            case ON_FAILURE -> !ending.successful();
            case NEVER -> false;
        };
    }

    /** 0 for no failure, then the initial wait, doubled with each further failure, at most the policy's maximum. */
    static long backoffMillis(RestartPolicy policy, int failures) {
        if (failures <= 0) {
            return 0;
        }
        int doublings = Math.min(failures - 1, 32);
        return Math.min(policy.maxBackoffMillis(), policy.initialBackoffMillis() << doublings);
    }

    private static Ending vanished(AllocationRecord record, long now) {
        return new Ending(
                0, now, null, false, "observe " + record.allocation() + ": its sandbox is gone from the host");
    }

    private static Ending lost(ObservedSandbox sandbox, long now) {
        String message = "observe " + sandbox.allocation()
                + ": its supervisor is gone and left no record; it was killed from outside, or the host restarted";
        return new Ending(sandbox.startedAtMillis(), now, null, false, message);
    }
}
