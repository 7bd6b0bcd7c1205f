package dev.landlord.runtime.cgroup;

import dev.landlord.runtime.HostFacts.CgroupMode;
import dev.landlord.runtime.Limits;
import dev.landlord.runtime.OwnerId;
import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.SandboxException.Kind;
import dev.landlord.runtime.SandboxId;
import dev.landlord.runtime.Usage;
import dev.landlord.runtime.limit.CgroupWrite;
import dev.landlord.runtime.limit.V1Writes;
import dev.landlord.runtime.proc.CpuList;
import dev.landlord.runtime.proc.FlatKeyed;
import dev.landlord.runtime.proc.IoBytes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Version 1, one hierarchy per controller, with or without an empty version 2 beside them (hybrid). */
final class CgroupV1Tree extends LimitedTree {
    private final CgroupMode mode;
    private final Set<String> controllers;
    private final boolean tellsOfMemory;

    private CgroupV1Tree(CgroupMode mode, Groups groups, List<Path> supervisorJoinFiles) {
        super(groups, new Freezer(groups), supervisorJoinFiles);
        this.mode = mode;
        this.controllers = controllers(groups);
        this.tellsOfMemory = groups.has("memory")
                && fs.exists(groups.file("memory", groups.root(), "cgroup.event_control"))
                && fs.exists(groups.file("memory", groups.root(), "memory.oom_control"));
    }

    /** On a hybrid host those that version 2 has are of use too, if it has them to give. */
    private static Set<String> controllers(Groups groups) {
        Set<String> controllers = new TreeSet<>(groups.controllers());
        if (groups.has(Hierarchy.UNIFIED) && OnDemand.gives(groups, OnDemand.HUGETLB)) {
            controllers.add(OnDemand.HUGETLB);
        }
        return Set.copyOf(controllers);
    }

    static CgroupV1Tree open(CgroupMode mode, Groups groups, Predicate<Hierarchy> supervisorsStay) {
        groups.makeRoot(group -> {
            fillCpuset(groups, group);
            countBelow(groups, group);
        });
        return new CgroupV1Tree(mode, groups, groups.supervisorJoinFiles(supervisorsStay));
    }

    /** An empty cpuset takes no process. A filled one whose children are clones of it fills those by itself. */
    private static void fillCpuset(Groups groups, String group) {
        if (!groups.has("cpuset")) {
            return;
        }
        Path directory = groups.directory("cpuset", group);
        CgroupFs fs = groups.fs();
        try {
            for (String file : List.of("cpuset.cpus", "cpuset.mems")) {
                if (fs.read(directory.resolve(file)).isBlank()) {
                    Path above = directory.resolveSibling(file);
                    fs.write(directory.resolve(file), fs.read(above).strip() + "\n");
                }
            }
            fs.write(directory.resolve("cgroup.clone_children"), "1\n");
        } catch (IOException e) {
            throw Faults.host("fill cpuset", directory, e);
        }
    }

    /** On kernels before 5.11 a limit does not hold for the groups below unless this is said before they are made. */
    private static void countBelow(Groups groups, String group) {
        if (!groups.has("memory")) {
            return;
        }
        Path file = groups.file("memory", group, "memory.use_hierarchy");
        try {
            if (groups.fs().exists(file) && groups.fs().read(file).strip().equals("0")) {
                groups.fs().write(file, "1\n");
            }
        } catch (IOException e) {
            throw Faults.host("count groups below", file, e);
        }
    }

    @Override
    public CgroupMode mode() {
        return mode;
    }

    @Override
    public Optional<Path> outOfMemoryEvents(OwnerId owner, SandboxId id) {
        return tellsOfMemory ? Optional.of(groups.directory("memory", groups.leaf(owner, id))) : Optional.empty();
    }

    @Override
    public Optional<String> devicesUnlimited() {
        return hasController("devices") ? Optional.empty() : Optional.of("this host has no controller devices");
    }

    @Override
    void prepareSlice(String slice) {
        fillCpuset(groups, slice);
        if (hasController("devices") && !devicesAre(slice)) {
            V1Writes.devices().forEach(write -> apply(slice, write));
        }
    }

    @Override
    void verifyInherited(String leaf) {
        if (hasController("devices") && !devicesAre(leaf)) {
            throw new SandboxException(
                    Kind.UNSUPPORTED,
                    "set devices",
                    groups.file("devices", leaf, "devices.list").toString(),
                    "the group did not get the list of its slice");
        }
    }

    private boolean devicesAre(String group) {
        Path file = groups.file("devices", group, "devices.list");
        try {
            return V1Writes.devices().getLast().readBack().accepts(fs.read(file));
        } catch (IOException e) {
            throw Faults.host("read", file, e);
        }
    }

