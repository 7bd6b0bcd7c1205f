package dev.landlord.agent.diff;

import static dev.landlord.agent.diff.DiffFixtures.A1;
import static dev.landlord.agent.diff.DiffFixtures.desired;
import static dev.landlord.agent.diff.DiffFixtures.withCounter;
import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.agent.diff.AgentAction.Start;
import dev.landlord.agent.diff.ObservedSandbox.Phase;
import dev.landlord.agent.variant.Variant;
import dev.landlord.api.sync.Assignment;
import dev.landlord.api.sync.ObservedAllocation;
import dev.landlord.api.sync.ObservedPhase;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the lease has ended, or was to begin in a term that is over, never runs here again. */
class LeaseDiffTest {
    private final DiffWorld world = new DiffWorld();
    private final Assignment leased =
            Variant.of(DiffFixtures.assignment()).leased().make();

    /** As the loop remembers what it accepts. */
    private void accept() {
        world.records.put(A1, AllocationRecord.bound(leased, world.lease.term()));
    }

    private ObservedAllocation told() {
        List<ObservedSandbox> live = world.live(sandbox -> true);
        return ObservedStates.of(A1, world.record(A1), live.isEmpty() ? null : live.getFirst(), false, null, null);
    }

    private List<AgentAction> starts(Assignment assignment) {
        return world.settle(desired(assignment)).stream()
                .filter(Start.class::isInstance)
                .toList();
    }

    @Test
    void itIsStartedWithinTheTermItWasGivenIn() {
        accept();
        assertThat(starts(leased)).containsExactly(new Start(leased, 1, 1L));
        assertThat(told().phase()).isEqualTo(ObservedPhase.RUNNING);
        assertThat(told().endedWithLease()).isFalse();
    }

    @Test
    void withoutALeaseItIsNotStartedAndSaysWhy() {
        world.lease = new LeaseView(false, 1);
        accept();
        assertThat(starts(leased)).isEmpty();
        assertThat(told().phase()).isEqualTo(ObservedPhase.FAILED);
        assertThat(told().endedWithLease()).isTrue();
        assertThat(told().message()).isEqualTo("was stopped by its host at the end of its lease");
    }

    /** The control plane has begun it elsewhere meanwhile, or does so soon. */
    @Test
    void aNewTermDoesNotBringBackWhatTheSupervisorHasEnded() {
        accept();
        world.settle(desired(leased));
        ObservedSandbox alive = world.live(sandbox -> true).getFirst();
        world.sandboxes.put(
                new RunKey(A1, 1),
                new ObservedSandbox(
                        A1,
                        1,
                        alive.tenant(),
                        Phase.EXITED,
                        alive.startedAtMillis(),
                        0,
                        new Ending(alive.startedAtMillis(), world.now, 137, false, Ending.FENCED, true)));
        world.lease = new LeaseView(true, 2);
        assertThat(starts(leased)).isEmpty();
        assertThat(starts(withCounter(leased, 5))).as("whatever is asked of it").isEmpty();
        assertThat(told().endedWithLease()).isTrue();
    }

    /** It waits for its next start while the lease ends and a new one begins, unseen by any pass in between. */
    @Test
    void whatWasBackingOffDoesNotStartInTheNextTerm() {
        accept();
        world.settle(desired(leased));
        world.end(new RunKey(A1, 1), 1);
        world.settle(desired(leased));
        assertThat(told().phase()).isEqualTo(ObservedPhase.BACKING_OFF);
        world.lease = new LeaseView(true, 2);
        world.now += 3_600_000;
        assertThat(starts(leased)).isEmpty();
        assertThat(told().endedWithLease()).isTrue();
    }

    @Test
    void whatStillRunsIsLeftToItsSupervisor() {
        accept();
        world.settle(desired(leased));
        world.lease = new LeaseView(false, 1);
        assertThat(world.settle(desired(leased))).isEmpty();
    }

    @Test
    void whatNoLeaseBoundsRunsOnAndStartsAgain() {
        Assignment plain = DiffFixtures.assignment();
        world.lease = new LeaseView(false, 0);
        assertThat(starts(plain)).containsExactly(new Start(plain, 1, null));
    }
}
