package dev.landlord.agent.drift;

import dev.landlord.agent.sandbox.LimitGroups;
import dev.landlord.api.id.AllocationId;
import dev.landlord.runtime.LimitReading;
import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.SandboxException.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at control groups in turn, and writes anew what was changed. Looking is for one thread, repairing for any. */
public final class DriftCheck {
    /** A look takes some tenths of a millisecond. */
    static final int MOST_IN_A_PASS = 32;

    private static final Logger LOG = LoggerFactory.getLogger(DriftCheck.class);

    private final LimitGroups groups;
    private final Rounds rounds;

    /** @param periodMillis between two looks at one group */
    public DriftCheck(LimitGroups groups, long periodMillis) {
        this.groups = groups;
        this.rounds = new Rounds(periodMillis, MOST_IN_A_PASS);
    }

    /**
     * What one pass saw.
     *
     * @param looked at so many groups
     */
    public record Seen(int looked, List<Drift> drifts) {}

    /** @param all that can be looked at; some of them are */
    public Seen look(List<Watched> all, long now) {
        List<Watched> due = rounds.due(all, now);
        List<Drift> drifts = new ArrayList<>();
        for (Watched group : due) {
            read(group).stream()
                    .filter(reading -> !reading.holds())
                    .map(reading -> new Drift(group, reading, null))
                    .forEach(drifts::add);
        }
        return new Seen(due.size(), drifts);
    }

    private List<LimitReading> read(Watched group) {
        AllocationId allocation = group.allocation();
        try {
            return allocation == null
                    ? groups.readSlice(group.tenant(), group.wanted())
                    : groups.read(allocation, group.run(), group.wanted());
        } catch (SandboxException e) {
            if (e.kind() != Kind.NOT_FOUND) {
                LOG.warn("limits of tenant {} allocation {}: {}", group.tenant(), allocation, e.getMessage());
            }
            return List.of();
        }
    }

    /**
     * Writes the limits of one tenant's groups again, and tells of each drift what became of it. Version 1 takes no value of
     * a sandbox above that of its slice, and none of a slice below that of a sandbox, and both may have been changed: what
     * fails is tried once more after the others.
     */
    public List<Drift> repair(List<Drift> drifts) {
        Map<Watched, String> failures = new HashMap<>();
        Set<Watched> broken = new LinkedHashSet<>();
        drifts.stream().map(Drift::group).filter(Watched::isSlice).forEach(broken::add);
        drifts.forEach(drift -> broken.add(drift.group()));
        broken.forEach(group -> write(group, failures));
        if (broken.size() > 1) {
            List.copyOf(failures.keySet()).forEach(group -> write(group, failures));
        }
        return drifts.stream()
                .map(drift -> drift.withFailure(failures.get(drift.group())))
                .toList();
    }

    private void write(Watched group, Map<Watched, String> failures) {
        AllocationId allocation = group.allocation();
        try {
            if (allocation == null) {
                groups.writeSlice(group.tenant(), group.wanted());
            } else {
                groups.write(allocation, group.run(), group.wanted());
            }
            failures.remove(group);
        } catch (SandboxException e) {
            failures.put(group, String.valueOf(e.getMessage()));
        }
    }
}
