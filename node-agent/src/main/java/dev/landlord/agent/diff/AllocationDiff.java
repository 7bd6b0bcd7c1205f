package dev.landlord.agent.diff;

import dev.landlord.agent.diff.AgentAction.Delete;
import dev.landlord.agent.diff.AgentAction.Forget;
import dev.landlord.agent.diff.AgentAction.Kill;
import dev.landlord.agent.diff.AgentAction.Remember;
import dev.landlord.agent.diff.AgentAction.Start;
import dev.landlord.agent.diff.AgentAction.Terminate;
import dev.landlord.agent.diff.AgentAction.UpdateLimits;
import dev.landlord.agent.diff.AgentAction.WakeAt;
import dev.landlord.agent.diff.AllocationRecord.Attempts;
import dev.landlord.agent.diff.AllocationRecord.State;
import dev.landlord.agent.diff.ObservedSandbox.Phase;
import dev.landlord.api.sync.Assignment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decides about one allocation. Made for one decision, then thrown away. */
final class AllocationDiff {
    private final @Nullable Assignment assignment;
    private final boolean tenantFrozen;
    private final LeaseView lease;
    private final long now;
    private final List<ObservedSandbox> outdated = new ArrayList<>();
    private final @Nullable ObservedSandbox current;
    private final List<AgentAction> actions = new ArrayList<>();
    private AllocationRecord record;

    /**
     * What is the case for it beside itself.
     *
     * @param tenantFrozen its tenant is to be frozen
     * @param now epoch milliseconds
     */
    record Around(boolean tenantFrozen, LeaseView lease, long now) {}

    private AllocationDiff(
            @Nullable Assignment assignment, AllocationRecord record, List<ObservedSandbox> sandboxes, Around around) {
        this.assignment = assignment;
        this.record = record;
        this.tenantFrozen = around.tenantFrozen;
        this.lease = around.lease;
        this.now = around.now;
        this.current = newest(record, sandboxes);
        sandboxes.stream().filter(sandbox -> !sandbox.equals(current)).forEach(outdated::add);
    }

    /** One of assignment and record is there. The result is empty when there is nothing to do, now or later. */
    static List<AgentAction> decide(
            @Nullable Assignment assignment,
            @Nullable AllocationRecord record,
            List<ObservedSandbox> sandboxes,
            Around around) {
        AllocationRecord start = record != null ? record : fresh(assignment);
        AllocationDiff diff = new AllocationDiff(assignment, start, sandboxes, around);
        diff.decide();
        if (!diff.record.equals(record) && !diff.forgets()) {
            diff.actions.addFirst(new Remember(diff.record));
        }
        return diff.actions;
    }

    private static AllocationRecord fresh(@Nullable Assignment assignment) {
        if (assignment == null) {
            throw new IllegalArgumentException("neither assigned nor remembered: that is an orphan");
        }
        return AllocationRecord.fresh(assignment);
    }

    private boolean forgets() {
        return actions.stream().anyMatch(Forget.class::isInstance);
    }

    /** A sandbox that was only built counts as none: the agent that built it did not live to start it. */
    private static @Nullable ObservedSandbox newest(AllocationRecord record, List<ObservedSandbox> sandboxes) {
        return sandboxes.stream()
                .filter(sandbox -> sandbox.run() >= record.run() && sandbox.phase() != Phase.CREATED)
                .max(Comparator.comparingInt(ObservedSandbox::run))
                .orElse(null);
    }

    private void decide() {
        record = RestartRules.settle(record, assignment, current, now);
        fence();
        for (ObservedSandbox old : outdated) {
            actions.add(new Delete(old.allocation(), old.tenant(), old.run()));
        }
        if (assignment == null) {
            leave();
        } else if (assignment.desired() == Assignment.Desired.STOPPED) {
            beStopped(assignment);
        } else {
            beRunning(assignment);
        }
    }

    /** What does not run when its term is over does not begin any more; what runs is ended by its supervisor. */
    private void fence() {
        boolean live = current != null && current.isLive();
        boolean mayStart = record.state() != State.STOPPED && !record.isFinal();
        if (!live && mayStart && !lease.covers(record.leaseTerm())) {
            record = record.ended(Ending.fencedAt(now), 0, record.attempts().failures(), Attempts.NEVER);
        }
    }

    /** The desired set knows it no longer. */
    private void leave() {
        if (current != null && current.isLive()) {
            stop(current);
        } else if (current != null) {
            actions.add(new Delete(current.allocation(), current.tenant(), current.run()));
        } else if (outdated.isEmpty()) {
            actions.add(new Forget(record.allocation()));
        }
    }

    private void beStopped(Assignment wanted) {
        if (record.stop().graceMillis() != wanted.stopGraceMillis()) {
            record = record.withGrace(wanted.stopGraceMillis());
        }
        if (current != null && current.isLive()) {
            stop(current);
        } else if (record.state() != State.STOPPED) {
            // The exited sandbox stays until the allocation leaves the set, so that its output can still be read.
            record = record.stopBy(0).withState(State.STOPPED);
        }
    }

    private void beRunning(Assignment wanted) {
        if (current != null && current.isLive()) {
            keepRunning(wanted, current);
        } else if (!tenantFrozen) {
            startWhenDue(wanted);
        }
        // Nothing is started for a frozen tenant: the new program would stop dead on its way into the frozen slice.
    }

    private void keepRunning(Assignment wanted, ObservedSandbox alive) {
        if (record.stop().graceMillis() != wanted.stopGraceMillis()) {
            record = record.withGrace(wanted.stopGraceMillis());
        }
        boolean restartAsked = wanted.restartCounter() > record.attempts().restartCounter();
        ResourceLimits limits = ResourceLimits.of(wanted);
        if (restartAsked || record.stopping()) {
            stop(alive);
        } else if (!record.limits().equals(limits)) {
            actions.add(new UpdateLimits(alive.allocation(), alive.tenant(), alive.run(), limits));
        }
    }

    private void startWhenDue(Assignment wanted) {
        if (record.isFenced()) {
            return;
        }
        boolean asked = wanted.restartCounter() > record.attempts().restartCounter();
        boolean waits = record.state() == State.ENDED && !asked;
        if (waits && record.isFinal()) {
            return;
        }
        if (waits && record.attempts().notBeforeMillis() > now) {
            actions.add(new WakeAt(record.attempts().notBeforeMillis()));
            return;
        }
        if (current != null) {
            actions.add(new Delete(current.allocation(), current.tenant(), current.run()));
        }
        record = record.starting(wanted);
        actions.add(new Start(wanted, record.run(), record.leaseTerm()));
    }

    private void stop(ObservedSandbox alive) {
        if (!record.stopping()) {
            ask(alive);
        } else if (record.stop().deadlineMillis() <= now) {
            actions.add(new Kill(alive.allocation(), alive.tenant(), alive.run()));
        } else {
            actions.add(new WakeAt(record.stop().deadlineMillis()));
        }
    }

    private void ask(ObservedSandbox alive) {
        boolean deaf = tenantFrozen || alive.phase() == Phase.FROZEN;
        long grace = deaf ? 0 : Math.max(0, record.stop().graceMillis());
        record = record.stopBy(now + grace);
        if (grace == 0) {
            // A frozen program hears nothing; to thaw it for its grace would run a suspended tenant.
            actions.add(new Kill(alive.allocation(), alive.tenant(), alive.run()));
        } else {
            actions.add(new Terminate(alive.allocation(), alive.tenant(), alive.run()));
            actions.add(new WakeAt(record.stop().deadlineMillis()));
        }
    }
}