    @Override
    List<CgroupWrite> createWrites(Limits limits) {
        return V1Writes.create(limits, host(limits));
    }

    @Override
    Map<String, List<String>> updateFiles() {
        return V1Writes.files(host(Limits.NONE));
    }

    @Override
    List<CgroupWrite> updateWrites(Limits limits, String group, Map<String, String> before) {
        return V1Writes.update(limits, host(limits), before, cpusAbove(group, V1Writes.CPUS));
    }

    @Override
    void limitSlice(OwnerId owner, Limits limits) {
        if (!groups.has("cpuset")) {
            super.limitSlice(owner, limits);
            return;
        }
        InheritedCpus sandboxes = InheritedCpus.of(groups, owner);
        String wanted = limits.cpu().cpuset();
        sandboxes.move(cpus(wanted == null ? cpusAbove(groups.owner(owner), V1Writes.CPUS) : wanted));
        try {
            super.limitSlice(owner, limits);
        } catch (RuntimeException e) {
            try {
                sandboxes.moveBack();
            } catch (RuntimeException stuck) {
                e.addSuppressed(stuck);
            }
            throw e;
        }
    }

    private static BitSet cpus(String list) {
        try {
            return CpuList.parse(list);
        } catch (IllegalArgumentException e) {
            throw new SandboxException(Kind.INVALID, "set cpu.cpuset", list, 0, String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    Set<String> controllers() {
        return controllers;
    }

    @Override
    String hierarchyOf(String controller) {
        return groups.has(controller) ? controller : Hierarchy.UNIFIED;
    }

    @Override
    boolean hasController(String controller) {
        return controllers.contains(controller);
    }

    @Override
    long readOomKills(String leaf) throws IOException {
        return FlatKeyed.parse(textOf("memory", leaf, "memory.oom_control")).get("oom_kill");
    }

    /** A charge that fails is one of at most eight pages, and the most ever in use may be a few more behind. */
    @Override
    boolean neverAtItsLimit(String group) throws IOException {
        long reserve = 256 << 10;
        long memory = numberOf("memory", group, "memory.max_usage_in_bytes");
        long both = numberOf("memory", group, "memory.memsw.max_usage_in_bytes");
        return memory > 0
                && memory < numberOf("memory", group, V1Writes.MEMORY) - reserve
                && (both == 0 || both < numberOf("memory", group, V1Writes.MEMORY_AND_SWAP) - reserve);
    }

    @Override
    Usage readUsage(String leaf) throws IOException {
        FlatKeyed cpu = FlatKeyed.parse(textOf("cpu", leaf, "cpu.stat"));
        FlatKeyed memory = FlatKeyed.parse(textOf("memory", leaf, "memory.stat"));
        IoBytes io = IoBytes.parseV1(textOf("blkio", leaf, "blkio.throttle.io_service_bytes_recursive"));
        long memoryUsage = numberOf("memory", leaf, "memory.usage_in_bytes");
        long memoryMax = numberOf("memory", leaf, V1Writes.MEMORY);
        return new Usage(
                numberOf("cpuacct", leaf, "cpuacct.usage"),
                numberOf("cpuacct", leaf, "cpuacct.usage_user"),
                numberOf("cpuacct", leaf, "cpuacct.usage_sys"),
                cpu.get("nr_periods"),
                cpu.get("nr_throttled"),
                cpu.get("throttled_time"),
                memoryUsage,
                Math.max(0, memoryUsage - memory.get("total_inactive_file")),
                memory.get("total_rss"),
                memory.get("total_cache"),
                swapped(memoryUsage, leaf),
                memoryMax >= 1L << 62 ? 0 : memoryMax,
                memoryFailures(leaf),
                readOomKills(leaf),
                numberOf("pids", leaf, "pids.current"),
                io.read(),
                io.written(),
                pressure(leaf));
    }

    /** Both are read one after the other, so a little may have come back in between. */
    private long swapped(long memoryUsage, String leaf) throws IOException {
        return Math.max(0, numberOf("memory", leaf, "memory.memsw.usage_in_bytes") - memoryUsage);
    }

    /**
     * Where both limits are the same, as ours are, the kernel meets that of memory and swap first. Newer kernels (6.18)
     * count neither: OOM kills are to be taken from {@code memory.oom_control}.
     */
    private long memoryFailures(String leaf) throws IOException {
        return numberOf("memory", leaf, "memory.failcnt") + numberOf("memory", leaf, "memory.memsw.failcnt");
    }
}
