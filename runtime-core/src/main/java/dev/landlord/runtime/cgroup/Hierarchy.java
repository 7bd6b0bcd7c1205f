package dev.landlord.runtime.cgroup;

import dev.landlord.runtime.HostFacts.CgroupMode;
import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.SandboxException.Kind;
import dev.landlord.runtime.proc.MountInfo;
import dev.landlord.runtime.proc.MountInfo.Mount;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One mounted hierarchy, and the decision which of those mounted are ours to use. Pure.
 *
 * @param directory where it is mounted
 * @param controllers of version 1; {@link #UNIFIED} alone for version 2, {@link #SYSTEMD} for the service manager's own
 */
record Hierarchy(Path directory, Set<String> controllers) {
    static final String UNIFIED = "unified";
    static final String SYSTEMD = "name=systemd";

    /**
     * In the order in which a process joins them: cpuset first, because it is the one that can be refused late; what
     * counts and limits before what stops, so that a process born into a suspended slice freezes when it is in all.
     */
    private static final List<String> JOIN_ORDER = List.of(
            "cpuset",
            "memory",
            "cpu",
            "cpuacct",
            "devices",
            "blkio",
            "pids",
            "hugetlb",
            "freezer",
            Hierarchy.SYSTEMD,
            Hierarchy.UNIFIED);

    Hierarchy {
        controllers = Set.copyOf(controllers);
    }

    boolean unified() {
        return controllers.contains(UNIFIED);
    }

    /** Sandboxes have no groups in the service manager's hierarchy; there they stay with their supervisors. */
    boolean holdsSandboxes() {
        return !controllers.contains(SYSTEMD);
    }

    static CgroupMode detect(MountInfo mounts, Path cgroupMount) {
        List<Hierarchy> found = mounted(mounts, cgroupMount);
        boolean unified = found.stream().anyMatch(Hierarchy::unified);
        boolean v1 = found.stream().anyMatch(h -> h.holdsSandboxes() && !h.unified());
        if (!unified && !v1) {
            throw new SandboxException(
                    Kind.UNSUPPORTED, "find control groups", cgroupMount.toString(), "no hierarchy is mounted there");
        }
        if (!v1) {
            return CgroupMode.V2;
        }
        return unified ? CgroupMode.HYBRID : CgroupMode.V1;
    }

    /** The hierarchies that a mode works with: of a hybrid host, V1 takes the old ones alone and V2 the unified one. */
    static List<Hierarchy> select(MountInfo mounts, Path cgroupMount, CgroupMode mode) {
        List<Hierarchy> all = mounted(mounts, cgroupMount);
        List<Hierarchy> selected = switch (mode) {
            case V1 -> all.stream().filter(h -> !h.unified()).toList();
            case V2 -> all.stream().filter(Hierarchy::unified).toList();
            case HYBRID -> all;
        };
        boolean usable = selected.stream().anyMatch(Hierarchy::holdsSandboxes)
                && (mode != CgroupMode.HYBRID || detect(mounts, cgroupMount) == CgroupMode.HYBRID);
        if (!usable) {
            throw new SandboxException(
                    Kind.UNSUPPORTED,
                    "open control groups",
                    cgroupMount.toString(),
                    "nothing mounted for mode " + mode);
        }
        return selected;
    }

    private static List<Hierarchy> mounted(MountInfo mounts, Path cgroupMount) {
        Map<Path, Mount> visible = new LinkedHashMap<>();
        for (Mount mount : mounts.mounts()) {
            Path point = Path.of(mount.mountPoint());
            if (point.startsWith(cgroupMount)) {
                visible.put(point, mount); // a later mount covers an earlier one
            }
        }
        List<Hierarchy> found = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        visible.forEach((point, mount) -> {
            Set<String> controllers = controllers(mount);
            if (!controllers.isEmpty() && seen.addAll(controllers)) {
                found.add(new Hierarchy(point, controllers));
            }
        });
        found.sort((a, b) -> Integer.compare(joinRank(a), joinRank(b)));
        return found;
    }

    private static Set<String> controllers(Mount mount) {
        if (mount.type().equals("cgroup2")) {
            return Set.of(Hierarchy.UNIFIED);
        }
        if (!mount.type().equals("cgroup")) {
            return Set.of();
        }
        Set<String> known = new HashSet<>(JOIN_ORDER);
        known.remove(Hierarchy.UNIFIED);
        known.retainAll(mount.superOptions());
        return known;
    }

    private static int joinRank(Hierarchy hierarchy) {
        return hierarchy.controllers().stream()
                .mapToInt(JOIN_ORDER::indexOf)
                .min()
                .orElse(JOIN_ORDER.size());
    }
}
