package dev.landlord.runtime.cgroup;

import dev.landlord.runtime.HostFacts.CgroupMode;
import dev.landlord.runtime.RuntimeConfig;
import dev.landlord.runtime.proc.MountInfo;
import dev.landlord.runtime.proc.ProcCgroup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;

/** Opens our subtree of the control groups. */
public final class Cgroups {
    private static final Path SELF = Path.of("/proc/self");

    private Cgroups() {}

    /** How control groups are mounted below {@link RuntimeConfig#cgroupMount}. */
    public static CgroupMode detect(RuntimeConfig config) {
        return Hierarchy.detect(mounts(new HostCgroupFs()), config.cgroupMount());
    }

    /** As {@link #open(RuntimeConfig, CgroupMode)}, with the mode that this host has. */
    public static CgroupTree open(RuntimeConfig config) {
        return open(config, detect(config));
    }

    /**
     * Makes the root and the supervisors' group where they are not yet, and finds out which controllers there are.
     *
     * @param mode what the host has, or a part of it: V1 on a hybrid host leaves version 2 alone
     */
    public static CgroupTree open(RuntimeConfig config, CgroupMode mode) {
        CgroupFs fs = new HostCgroupFs();
        List<Hierarchy> hierarchies = Hierarchy.select(mounts(fs), config.cgroupMount(), mode);
        return open(fs, hierarchies, config.cgroupRoot(), mode, supervisorsStay(fs, mode));
    }

    static CgroupTree open(
            CgroupFs fs,
            List<Hierarchy> hierarchies,
            String root,
            CgroupMode mode,
            Predicate<Hierarchy> supervisorsStay) {
        Groups groups = new Groups(fs, hierarchies, root);
        return switch (mode) {
            case V1, HYBRID -> CgroupV1Tree.open(mode, groups, supervisorsStay);
            case V2 -> CgroupV2Tree.open(groups, hierarchies.getFirst().directory(), supervisorsStay);
        };
    }

    /**
     * A supervisor inherits the groups of this process. From a hierarchy's root there is nothing to leave, and a move
     * costs time at each start; memory is the exception, so that what supervisors cost can be read. Where everything is on
     * version 2 they must leave in any case: a group that hands controllers down takes no processes.
     */
    private static Predicate<Hierarchy> supervisorsStay(CgroupFs fs, CgroupMode mode) {
        ProcCgroup own = ProcCgroup.parse(text(fs, SELF.resolve("cgroup")));
        return hierarchy -> mode != CgroupMode.V2
                && !hierarchy.controllers().contains("memory")
                && hierarchy.controllers().stream()
                        .map(c -> c.equals(Hierarchy.UNIFIED) ? "" : c)
                        .allMatch(c -> own.path(c).orElse("/").equals("/"));
    }

    private static MountInfo mounts(CgroupFs fs) {
        return MountInfo.parse(text(fs, SELF.resolve("mountinfo")));
    }

    private static String text(CgroupFs fs, Path file) {
        try {
            return fs.read(file);
        } catch (IOException e) {
            throw Faults.host("read", file, e);
        }
    }
}
