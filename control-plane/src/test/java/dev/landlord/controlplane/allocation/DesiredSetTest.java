package dev.landlord.controlplane.allocation;

import static dev.landlord.controlplane.allocation.Samples.allocation;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.landlord.api.id.Generation;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.sync.Assignment;
import dev.landlord.controlplane.allocation.DesiredSet.Terms;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.Wanted;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DesiredSetTest {
    private static final TenantName ALICE = Samples.SHOP.tenant();
    private static final Map<TenantName, Terms> ACTIVE = Map.of(ALICE, new Terms(100, false));
    private static final Allocation RUNS = allocation("aaaaaaaa", Wanted.RUNNING, null, null);
    private static final Allocation STOPS = allocation("bbbbbbbb", Wanted.STOPPED, null, null);
    private static final Allocation RELEASED = allocation("cccccccc", Wanted.RELEASED, null, null);

    @Test
    void holdsWhatIsToRunAndWhatIsToStopButNotWhatIsReleased() {
        DesiredSet set = DesiredSet.of(List.of(RELEASED, STOPS, RUNS), ACTIVE, null);
        assertThat(set.assignments())
                .extracting(Assignment::allocation, Assignment::desired)
                .containsExactly(
                        tuple(RUNS.id(), Assignment.Desired.RUNNING), tuple(STOPS.id(), Assignment.Desired.STOPPED));
        assertThat(set.frozen()).isEmpty();
    }

    @Test
    void suspendedTenantIsFrozenWhereItHasAllocations() {
        Map<TenantName, Terms> suspended =
                Map.of(ALICE, new Terms(100, true), new TenantName("eve"), new Terms(1, true));
        assertThat(DesiredSet.of(List.of(RUNS), suspended, null).frozen()).containsExactly(ALICE);
    }

    @Test
    void digestDependsOnContentAlone() {
        String digest = DesiredSet.of(List.of(RUNS, STOPS), ACTIVE, null).sha256();
        assertThat(DesiredSet.of(List.of(STOPS, RUNS), ACTIVE, null).sha256()).isEqualTo(digest);
        assertThat(DesiredSet.of(List.of(RUNS), ACTIVE, null).sha256()).isNotEqualTo(digest);
        assertThat(DesiredSet.of(List.of(RUNS, STOPS), Map.of(ALICE, new Terms(101, false)), null)
                        .sha256())
                .isNotEqualTo(digest);
    }

    @Test
    void knowsWhetherAPublishedSetHasItsContent() {
        DesiredSet set = DesiredSet.of(List.of(RUNS), ACTIVE, null);
        assertThat(set.isContentOf(set.numbered(new Generation("db-1", 1)))).isTrue();
        assertThat(DesiredSet.EMPTY.isContentOf(set.numbered(new Generation("db-1", 1))))
                .isFalse();
    }
}
