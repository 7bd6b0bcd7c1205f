package dev.landlord.agent;

import dev.landlord.agent.sync.HttpsControlPlane;
import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.Generation;
import dev.landlord.api.node.NodeFacts;
import dev.landlord.api.sync.Assignment;
import dev.landlord.api.sync.DesiredReply;
import dev.landlord.api.sync.DesiredState;
import dev.landlord.api.sync.LimitDrift;
import dev.landlord.api.sync.NodeReport;
import dev.landlord.api.sync.ObservedAllocation;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** What a test has the agent told, and waits to hear of it. */
final class Dispatch {
    /** An emulated machine beside a busy neighbour takes its time. */
    static final Duration PATIENCE = Duration.ofMinutes(10);

    private final HttpsControlPlane controlPlane;
    private long generation;

    Dispatch(HttpsControlPlane controlPlane) {
        this.controlPlane = controlPlane;
    }

    void want(Assignment... assignments) {
        DesiredState set =
                new DesiredState(new Generation("it", ++generation), Arrays.asList(assignments), Set.of(), null);
        controlPlane.desired.add(new DesiredReply(set, List.of()));
    }

    ObservedAllocation await(AllocationId id, Predicate<ObservedAllocation> condition) throws InterruptedException {
        return await(id + " to come to this", () -> lastOf(id).filter(condition));
    }

    /** So many more than were told of until now. */
    void awaitRestarts(AllocationId id, int more) throws InterruptedException {
        int before = lastOf(id).map(ObservedAllocation::restarts).orElse(0);
        await(id, observed -> observed.restarts() >= before + more);
    }

    Optional<ObservedAllocation> lastOf(AllocationId id) {
        return controlPlane.reports.stream()
                .flatMap(report -> report.changed().stream())
                .filter(observed -> observed.allocation().equals(id))
                .reduce((first, second) -> second);
    }

    NodeFacts awaitImages() throws InterruptedException {
        return await(
                "images in a report",
                () -> controlPlane.reports.stream()
                        .flatMap(report -> Optional.ofNullable(report.facts()).stream())
                        .filter(facts -> !facts.images().isEmpty())
                        .findFirst());
    }

    void awaitGone(AllocationId id) throws InterruptedException {
        await(
                id + " to be gone",
                () -> controlPlane.reports.stream()
                        .filter(report -> report.gone().contains(id))
                        .findFirst());
    }

    LimitDrift awaitDrift(AllocationId id) throws InterruptedException {
        return await(
                "a drift of " + id,
                () -> controlPlane.reports.stream()
                        .flatMap(report -> report.drifts().stream())
                        .filter(drift -> id.equals(drift.allocation()))
                        .findFirst());
    }

    /** The first report after those that there are. */
    NodeReport awaitReportAfter(int reports) throws InterruptedException {
        return await(
                "a report", () -> controlPlane.reports.stream().skip(reports).findFirst());
    }

    private <T> T await(String what, Supplier<Optional<T>> look) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            Optional<T> found = look.get();
            if (found.isPresent()) {
                return found.get();
            }
            Thread.sleep(10);
        }
        throw new AssertionError("waited in vain for " + what + "; the last report: "
                + controlPlane.reports.stream().reduce((first, second) -> second));
    }
}
