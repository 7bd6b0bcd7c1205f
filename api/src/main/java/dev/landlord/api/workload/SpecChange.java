package dev.landlord.api.workload;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a new spec means for replicas that run already. Pure.
 *
 * @param fields dotted paths of what changed, in the order of the spec; of a {@code ROLLING} one only what cannot change while a
 *     replica runs
 */
public record SpecChange(Kind kind, List<String> fields) {
    /** How far a change reaches. */
    public enum Kind {
        /** Nothing is different for replicas. */
        NONE,
        /** Replicas come or go; those that stay are left alone. */
        SCALE,
        /** Limits of running replicas change in place, without a restart, where their nodes have room for it. */
        LIVE,
        /** Replicas are replaced, one after the other. */
        ROLLING
    }

    public SpecChange {
        fields = List.copyOf(fields);
    }

    /** Compares what was asked for with what is asked for now. */
    public static SpecChange of(WorkloadSpec before, WorkloadSpec after) {
        List<String> fixed = fixed(before, after);
        List<String> live = live(before.resources(), after.resources());
        if (!fixed.isEmpty()) {
            return new SpecChange(Kind.ROLLING, fixed);
        }
        if (!live.isEmpty()) {
            return new SpecChange(Kind.LIVE, live);
        }
        boolean scaled = before.replicas() != after.replicas();
        return scaled
                ? new SpecChange(Kind.SCALE, List.of("replicas"))
                : new SpecChange(Kind.NONE, named(before, after));
    }

    private static List<String> fixed(WorkloadSpec before, WorkloadSpec after) {
        List<String> changed = new ArrayList<>();
        add(changed, "kind", before.kind(), after.kind());
        add(changed, "image", before.process().image(), after.process().image());
        add(changed, "command", before.process().command(), after.process().command());
        add(changed, "env", before.process().env(), after.process().env());
        add(changed, "user", before.process().user(), after.process().user());
        add(changed, "workdir", before.process().workdir(), after.process().workdir());
        add(changed, "init", before.process().init(), after.process().init());
        Console had = before.process().console();
        Console has = after.process().console();
        add(changed, "stdin", had != null, has != null);
        add(changed, "tty", had == Console.TERMINAL, has == Console.TERMINAL);
        add(
                changed,
                "onDisconnect",
                before.process().onDisconnect(),
                after.process().onDisconnect());
        add(changed, "rlimits", before.process().rlimits(), after.process().rlimits());
        add(
                changed,
                "resources.diskBytes",
                before.resources().diskBytes(),
                after.resources().diskBytes());
        add(
                changed,
                "resources.inodes",
                before.resources().inodes(),
                after.resources().inodes());
        add(changed, "restart", before.restart(), after.restart());
        add(changed, "network", before.network(), after.network());
        add(changed, "health", before.health(), after.health());
        return changed;
    }

    /** What only people look at. */
    private static List<String> named(WorkloadSpec before, WorkloadSpec after) {
        return before.labels().equals(after.labels()) ? List.of() : List.of("labels");
    }

    private static List<String> live(Resources before, Resources after) {
        List<String> changed = new ArrayList<>();
        add(changed, "resources.cpuMillis", before.cpuMillis(), after.cpuMillis());
        add(changed, "resources.memoryBytes", before.memoryBytes(), after.memoryBytes());
        add(changed, "resources.pids", before.pids(), after.pids());
        add(changed, "resources.swapBytes", before.swap(), after.swap());
        return changed;
    }

    private static void add(List<String> changed, String field, @Nullable Object before, @Nullable Object after) {
        if (!Objects.equals(before, after)) {
            changed.add(field);
        }
    }
}
