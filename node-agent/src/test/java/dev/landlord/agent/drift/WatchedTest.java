package dev.landlord.agent.drift;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.agent.diff.AgentAction;
import dev.landlord.agent.diff.AllocationRecord;
import dev.landlord.agent.diff.LeaseView;
import dev.landlord.agent.diff.Observation;
import dev.landlord.agent.diff.ObservedSandbox;
import dev.landlord.agent.diff.ObservedSandbox.Phase;
import dev.landlord.agent.diff.OwnerState;
import dev.landlord.agent.diff.ResourceLimits;
import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.ImageName;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.id.WorkloadName;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WatchedTest {
    private static final TenantName ALICE = new TenantName("alice");
    private static final AllocationId A = new AllocationId("aaaaaaaa1");
    private static final ResourceLimits LEAF = new ResourceLimits(100, 1 << 20, 5, 100);
    private static final ResourceLimits SLICE = new ResourceLimits(300, 3 << 20, 15, 100);
    private static final Watched WATCHED_LEAF = new Watched(ALICE, A, 2, LEAF);
    private static final Watched WATCHED_SLICE = new Watched(ALICE, null, 0, SLICE);

    private static Observation observation(Phase phase, int run, Set<AllocationId> busy, Set<TenantName> busyTenants) {
        AllocationRecord record = new AllocationRecord(
                new AllocationRecord.Identity(A, ALICE, new WorkloadName("shop"), 0, new ImageName("tiny")),
                new AllocationRecord.Attempts(AllocationRecord.State.UP, 2, 0, 0, 0, 0),
                new AllocationRecord.Stop(1_000, 0),
                LEAF,
                0,
                null);
        return new Observation(
                List.of(new ObservedSandbox(A, run, ALICE, phase, 1, 0, null)),
                Map.of(A, record),
                Map.of(ALICE, new OwnerState(SLICE, false), new TenantName("bob"), OwnerState.UNKNOWN),
                busy,
                busyTenants,
                new LeaseView(true, 1));
    }

    private static List<Watched> watched(Phase phase, int run) {
        return Watched.of(observation(phase, run, Set.of(), Set.of()), List.of());
    }

    @Test
    void whatRunsOrIsFrozenIsLookedAtAfterItsSlice() {
        assertThat(watched(Phase.RUNNING, 2)).containsExactly(WATCHED_SLICE, WATCHED_LEAF);
        assertThat(watched(Phase.FROZEN, 2)).containsExactly(WATCHED_SLICE, WATCHED_LEAF);
    }

    @Test
    void whatHasEndedOrIsOfAnotherRunIsNot() {
        assertThat(watched(Phase.EXITED, 2)).containsExactly(WATCHED_SLICE);
        assertThat(watched(Phase.RUNNING, 1)).containsExactly(WATCHED_SLICE);
    }

    @Test
    void whatIsWorkedOnOrAboutToBeIsLeftAlone() {
        assertThat(Watched.of(observation(Phase.RUNNING, 2, Set.of(A), Set.of()), List.of()))
                .containsExactly(WATCHED_SLICE);
        assertThat(Watched.of(observation(Phase.RUNNING, 2, Set.of(), Set.of(ALICE)), List.of()))
                .isEmpty();
        Observation idle = observation(Phase.RUNNING, 2, Set.of(), Set.of());
        assertThat(Watched.of(idle, List.of(new AgentAction.UpdateLimits(A, ALICE, 2, SLICE))))
                .containsExactly(WATCHED_SLICE);
        assertThat(Watched.of(idle, List.of(new AgentAction.LimitOwner(ALICE, LEAF))))
                .isEmpty();
        assertThat(Watched.of(idle, List.of(new AgentAction.WakeAt(7)))).hasSize(2);
    }
}
