package dev.landlord.controlplane.allocation;

import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.Generation;
import dev.landlord.api.sync.NodeReport;
import dev.landlord.api.sync.ObservedAllocation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What of a report is news. Pure. Words about allocations that are not this node's are ignored. */
final class ObservationDiff {
    /** Something to store. */
    sealed interface News {
        record Changed(Allocation before, ObservedAllocation now) implements News {}

        record Gone(Allocation allocation) implements News {}
    }

    private ObservationDiff() {}

    /**
     * Compares.
     *
     * @param known the node's allocations as they are stored
     * @param incarnation of this database
     */
    static List<News> of(List<Allocation> known, NodeReport report, String incarnation) {
        List<News> news = new ArrayList<>();
        Set<AllocationId> gone = new HashSet<>(report.gone());
        Set<AllocationId> told = new HashSet<>();
        report.changed().forEach(observed -> told.add(observed.allocation()));
        for (Allocation allocation : known) {
            if (allocation.gone()) {
                continue;
            }
            boolean leftOut = report.complete()
                    && !told.contains(allocation.id())
                    && mustBeKnown(allocation, report.accepted(), incarnation);
            if (gone.contains(allocation.id()) || leftOut) {
                news.add(new News.Gone(allocation));
                gone.add(allocation.id());
            }
        }
        known.forEach(allocation -> report.changed().stream()
                .filter(observed -> observed.allocation().equals(allocation.id()))
                .filter(observed -> !gone.contains(allocation.id()) && !observed.equals(allocation.observed()))
                .reduce((earlier, later) -> later)
                .ifPresent(observed -> news.add(new News.Changed(allocation, observed))));
        return news;
    }

    /** The agent has accepted a set that told it of the allocation, so a report of everything must have it while it is. */
    private static boolean mustBeKnown(Allocation allocation, Generation accepted, String incarnation) {
        Long told = allocation.toldGeneration();
        return told != null && accepted.incarnation().equals(incarnation) && accepted.number() >= told;
    }
}
