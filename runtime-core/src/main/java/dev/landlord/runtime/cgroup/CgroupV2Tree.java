package dev.landlord.runtime.cgroup;

import dev.landlord.runtime.HostFacts.CgroupMode;
import dev.landlord.runtime.Limits;
import dev.landlord.runtime.OwnerId;
import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.SandboxException.Kind;
import dev.landlord.runtime.SandboxId;
import dev.landlord.runtime.Usage;
import dev.landlord.runtime.limit.CgroupWrite;
import dev.landlord.runtime.limit.V2Writes;
import dev.landlord.runtime.proc.FlatKeyed;
import dev.landlord.runtime.proc.IoBytes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Version 2: one hierarchy, in which a group hands its controllers down to the groups inside it. */
final class CgroupV2Tree extends LimitedTree {
    private static final String MEMORY_IN_USE = "memory.current";
    private static final String SWAP_IN_USE = "memory.swap.current";
    private static final String UNLIMITED = "max";
    private static final long SWAP_GIVEN_BACK_BYTES = 64 * 4096;
    private static final int SWAP_ATTEMPTS = 10;
    private static final long SWAP_PAUSE_NANOS = 50_000_000;
    private static final Set<String> WANTED = new TreeSet<>(Set.of("cpu", "cpuset", "io", "memory", "pids"));

    /** Those that reach a sandbox's group. */
    private final Set<String> controllers;

    private final DeviceFilter devices;

    private CgroupV2Tree(Groups groups, Set<String> controllers, DeviceFilter devices, List<Path> supervisorJoinFiles) {
        super(groups, new Freezer(groups), supervisorJoinFiles);
        this.controllers = controllers;
        this.devices = devices;
    }

    private static Set<String> withOnDemand(Groups groups, Set<String> enabled) {
        Set<String> all = new TreeSet<>(enabled);
        if (OnDemand.gives(groups, OnDemand.HUGETLB)) {
            all.add(OnDemand.HUGETLB);
        }
        return Set.copyOf(all);
    }

    static CgroupV2Tree open(Groups groups, Path mount, Predicate<Hierarchy> supervisorsStay) {
        handDown(groups.fs(), mount);
        groups.makeRoot(group -> handDown(groups.fs(), groups.directory(Hierarchy.UNIFIED, group)));
        Path root = groups.directory(Hierarchy.UNIFIED, groups.root());
        Set<String> controllers = withOnDemand(groups, enabled(groups.fs(), root));
        DeviceFilter devices = DeviceFilter.at(groups.fs(), root);
        return new CgroupV2Tree(groups, controllers, devices, groups.supervisorJoinFiles(supervisorsStay));
    }

    /** Where a group above is not ours to change, or has none to give, its controllers stay absent and limits are refused. */
    private static void handDown(CgroupFs fs, Path directory) {
        Set<String> missing = words(fs, directory.resolve("cgroup.controllers"));
        missing.retainAll(WANTED);
        missing.removeAll(enabled(fs, directory));
        if (missing.isEmpty()) {
            return;
        }
        Path file = directory.resolve("cgroup.subtree_control");
        String all = missing.stream().map(c -> "+" + c).collect(Collectors.joining(" "));
        try {
            fs.write(file, all + "\n");
        } catch (IOException e) {
            throw Faults.host("enable " + all + " in", file, e);
        }
    }

    private static Set<String> enabled(CgroupFs fs, Path directory) {
        Set<String> enabled = words(fs, directory.resolve("cgroup.subtree_control"));
        enabled.retainAll(WANTED);
        return enabled;
    }

    private static Set<String> words(CgroupFs fs, Path file) {
        try {
            return Arrays.stream(fs.read(file).strip().split(" ", -1))
                    .filter(word -> !word.isEmpty())
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException e) {
            throw Faults.host("read", file, e);
        }
    }

    @Override
    public CgroupMode mode() {
        return CgroupMode.V2;
    }

    @Override
    public Optional<String> devicesUnlimited() {
        return devices.missing();
    }

    @Override
    public Optional<Path> birthDirectory(OwnerId owner, SandboxId id) {
        return Optional.of(groups.directory(Hierarchy.UNIFIED, groups.leaf(owner, id)));
    }

