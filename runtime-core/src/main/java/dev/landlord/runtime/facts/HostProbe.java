package dev.landlord.runtime.facts;

import dev.landlord.runtime.HostFacts;
import dev.landlord.runtime.Limits;
import dev.landlord.runtime.Limits.IoLimit;
import dev.landlord.runtime.OwnerId;
import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.SandboxException.Kind;
import dev.landlord.runtime.SandboxId;
import dev.landlord.runtime.cgroup.CgroupTree;
import dev.landlord.runtime.proc.CpuList;
import dev.landlord.runtime.proc.MemInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Says what this host has and which limits it really enforces. */
public final class HostProbe {
    private static final Path CPUS = Path.of("/sys/devices/system/cpu/online");
    private static final Path MEMORY = Path.of("/proc/meminfo");
    private static final Path KERNEL = Path.of("/proc/sys/kernel/osrelease");
    private static final Path DISKS = Path.of("/sys/block");

    private final CgroupTree tree;
    private final OwnerId owner = new OwnerId("host-probe");
    private final SandboxId id =
            new SandboxId("probe-" + ProcessHandle.current().pid());

    private HostProbe(CgroupTree tree) {
        this.tree = tree;
    }

    /**
     * Tries everything once; takes some tens of milliseconds, in which one process is killed for want of memory.
     *
     * @param verified capabilities that the caller has verified by other means
     * @param missing those that it found missing, with the reason
     */
    public static HostFacts probe(CgroupTree tree, Set<String> verified, Map<String, String> missing) {
        Set<String> capabilities = new HashSet<>(verified);
        Map<String, String> reasons = new HashMap<>(missing);
        HostProbe probe = new HostProbe(tree);
        probe.removeEarlierOnes();
        try {
            probe.trials()
                    .forEach((capability, trial) -> attempt(trial)
                            .ifPresentOrElse(
                                    reason -> reasons.put(capability, reason), () -> capabilities.add(capability)));
            if (capabilities.contains("memory.max")) {
                capabilities.add("memory.swap"); // the limit is of both together, or it is refused
            } else {
                reasons.put("memory.swap", reasons.getOrDefault("memory.max", "not tried"));
            }
        } finally {
            tree.removeOwner(probe.owner);
        }
        return new HostFacts(
                CpuList.parse(text(CPUS)).cardinality(),
                MemInfo.parse(text(MEMORY)).totalBytes(),
                text(KERNEL).strip(),
                tree.mode(),
                capabilities,
                reasons);
    }

    /** Of an agent that died while it probed. */
    private void removeEarlierOnes() {
        for (CgroupTree.Leaf leaf : tree.list()) {
            if (leaf.owner().equals(owner)) {
                tree.kill(owner, leaf.id());
                tree.remove(owner, leaf.id());
            }
        }
    }

    /** Each throws what is missing. */
    private Map<String, Runnable> trials() {
        Map<String, Runnable> trials = new LinkedHashMap<>();
        trials.put("cpu.weight", () -> limited(limits(50, null, null, null), group -> {}));
        trials.put("cpu.max", () -> limited(limits(100, 100L, null, null), group -> {}));
        trials.put("memory.max", () -> limited(limits(100, null, 4L << 20, null), this::memoryIsTaken));
        trials.put("pids.max", () -> limited(limits(100, null, null, 1L), this::forkIsRefused));
        trials.put("cpuset", this::cpuset);
        trials.put("io", this::io);
        trials.put("devices", () -> limited(Limits.NONE, this::deviceIsRefused));
        trials.put("freezer", () -> limited(Limits.NONE, this::frozenIsFrozen));
        return trials;
    }

    private static Limits limits(
            int weight, @Nullable Long cpuMaxMillis, @Nullable Long memoryMaxBytes, @Nullable Long pidsMax) {
        return new Limits(weight, cpuMaxMillis, memoryMaxBytes, pidsMax, null, List.of());
    }

    /** Empty if the host did it, else why not. */
    private static Optional<String> attempt(Runnable trial) {
        try {
            trial.run();
            return Optional.empty();
        } catch (SandboxException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private void limited(Limits limits, Consumer<List<Path>> work) {
        tree.create(owner, id, limits);
        try {
            work.accept(tree.joinFiles(owner, id));
        } finally {
            tree.kill(owner, id);
            tree.remove(owner, id);
        }
    }

    private void memoryIsTaken(List<Path> group) {
        try (Subject subject = Subject.in(group, "x=$(head -c 16000000 /dev/zero | tr '\\0' x)")) {
            subject.go();
            require(tree.oomKills(owner, id) > 0, "memory.max", "a program took more than its limit");
        }
    }

    private void forkIsRefused(List<Path> group) {
        try (Subject subject = Subject.in(group, "(exit 7); test $? = 7 && exit 77")) {
            require(subject.go() != 77, "pids.max", "a program forked beyond its limit");
        }
    }

    private void deviceIsRefused(List<Path> group) {
        try (Subject subject = Subject.in(group, "(: < /dev/null) || exit 78; (: < /dev/kmsg) && exit 77; exit 0")) {
            int exit = subject.go();
            require(exit != 78, "devices", "/dev/null cannot be opened");
            require(exit != 77, "devices", "a device that is not on the list was opened");
        }
    }

    private void frozenIsFrozen(List<Path> group) {
        try (Subject subject = Subject.in(group, "exit 0")) {
            tree.freeze(owner, id);
            require(tree.frozen(owner, id), "freezer", "the group says that it is not frozen");
            tree.kill(owner, id);
            require(subject.ended() == 137, "freezer", "a frozen program was not killed");
        }
    }

    private void cpuset() {
        int first = CpuList.parse(text(CPUS)).nextSetBit(0);
        limited(new Limits(100, null, null, null, Integer.toString(first), List.of()), group -> {
            try (Subject subject = Subject.in(group, "exit 0")) {
                boolean bound = text(Path.of("/proc/" + subject.pid() + "/status"))
                        .lines()
                        .anyMatch(line -> line.equals("Cpus_allowed_list:\t" + first));
                require(bound, "cpuset", "a program may use other cpus than its own");
            }
        });
    }

    private void io() {
        String disk = someDisk();
        int colon = disk.indexOf(':');
        IoLimit limit = new IoLimit(
                Integer.parseInt(disk.substring(0, colon)),
                Integer.parseInt(disk.substring(colon + 1)),
                1L << 20,
                1L << 20,
                100L,
                100L);
        limited(new Limits(100, null, null, null, null, List.of(limit)), group -> {});
    }

    /** A whole device with something on it, as major:minor. */
    private static String someDisk() {
        try (Stream<Path> disks = Files.list(DISKS)) {
            return disks.sorted()
                    .filter(disk -> !disk.getFileName().toString().matches("(loop|ram|zram|nbd|fd|sr).*"))
                    .map(disk -> text(disk.resolve("dev")).strip())
                    .findFirst()
                    .orElseThrow(() ->
                            new SandboxException(Kind.UNSUPPORTED, "verify", "io", "this host has no disk to limit"));
        } catch (IOException e) {
            throw new SandboxException(Kind.HOST_FAULT, "list", DISKS.toString(), 0, String.valueOf(e.getMessage()), e);
        }
    }

    private static void require(boolean condition, String capability, String otherwise) {
        if (!condition) {
            throw new SandboxException(Kind.UNSUPPORTED, "verify", capability, otherwise);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new SandboxException(Kind.HOST_FAULT, "read", file.toString(), 0, String.valueOf(e.getMessage()), e);
        }
    }
}
