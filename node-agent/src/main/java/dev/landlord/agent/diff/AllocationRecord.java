package dev.landlord.agent.diff;

import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.ImageName;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.id.WorkloadName;
import dev.landlord.api.sync.Assignment;
import org.jspecify.annotations.Nullable;

/**
 * What the agent remembers of one allocation beyond the desired set; durable before anything is done about it.
 *
 * @param limits last written to its sandbox
 * @param oomKills processes that its memory limit killed, in the runs that ended
 * @param ending of the newest run that ended
 * @param leaseTerm of the lease within which the control plane has given it to this host, and beyond which it must not run;
 *     null if no lease bounds it
 */
public record AllocationRecord(
        Identity identity,
        Attempts attempts,
        Stop stop,
        ResourceLimits limits,
        long oomKills,
        @Nullable Ending ending,
        @Nullable Long leaseTerm) {
    /** That no lease bounds. */
    public AllocationRecord(
            Identity identity,
            Attempts attempts,
            Stop stop,
            ResourceLimits limits,
            long oomKills,
            @Nullable Ending ending) {
        this(identity, attempts, stop, limits, oomKills, ending, null);
    }

    /** What never changes in its life, but for the image that the newest run was made from. */
    public record Identity(
            AllocationId allocation, TenantName tenant, WorkloadName workload, int index, ImageName image) {}

    /**
     * Where it is in its series of runs.
     *
     * @param run number of the newest sandbox that was planned for it; 0 before the first
     * @param restarts how often it was started again
     * @param failures ends in a row without a long enough run between them; sets the back-off
     * @param restartCounter the counter of the assignment that the newest run was started under
     * @param notBeforeMillis epoch; earliest next start of an ended one; {@link #NEVER} if there is none
     */
    public record Attempts(
            State state, int run, int restarts, int failures, long restartCounter, long notBeforeMillis) {
        public static final long NEVER = Long.MAX_VALUE;
    }

    /**
     * How it is to end.
     *
     * @param graceMillis of the newest assignment, for when the allocation leaves the set
     * @param deadlineMillis epoch; when a program that was asked to end is killed; 0 when it was not asked
     */
    public record Stop(long graceMillis, long deadlineMillis) {}

    public enum State {
        /** The newest run was planned; whether it began is not known yet. */
        STARTING,
        /** The newest run was seen alive. */
        UP,
        /** The newest run ended or could not begin; the next one waits for its time. */
        ENDED,
        /** Stopped because the desired set says so. */
        STOPPED
    }

    /** For an allocation that is seen for the first time. */
    static AllocationRecord fresh(Assignment assignment) {
        return bound(assignment, null);
    }

    /** The same for one that is bound to a term of the lease. */
    public static AllocationRecord bound(Assignment assignment, @Nullable Long leaseTerm) {
        return new AllocationRecord(
                identityOf(assignment),
                new Attempts(State.STARTING, 0, 0, 0, assignment.restartCounter(), 0),
                new Stop(assignment.stopGraceMillis(), 0),
                ResourceLimits.of(assignment),
                0,
                null,
                leaseTerm);
    }

    public AllocationId allocation() {
        return identity.allocation();
    }

    public TenantName tenant() {
        return identity.tenant();
    }

    public State state() {
        return attempts.state();
    }

    public int run() {
        return attempts.run();
    }

    /** True once the program was asked to end. */
    boolean stopping() {
        return stop.deadlineMillis() != 0;
    }

    /** True when it ended and its policy asks for no further run. */
    boolean isFinal() {
        return state() == State.ENDED && attempts.notBeforeMillis() == Attempts.NEVER;
    }

    /** True when the end of the lease has ended it for good: whatever is asked for, another allocation has to do it. */
    public boolean isFenced() {
        return ending != null && ending.isFenced() && (isFinal() || state() == State.STOPPED);
    }

    /** After the limits of its sandbox were changed. */
    public AllocationRecord withLimits(ResourceLimits newLimits) {
        return new AllocationRecord(identity, attempts, stop, newLimits, oomKills, ending, leaseTerm);
    }

    AllocationRecord withState(State state) {
        return withAttempts(new Attempts(
                state,
                attempts.run,
                attempts.restarts,
                attempts.failures,
                attempts.restartCounter,
                attempts.notBeforeMillis));
    }

    AllocationRecord notBefore(long millis) {
        return withAttempts(new Attempts(
                attempts.state, attempts.run, attempts.restarts, attempts.failures, attempts.restartCounter, millis));
    }

    /** A sandbox with this number was found alive on the host. */
    AllocationRecord upAs(int run) {
        return withAttempts(
                new Attempts(State.UP, run, attempts.restarts, attempts.failures, attempts.restartCounter, 0));
    }

    AllocationRecord withGrace(long graceMillis) {
        return withStop(new Stop(graceMillis, stop.deadlineMillis));
    }

    /** The program is asked to end and killed at the deadline. */
    AllocationRecord stopBy(long deadlineMillis) {
        return withStop(new Stop(stop.graceMillis, deadlineMillis));
    }

    /** The newest run is over; the next one may begin at the given time. */
    AllocationRecord ended(Ending how, long moreOomKills, int failures, long nextStartMillis) {
        return new AllocationRecord(
                identity,
                new Attempts(
                        State.ENDED,
                        attempts.run,
                        attempts.restarts,
                        failures,
                        attempts.restartCounter,
                        nextStartMillis),
                new Stop(stop.graceMillis, 0),
                limits,
                oomKills + moreOomKills,
                how,
                leaseTerm);
    }

    /** The next run is about to begin, under the given assignment. */
    AllocationRecord starting(Assignment assignment) {
        boolean again = run() > 0 && (state() == State.ENDED || state() == State.STOPPED);
        boolean asked = assignment.restartCounter() > attempts.restartCounter;
        Attempts next = new Attempts(
                State.STARTING,
                attempts.run + 1,
                again ? attempts.restarts + 1 : attempts.restarts,
                asked ? 0 : attempts.failures,
                Math.max(attempts.restartCounter, assignment.restartCounter()),
                0);
        return new AllocationRecord(
                identityOf(assignment),
                next,
                new Stop(assignment.stopGraceMillis(), 0),
                ResourceLimits.of(assignment),
                oomKills,
                ending,
                leaseTerm);
    }

    private AllocationRecord withAttempts(Attempts newAttempts) {
        return new AllocationRecord(identity, newAttempts, stop, limits, oomKills, ending, leaseTerm);
    }

    private AllocationRecord withStop(Stop newStop) {
        return new AllocationRecord(identity, attempts, newStop, limits, oomKills, ending, leaseTerm);
    }

    private static Identity identityOf(Assignment assignment) {
        return new Identity(
                assignment.allocation(),
                assignment.tenant(),
                assignment.workload(),
                assignment.index(),
                assignment.process().image());
    }
}