    @Override
    void prepareSlice(String slice) {
        handDown(fs, groups.directory(Hierarchy.UNIFIED, slice));
    }

    @Override
    void verifyInherited(String leaf) {
        devices.verify(groups.directory(Hierarchy.UNIFIED, leaf));
    }

    @Override
    List<CgroupWrite> createWrites(Limits limits) {
        return V2Writes.create(limits, host(limits));
    }

    @Override
    Map<String, List<String>> updateFiles() {
        return V2Writes.files(host(Limits.NONE));
    }

    @Override
    List<CgroupWrite> updateWrites(Limits limits, String group, Map<String, String> before) {
        return V2Writes.update(limits, host(limits), before, cpusAbove(group, "cpuset.cpus.effective"));
    }

    /**
     * A lower limit than what is swapped out would be taken, and would leave more in use than was granted. What is given back
     * still counts while it waits to be used again, 64 pages for each CPU: by that much the kernel is allowed to be behind.
     */
    @Override
    void requireLowerable(String leaf, Limits limits) {
        if (limits.memory().maxBytes() == null) {
            return;
        }
        long swap = limits.memory().swapMaxBytes();
        String granted = swapLimit(leaf);
        // One that somebody else has taken away is put back, whatever is out there.
        if (!granted.equals(UNLIMITED) && swap < Long.parseLong(granted)) {
            long behind = SWAP_GIVEN_BACK_BYTES * Runtime.getRuntime().availableProcessors();
            requireWithin("memory.swapMaxBytes", leaf, SWAP_IN_USE, swap + behind, "swapped out");
        }
    }

    /** A kernel that cannot swap has no file for it. */
    private String swapLimit(String group) {
        String text = readIfPresent(groups.file(Hierarchy.UNIFIED, group, V2Writes.SWAP));
        return text == null ? UNLIMITED : text.strip();
    }

    /** Version 2 kills to get below a lowered limit. We give back what can be given back, and refuse otherwise. */
    @Override
    void makeRoom(Limits limits, String group, Map<String, String> before) {
        Long bytes = limits.memory().maxBytes();
        if (bytes == null || inUse(group, MEMORY_IN_USE) <= bytes) {
            return;
        }
        long swap = limits.memory().swapMaxBytes();
        String granted = before.getOrDefault(V2Writes.SWAP, UNLIMITED).strip();
        boolean finite = !granted.equals(UNLIMITED);
        if (finite && swap > Long.parseLong(granted)) {
            requireRoom(group, bytes, swap);
        }
        try {
            // First: what does not fit into memory any more may go where the new limits have room for it, and nowhere
            // else.
            if (before.containsKey(V2Writes.SWAP) && !granted.equals("" + swap)) {
                limitSwap(group, "" + swap);
            }
            giveBack(group, bytes, swap);
            requireWithin("memory.maxBytes", group, MEMORY_IN_USE, bytes, "in use");
        } catch (RuntimeException refused) {
            if (finite) {
                limitSwapAgain(group, granted, refused);
            }
            throw refused;
        }
    }

    /** Else what is out there by the time it is seen that it does not suffice would be more than was granted. */
    private void requireRoom(String group, long bytes, long swap) {
        FlatKeyed memory = stat(group);
        long stays = memory.get("anon") + memory.get("shmem") + inUse(group, SWAP_IN_USE);
        if (stays > bytes + swap) {
            throw new SandboxException(
                    Kind.UNSUPPORTED,
                    "set memory.maxBytes",
                    groups.file(Hierarchy.UNIFIED, group, MEMORY_IN_USE).toString(),
                    stays + " bytes are in use, with what is swapped out");
        }
    }

    private FlatKeyed stat(String group) {
        try {
            return FlatKeyed.parse(textOf("memory", group, "memory.stat"));
        } catch (IOException e) {
            throw Faults.host("read", groups.file(Hierarchy.UNIFIED, group, "memory.stat"), e);
        }
    }

