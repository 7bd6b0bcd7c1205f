package dev.landlord.controlplane.allocation;

import static dev.landlord.controlplane.allocation.Samples.allocation;
import static dev.landlord.controlplane.allocation.Samples.observed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.Generation;
import dev.landlord.api.sync.NodeReport;
import dev.landlord.api.sync.ObservedAllocation;
import dev.landlord.api.sync.ObservedPhase;
import dev.landlord.controlplane.allocation.ObservationDiff.News;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.Wanted;
import java.util.List;
import org.junit.jupiter.api.Test;

class ObservationDiffTest {
    private static final String ID = "aaaaaaaa";
    private static final Allocation KNOWN = allocation(ID, Wanted.RUNNING, observed(ID, ObservedPhase.RUNNING), 5L);

    @Test
    void sameWordsAreNoNews() {
        assertThat(diff(KNOWN, report(5, List.of(observed(ID, ObservedPhase.RUNNING)), List.of())))
                .isEmpty();
    }

    @Test
    void changedWordsAreNews() {
        ObservedAllocation failed = observed(ID, ObservedPhase.FAILED);
        assertThat(diff(KNOWN, report(5, List.of(failed), List.of()))).containsExactly(new News.Changed(KNOWN, failed));
    }

    @Test
    void lastWordOnAnAllocationCounts() {
        ObservedAllocation failed = observed(ID, ObservedPhase.FAILED);
        ObservedAllocation exited = observed(ID, ObservedPhase.EXITED);
        assertThat(diff(KNOWN, delta(5, List.of(failed, exited), List.of())))
                .containsExactly(new News.Changed(KNOWN, exited));
        assertThat(diff(KNOWN, delta(5, List.of(failed, observed(ID, ObservedPhase.RUNNING)), List.of())))
                .as("it ended as it was")
                .isEmpty();
    }

    @Test
    void messageThatWasCutWhenItWasStoredIsNoNews() {
        Allocation known = allocation(ID, Wanted.RUNNING, failed("x".repeat(1000)), 5L);
        assertThat(diff(known, delta(5, List.of(failed("x".repeat(1500))), List.of())))
                .isEmpty();
        assertThat(diff(known, delta(5, List.of(failed("y".repeat(1500))), List.of())))
                .containsExactly(new News.Changed(known, failed("y".repeat(1000))));
    }

    private static ObservedAllocation failed(String message) {
        return new ObservedAllocation(new AllocationId(ID), ObservedPhase.FAILED, 1000, 0, 1, false, null, message);
    }

    @Test
    void otherNodesAllocationsAreNotThisNodesBusiness() {
        assertThat(diff(
                        KNOWN,
                        delta(
                                5,
                                List.of(observed("bbbbbbbb", ObservedPhase.RUNNING)),
                                List.of(new AllocationId("cccccccc")))))
                .isEmpty();
    }

    @Test
    void goneIsGoneWhateverElseIsSaid() {
        NodeReport report = delta(5, List.of(observed(ID, ObservedPhase.FAILED)), List.of(KNOWN.id()));
        assertThat(diff(KNOWN, report)).containsExactly(new News.Gone(KNOWN));
    }

    @Test
    void reportOfEverythingWithoutAnAllocationThatItWasToldOfMeansGone() {
        assertThat(diff(KNOWN, report(5, List.of(), List.of()))).containsExactly(new News.Gone(KNOWN));
        assertThat(diff(KNOWN, report(6, List.of(), List.of()))).containsExactly(new News.Gone(KNOWN));
    }

    @Test
    void reportOfEverythingSaysNothingOfWhatItWasNotToldYet() {
        assertThat(diff(KNOWN, report(4, List.of(), List.of()))).isEmpty();
        Allocation unnumbered = allocation(ID, Wanted.RUNNING, null, null);
        assertThat(diff(unnumbered, report(9, List.of(), List.of()))).isEmpty();
    }

    @Test
    void acceptanceOfAnotherIncarnationProvesNothing() {
        NodeReport report = new NodeReport(
                1, "run", null, true, new Generation("db-old", 99), null, List.of(), List.of(), List.of(), null);
        assertThat(ObservationDiff.of(List.of(KNOWN), report, "db-1")).isEmpty();
    }

    @Test
    void deltaWithoutAnAllocationSaysNothingOfIt() {
        assertThat(diff(KNOWN, delta(9, List.of(), List.of()))).isEmpty();
    }

    private static List<News> diff(Allocation known, NodeReport report) {
        return ObservationDiff.of(List.of(known), report, "db-1");
    }

    private static NodeReport report(long accepted, List<ObservedAllocation> changed, List<AllocationId> gone) {
        return report(true, accepted, changed, gone);
    }

    private static NodeReport delta(long accepted, List<ObservedAllocation> changed, List<AllocationId> gone) {
        return report(false, accepted, changed, gone);
    }

    private static NodeReport report(
            boolean complete, long accepted, List<ObservedAllocation> changed, List<AllocationId> gone) {
        return new NodeReport(
                1, "run", null, complete, new Generation("db-1", accepted), null, changed, gone, List.of(), null);
    }
}
