package dev.landlord.controlplane.allocation;

import static dev.landlord.controlplane.allocation.Samples.allocation;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.landlord.api.id.Generation;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.network.ClusterNetwork;
import dev.landlord.api.sync.Assignment;
import dev.landlord.api.workload.IoRates;
import dev.landlord.controlplane.allocation.DesiredSet.Terms;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.Wanted;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
        IoRates io = new IoRates(1L << 20, null, null, null, false);
        assertThat(DesiredSet.of(List.of(RUNS), Map.of(ALICE, new Terms(100, io, null, null, false)), null)
                        .assignments())
                .extracting(Assignment::io)
                .containsExactly(io);
        assertThat(DesiredSet.of(List.of(RUNS, STOPS), Map.of(ALICE, new Terms(101, false)), null)
                        .sha256())
                .isNotEqualTo(digest);
    }

    @Test
    void whatFewPlansAskForReachesTheNodeAndChangesNoDigestOfOthers() {
        Terms rare = new Terms(100, null, 700, 50, false);
        DesiredSet set = DesiredSet.of(List.of(RUNS), Map.of(ALICE, rare), null);
        assertThat(set.assignments())
                .extracting(Assignment::ioWeight, Assignment::cpuBurstPercent)
                .containsExactly(tuple(700, 50));
        assertThat(ContentJson.write(set.assignments())).contains("\"cpuBurstPercent\":50", "\"ioWeight\":700");
        assertThat(ContentJson.write(DesiredSet.of(List.of(RUNS), ACTIVE, null).assignments()))
                .contains("\"io\":null")
                .doesNotContain("cpuBurstPercent", "ioWeight");
    }

    @Test
    void digestDoesNotDependOnTheOrderOfWhatHasNone() {
        ClusterNetwork one = network(new LinkedHashSet<>(List.of("10.0.0.1", "10.0.0.2", "10.0.0.3")));
        ClusterNetwork same = network(new LinkedHashSet<>(List.of("10.0.0.3", "10.0.0.2", "10.0.0.1")));
        String digest = DesiredSet.of(List.of(RUNS), ACTIVE, one).sha256();
        assertThat(DesiredSet.of(List.of(RUNS), ACTIVE, same).sha256()).isEqualTo(digest);
        assertThat(DesiredSet.of(List.of(RUNS), ACTIVE, network(Set.of("10.0.0.1")))
                        .sha256())
                .isNotEqualTo(digest);
        assertThat(digest).isEqualTo("6e3c9d81bd269f2e4a16e5a5faf403a08ed72d0b28d036e7b6d5232222b79b09");
    }

    private static ClusterNetwork network(Set<String> hosts) {
        return new ClusterNetwork("100.64.0.0/10", "100.64.0.0/22", List.of(), List.of(), hosts);
    }

    /** As it was before there were networks, so that what runs since then is not taken for something older. */
    @Test
    void templateOfAReplicaWithoutANetworkIsWrittenAsEver() {
        assertThat(ContentJson.write(Template.of(Samples.spec(1, "true"))))
                .doesNotContain("network", "routed", "health")
                .contains("process", "resources", "restart");
    }

    @Test
    void knowsWhetherAPublishedSetHasItsContent() {
        DesiredSet set = DesiredSet.of(List.of(RUNS), ACTIVE, null);
        assertThat(set.isContentOf(set.numbered(new Generation("db-1", 1)))).isTrue();
        assertThat(DesiredSet.EMPTY.isContentOf(set.numbered(new Generation("db-1", 1))))
                .isFalse();
    }
}
