package dev.landlord.controlplane.allocation;

import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.Generation;
import dev.landlord.api.sync.AppliedLimits;
import dev.landlord.api.sync.NodeReport;
import dev.landlord.api.sync.ObservedAllocation;
import dev.landlord.api.workload.Resources;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What of a report is news. Pure. Words about allocations that are not this node's are ignored. */
final class ObservationDiff {
    /** Something to store. */
    sealed interface News {
        record Changed(Allocation before, ObservedAllocation now) implements News {}

        record Gone(Allocation allocation) implements News {}
    }

    /** What became of limits that were to change while the program runs. */
    enum Resizing {
        NONE,
        DONE,
        FAILED
    }

    private static final int MESSAGE_MAX = 1000;

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
        // The last word on an allocation counts.
        Map<AllocationId, ObservedAllocation> told = new HashMap<>();
        report.changed().forEach(observed -> told.put(observed.allocation(), observed));
        for (Allocation allocation : known) {
            if (allocation.gone()) {
                continue;
            }
            boolean leftOut = report.complete()
                    && !told.containsKey(allocation.id())
                    && mustBeKnown(allocation, report.accepted(), incarnation);
            if (gone.contains(allocation.id()) || leftOut) {
                news.add(new News.Gone(allocation));
                gone.add(allocation.id());
            }
        }
        for (Allocation allocation : known) {
            ObservedAllocation word = told.get(allocation.id());
            if (word == null || allocation.gone() || gone.contains(allocation.id())) {
                continue;
            }
            ObservedAllocation now = bounded(word);
            if (!now.equals(allocation.observed())) {
                news.add(new News.Changed(allocation, now));
            }
        }
        return news;
    }

    /** A node that fails again and again says so once: from the first failure until there is nothing to complain about. */
    static Resizing resizing(Allocation before, ObservedAllocation now) {
        ObservedAllocation last = before.observed();
        AppliedLimits applied = now.limits();
        if (last == null || last.limits() == null || applied == null) {
            return Resizing.NONE;
        }
        Resources wanted = before.template().resources();
        boolean wasReached = isReached(last.limits(), wanted);
        if (isReached(applied, wanted)) {
            return wasReached ? Resizing.NONE : Resizing.DONE;
        }
        return last.message() == null && now.message() != null ? Resizing.FAILED : Resizing.NONE;
    }

    private static boolean isReached(AppliedLimits applied, Resources wanted) {
        return applied.equals(
                new AppliedLimits(wanted.cpuMillis(), wanted.memoryBytes(), wanted.pids(), wanted.swapBytes()));
    }

    /** As it is stored, so that the same words said again are no news. */
    private static ObservedAllocation bounded(ObservedAllocation observed) {
        String message = observed.message();
        if (message == null || message.length() <= MESSAGE_MAX) {
            return observed;
        }
        return new ObservedAllocation(
                observed.allocation(),
                observed.phase(),
                observed.startedAtEpochMillis(),
                observed.restarts(),
                observed.exitCode(),
                observed.oomKilled(),
                observed.health(),
                message.substring(0, MESSAGE_MAX),
                observed.limits(),
                observed.fenced());
    }

    /** The agent has accepted a set that told it of the allocation, so a report of everything must have it while it is. */
    private static boolean mustBeKnown(Allocation allocation, Generation accepted, String incarnation) {
        Long told = allocation.toldGeneration();
        return told != null && accepted.incarnation().equals(incarnation) && accepted.number() >= told;
    }
}