    private void limitSwap(String group, String text) {
        Path limit = groups.file(Hierarchy.UNIFIED, group, V2Writes.SWAP);
        try {
            fs.write(limit, text + "\n");
        } catch (IOException e) {
            throw Faults.host("set memory.swapMaxBytes", limit, e);
        }
    }

    private void limitSwapAgain(String group, String text, RuntimeException because) {
        try {
            if (!swapLimit(group).equals(text)) {
                limitSwap(group, text);
            }
        } catch (RuntimeException e) {
            because.addSuppressed(e);
        }
    }

    private void giveBack(String group, long bytes, long swap) {
        reclaim(group, inUse(group, MEMORY_IN_USE) - bytes);
        // Pages go only when the disk has them: the kernel gives up sooner than a busy disk is done.
        for (int again = 1; swap > 0 && again < SWAP_ATTEMPTS && inUse(group, MEMORY_IN_USE) > bytes; again++) {
            Faults.pause(SWAP_PAUSE_NANOS, "set memory.maxBytes", groups.directory(Hierarchy.UNIFIED, group));
            reclaim(group, Math.max(1, inUse(group, MEMORY_IN_USE) - bytes));
        }
    }

    private long inUse(String group, String file) {
        try {
            return numberOf("memory", group, file);
        } catch (IOException e) {
            throw Faults.host("read", groups.file(Hierarchy.UNIFIED, group, file), e);
        }
    }

    private void requireWithin(String field, String group, String file, long bytes, String use) {
        long current = inUse(group, file);
        if (current > bytes) {
            throw new SandboxException(
                    Kind.UNSUPPORTED,
                    "set " + field,
                    groups.file(Hierarchy.UNIFIED, group, file).toString(),
                    current + " bytes are " + use);
        }
    }

    private void reclaim(String group, long bytes) {
        try {
            fs.write(groups.file(Hierarchy.UNIFIED, group, "memory.reclaim"), bytes + "\n");
        } catch (IOException ignored) {
            // not all of it could be given back, or this kernel cannot be asked: the caller looks at what is left
        }
    }

    @Override
    Set<String> controllers() {
        return controllers;
    }

    @Override
    String hierarchyOf(String controller) {
        return Hierarchy.UNIFIED;
    }

    @Override
    boolean hasController(String controller) {
        return controllers.contains(controller) || controller.equals(Hierarchy.UNIFIED);
    }

    @Override
    long readOomKills(String leaf) throws IOException {
        return FlatKeyed.parse(textOf("memory", leaf, "memory.events")).get("oom_kill");
    }

    /** Kernels before 5.2 do not tell what was the group's own from what was inside it. */
    @Override
    boolean neverAtItsLimit(String group) throws IOException {
        String own = textOf("memory", group, "memory.events.local");
        return !own.isBlank() && FlatKeyed.parse(own).get("oom") == 0;
    }

    @Override
    Usage readUsage(String leaf) throws IOException {
        // cpu.stat has the times even where the cpu controller is absent
        FlatKeyed cpu = FlatKeyed.parse(textOf(Hierarchy.UNIFIED, leaf, "cpu.stat"));
        FlatKeyed memory = FlatKeyed.parse(textOf("memory", leaf, "memory.stat"));
        FlatKeyed events = FlatKeyed.parse(textOf("memory", leaf, "memory.events"));
        IoBytes io = IoBytes.parseV2(textOf("io", leaf, "io.stat"));
        long memoryUsage = numberOf("memory", leaf, MEMORY_IN_USE);
        return new Usage(
                cpu.get("usage_usec") * 1000,
                cpu.get("user_usec") * 1000,
                cpu.get("system_usec") * 1000,
                cpu.get("nr_periods"),
                cpu.get("nr_throttled"),
                cpu.get("throttled_usec") * 1000,
                memoryUsage,
                Math.max(0, memoryUsage - memory.get("inactive_file")),
                memory.get("anon"),
                memory.get("file"),
                numberOf("memory", leaf, SWAP_IN_USE),
                numberOf("memory", leaf, V2Writes.MEMORY),
                events.get("max"),
                events.get("oom_kill"),
                numberOf("pids", leaf, "pids.current"),
                io.read(),
                io.written(),
                pressure(leaf));
    }
}
