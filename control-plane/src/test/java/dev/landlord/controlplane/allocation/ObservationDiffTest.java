package dev.landlord.controlplane.allocation;

import static dev.landlord.controlplane.allocation.Samples.allocation;
import static dev.landlord.controlplane.allocation.Samples.observed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.Generation;
import dev.landlord.api.sync.AppliedLimits;
import dev.landlord.api.sync.NodeReport;
import dev.landlord.api.sync.ObservedAllocation;
import dev.landlord.api.sync.ObservedPhase;
import dev.landlord.api.workload.Resources;
import dev.landlord.controlplane.allocation.ObservationDiff.News;
import dev.landlord.controlplane.allocation.ObservationDiff.Resizing;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.Wanted;
import java.util.List;
import org.jspecify.annotations.Nullable;
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
        return new ObservedAllocation(
                new AllocationId(ID), ObservedPhase.FAILED, 1000, 0, 1, false, null, message, null, null);
    }

    @Test
    void otherLimitsAreNews() {
        ObservedAllocation limited = observed(ID, ObservedPhase.RUNNING).with(new AppliedLimits(1, 2, 3, null));
        assertThat(diff(KNOWN, delta(5, List.of(limited), List.of())))
                .containsExactly(new News.Changed(KNOWN, limited));
        assertThat(diff(allocation(ID, Wanted.RUNNING, limited, 5L), delta(5, List.of(limited), List.of())))
                .isEmpty();
    }

    @Test
    void aResizeIsToldWhenItIsDoneAndWhenItFirstFails() {
        Resources wanted = KNOWN.template().resources();
        AppliedLimits reached = new AppliedLimits(wanted.cpuMillis(), wanted.memoryBytes(), wanted.pids(), null);
        AppliedLimits old = new AppliedLimits(wanted.cpuMillis(), wanted.memoryBytes(), wanted.pids(), 4096L);
        record Row(
                Resizing outcome,
                @Nullable AppliedLimits before,
                @Nullable String messageBefore,
                @Nullable AppliedLimits now,
                @Nullable String messageNow) {}
        for (Row row : List.of(
                new Row(Resizing.DONE, old, null, reached, null),
                new Row(Resizing.DONE, old, "EBUSY", reached, null),
                new Row(Resizing.FAILED, old, null, old, "EBUSY"),
                new Row(Resizing.NONE, old, "EBUSY", old, "EBUSY once more"),
                new Row(Resizing.NONE, old, null, old, null),
                new Row(Resizing.NONE, reached, null, reached, "something else"),
                new Row(Resizing.NONE, null, null, reached, null),
                new Row(Resizing.NONE, reached, null, null, "it has ended"))) {
            Allocation known = allocation(ID, Wanted.RUNNING, running(row.before, row.messageBefore), 5L);
            assertThat(ObservationDiff.resizing(known, running(row.now, row.messageNow)))
                    .as("%s", row)
                    .isEqualTo(row.outcome);
        }
    }

    private static ObservedAllocation running(@Nullable AppliedLimits limits, @Nullable String message) {
        return new ObservedAllocation(
                new AllocationId(ID), ObservedPhase.RUNNING, 1000, 0, null, false, null, message, limits, null);
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
                1,
                "run",
                null,
                true,
                new Generation("db-old", 99),
                null,
                List.of(),
                List.of(),
                List.of(),
                null,
                List.of());
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
                1,
                "run",
                null,
                complete,
                new Generation("db-1", accepted),
                null,
                changed,
                gone,
                List.of(),
                null,
                List.of());
    }
}
