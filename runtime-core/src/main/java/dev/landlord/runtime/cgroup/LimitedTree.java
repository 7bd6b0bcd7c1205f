package dev.landlord.runtime.cgroup;

import dev.landlord.runtime.LimitReading;
import dev.landlord.runtime.Limits;
import dev.landlord.runtime.OwnerId;
import dev.landlord.runtime.PressureStall;
import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.SandboxException.Kind;
import dev.landlord.runtime.SandboxId;
import dev.landlord.runtime.Usage;
import dev.landlord.runtime.limit.CgroupWrite;
import dev.landlord.runtime.limit.Host;
import dev.landlord.runtime.proc.Pressure;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What both versions have in common: groups come and go in all hierarchies or in none, and every write is read back. The
 * versions say what to write and what to read.
 */
abstract sealed class LimitedTree implements CgroupTree permits CgroupV1Tree, CgroupV2Tree {
    protected final Groups groups;
    protected final CgroupFs fs;
    private final Freezer freezer;
    private final Set<String> hugePages;
    private final List<Path> supervisorJoinFiles;
    /** Slices known to be there and prepared. One entry per owner on this host. */
    private final ConcurrentHashMap<OwnerId, Boolean> slices = new ConcurrentHashMap<>();

    LimitedTree(Groups groups, Freezer freezer, List<Path> supervisorJoinFiles) {
        this.groups = groups;
        this.fs = groups.fs();
        this.freezer = freezer;
        this.hugePages = OnDemand.hugePageSizes(fs);
        this.supervisorJoinFiles = List.copyOf(supervisorJoinFiles);
    }

    /** Brings the slice, new or found, into the state that its groups rely on. */
    abstract void prepareSlice(String slice);

    /** Checks what a new group got from its slice. */
    abstract void verifyInherited(String leaf);

    abstract List<CgroupWrite> createWrites(Limits limits);

    /** Files that {@link #updateWrites} wants to know, by controller. */
    abstract Map<String, List<String>> updateFiles();

    abstract List<CgroupWrite> updateWrites(Limits limits, String group, Map<String, String> before);

    /** Throws if a sandbox has more of what cannot be taken from it than these allow. */
    void requireLowerable(String leaf, Limits limits) {}

    /** Before limits are lowered; throws if more is in use than they allow, and then has changed none. */
    void makeRoom(Limits limits, String group, Map<String, String> before) {}

    abstract Usage readUsage(String leaf) throws IOException;

    abstract long readOomKills(String leaf) throws IOException;

    /** Whether it is certain that this group's own limit has killed nobody; what is inside it does not count. */
    abstract boolean neverAtItsLimit(String group) throws IOException;

    /** Those that limit sandboxes, or can be made to. */
    abstract Set<String> controllers();

    /** Which controller's directory has a file of this controller. */
    abstract String hierarchyOf(String controller);

    @Override
    public final void create(OwnerId owner, SandboxId id, Limits limits) {
        List<CgroupWrite> writes = createWrites(limits);
        String leaf = groups.leaf(owner, id);
        makeLeaf(owner, leaf);
        try {
            prepare(owner, limits);
            verifyInherited(leaf);
            writes.forEach(write -> apply(leaf, write));
        } catch (RuntimeException e) {
            try {
                groups.remove(leaf);
            } catch (RuntimeException leftover) {
                e.addSuppressed(leftover);
            }
            throw e;
        }
    }

    /** What only few ask for costs nobody else anything. */
    private void prepare(OwnerId owner, Limits limits) {
        if (!limits.hugePages().isEmpty() && hierarchyOf(OnDemand.HUGETLB).equals(Hierarchy.UNIFIED)) {
            OnDemand.handDown(groups, owner, OnDemand.HUGETLB);
        }
    }

    private void makeLeaf(OwnerId owner, String leaf) {
        ensureSlice(owner);
        try {
            groups.makeLeaf(leaf);
        } catch (NoSuchFileException ignored) {
            slices.remove(owner); // somebody else removed the slice; make it once more
            ensureSlice(owner);
            try {
                groups.makeLeaf(leaf);
            } catch (NoSuchFileException e) {
                throw Faults.host("make control group", Path.of(leaf), e);
            }
        }
    }

    private void ensureSlice(OwnerId owner) {
        slices.computeIfAbsent(owner, o -> {
            groups.makeOwner(o);
            prepareSlice(groups.owner(o));
            return true;
        });
    }

    @Override
    public final List<Path> joinFiles(OwnerId owner, SandboxId id) {
        return groups.joinFiles(groups.leaf(owner, id));
    }

    @Override
    public Optional<Path> birthDirectory(OwnerId owner, SandboxId id) {
        return Optional.empty();
    }

    @Override
    public final Set<String> hugePageSizes() {
        return Set.copyOf(hugePages);
    }

    @Override
    public Optional<Path> outOfMemoryEvents(OwnerId owner, SandboxId id) {
        return Optional.empty();
    }

    @Override
    public final List<Path> supervisorJoinFiles() {
        return supervisorJoinFiles;
    }

    @Override
    public final void update(OwnerId owner, SandboxId id, Limits limits) {
        String leaf = groups.leaf(owner, id);
        if (!groups.exists(leaf)) {
            throw new SandboxException(Kind.NOT_FOUND, "update limits of", leaf, "no such control group");
        }
        prepare(owner, limits);
        requireLowerable(leaf, limits);
        update(leaf, limits);
    }

    @Override
    public final void limitOwner(OwnerId owner, Limits limits) {
        ensureSlice(owner);
        prepare(owner, limits);
        limitSlice(owner, limits);
    }

    /** With what is in it. */
    void limitSlice(OwnerId owner, Limits limits) {
        update(groups.owner(owner), limits);
    }

    @Override
    public final List<LimitReading> read(OwnerId owner, SandboxId id, Limits wanted) {
        return read(groups.leaf(owner, id), wanted);
    }

    @Override
    public final List<LimitReading> readOwner(OwnerId owner, Limits wanted) {
        return read(groups.owner(owner), wanted);
    }

    /** A group that is being removed gives all kinds of errors, or nothing at all: what counts is that it has gone. */
    private List<LimitReading> read(String group, Limits wanted) {
        try {
            List<LimitReading> readings = readings(group, wanted);
            boolean whole =
                    readings.stream().noneMatch(reading -> reading.found().isEmpty());
            if (whole || groups.exists(group)) {
                return readings;
            }
            throw new SandboxException(Kind.NOT_FOUND, "read limits of", group, "no such control group");
        } catch (SandboxException e) {
            if (groups.exists(group) || e.kind() == Kind.NOT_FOUND) {
                throw e;
            }
            throw new SandboxException(Kind.NOT_FOUND, "read limits of", group, 0, "no such control group", e);
        }
    }

    private List<LimitReading> readings(String group, Limits wanted) {
        Map<String, String> texts = texts(group);
        List<LimitReading> readings = new ArrayList<>();
        for (CgroupWrite write : updateWrites(wanted, group, texts)) {
            String text = texts.get(write.readFile());
            if (text == null) {
                text = readIfPresent(groups.file(hierarchyOf(write.controller()), group, write.readFile()));
            }
            readings.add(write.reading(text == null ? "" : text));
        }
        return readings;
    }

    private void update(String group, Limits limits) {
        Map<String, String> before = texts(group);
        List<CgroupWrite> writes = updateWrites(limits, group, before);
        makeRoom(limits, group, before);
        int done = 0;
        try {
            for (; done < writes.size(); done++) {
                apply(group, writes.get(done));
            }
        } catch (RuntimeException e) {
            // The refused one too: it may have been taken, but not as it was meant.
            restore(group, writes.subList(0, done + 1), before, e);
            throw e;
        }
    }

    private void restore(String group, List<CgroupWrite> writes, Map<String, String> before, RuntimeException because) {
        for (CgroupWrite write : writes.reversed()) {
            String text = before.get(write.file());
            if (text != null) {
                restore(group, write.undo(text), because);
            }
        }
    }

    private void restore(String group, CgroupWrite undo, RuntimeException because) {
        try {
            String now = readIfPresent(groups.file(hierarchyOf(undo.controller()), group, undo.file()));
            if (now == null || !undo.readBack().accepts(now)) {
                apply(group, undo);
            }
        } catch (RuntimeException e) {
            because.addSuppressed(e);
        }
    }

    private Map<String, String> texts(String group) {
        Map<String, String> texts = new HashMap<>();
        updateFiles().forEach((controller, files) -> {
            if (hasController(controller)) {
                files.forEach(file -> {
                    String text = readIfPresent(groups.file(hierarchyOf(controller), group, file));
                    if (text != null) {
                        texts.put(file, text);
                    }
                });
            }
        });
        return texts;
    }

    abstract boolean hasController(String controller);

    /** What there is to carry out these limits with; looks only at what they are about. */
    protected final Host host(Limits limits) {
        Set<String> weighed = limits.io().stream()
                .filter(io -> io.weight() != null)
                .map(io -> io.major() + ":" + io.minor())
                .filter(this::isProportional)
                .collect(Collectors.toSet());
        boolean unified = hierarchyOf(OnDemand.HUGETLB).equals(Hierarchy.UNIFIED);
        return new Host(controllers(), hugePages, unified, weighed);
    }

    private boolean isProportional(String device) {
        String text = readIfPresent(Path.of("/sys/dev/block", device, "queue/scheduler"));
        return text != null && text.contains("[bfq]");
    }

    /** Version 2 counts waiting also where all controllers are on version 1. */
    protected final PressureStall pressure(String leaf) throws IOException {
        if (!groups.has(Hierarchy.UNIFIED)) {
            return PressureStall.NONE;
        }
        Pressure cpu = pressure(leaf, "cpu.pressure");
        Pressure memory = pressure(leaf, "memory.pressure");
        Pressure io = pressure(leaf, "io.pressure");
        return new PressureStall(
                cpu.some().totalMicros(),
                fullMicros(cpu),
                memory.some().totalMicros(),
                fullMicros(memory),
                io.some().totalMicros(),
                fullMicros(io));
    }

    private Pressure pressure(String leaf, String file) throws IOException {
        try {
            return Pressure.parse(fs.read(groups.file(Hierarchy.UNIFIED, leaf, file)));
        } catch (NoSuchFileException e) {
            if (!fs.exists(groups.directory(Hierarchy.UNIFIED, leaf))) {
                throw e;
            }
            return Pressure.NONE;
        }
    }

    private static long fullMicros(Pressure pressure) {
        Pressure.Line full = pressure.full();
        return full == null ? 0 : full.totalMicros();
    }

    /** What the group above may use. */
    protected final String cpusAbove(String group, String file) {
        if (!hasController("cpuset")) {
            return "";
        }
        Path above = groups.directory(hierarchyOf("cpuset"), group).resolveSibling(file);
        try {
            return fs.read(above).strip();
        } catch (IOException e) {
            throw Faults.host("read", above, e);
        }
    }

    final @Nullable String readIfPresent(Path file) {
        try {
            return fs.read(file);
        } catch (NoSuchFileException ignored) {
            return null;
        } catch (IOException e) {
            throw Faults.host("read", file, e);
        }
    }

    /** Writes one value and looks whether the kernel has taken it as it was meant. */
    protected final void apply(String group, CgroupWrite write) {
        Path directory = groups.directory(hierarchyOf(write.controller()), group);
        Path file = directory.resolve(write.file());
        String operation = "set " + write.field();
        String found;
        try {
            if (write.readFile().equals(write.file())) {
                found = fs.writeAndRead(file, write.value() + "\n");
            } else {
                fs.write(file, write.value() + "\n");
                found = fs.read(directory.resolve(write.readFile()));
            }
        } catch (IOException e) {
            String reason = "the kernel refused \"" + write.value() + "\": " + Faults.reason(e);
            throw new SandboxException(Kind.UNSUPPORTED, operation, file.toString(), Faults.errno(e), reason, e);
        }
        if (!write.readBack().accepts(found)) {
            throw new SandboxException(
                    Kind.UNSUPPORTED,
                    operation,
                    file.toString(),
                    "wrote \"" + write.value() + "\" and read \"" + found.strip() + "\" from " + write.readFile());
        }
    }

    @Override
    public final void freeze(OwnerId owner, SandboxId id) {
        freezer.freeze(groups.leaf(owner, id));
    }

    @Override
    public final void thaw(OwnerId owner, SandboxId id) {
        freezer.thaw(groups.leaf(owner, id));
    }

    @Override
    public final boolean frozen(OwnerId owner, SandboxId id) {
        return freezer.frozen(groups.leaf(owner, id));
    }

    @Override
    public final void kill(OwnerId owner, SandboxId id) {
        freezer.kill(groups.leaf(owner, id));
    }

    @Override
    public final Usage usage(OwnerId owner, SandboxId id) {
        String leaf = groups.leaf(owner, id);
        try {
            return readUsage(leaf);
        } catch (IOException e) {
            throw unreadable(leaf, e);
        }
    }

    @Override
    public final long oomKills(OwnerId owner, SandboxId id) {
        String leaf = groups.leaf(owner, id);
        try {
            return readOomKills(leaf);
        } catch (IOException e) {
            throw unreadable(leaf, e);
        }
    }

    @Override
    public final boolean neverOutOfOwnMemory(OwnerId owner, SandboxId id) {
        String leaf = groups.leaf(owner, id);
        try {
            return neverAtItsLimit(leaf) && neverAtItsLimit(groups.owner(owner));
        } catch (IOException e) {
            throw unreadable(leaf, e);
        }
    }

    /** A group removed meanwhile gives all kinds of errors; what counts is that it is not there any more. */
    private SandboxException unreadable(String leaf, IOException e) {
        Kind kind = groups.exists(leaf) ? Kind.HOST_FAULT : Kind.NOT_FOUND;
        return Faults.of(kind, "read usage of", Path.of(leaf), e);
    }

    /** The file's text; empty on a host that does not have the controller or the file. */
    protected final String textOf(String controller, String group, String file) throws IOException {
        if (!hasController(controller)) {
            return "";
        }
        try {
            return fs.read(groups.file(hierarchyOf(controller), group, file));
        } catch (NoSuchFileException e) {
            if (!fs.exists(groups.directory(hierarchyOf(controller), group))) {
                throw e;
            }
            return "";
        }
    }

    /** The file's only number; 0 if it is absent or says "max". */
    protected final long numberOf(String controller, String group, String file) throws IOException {
        String text = textOf(controller, group, file).strip();
        return text.isEmpty() || text.equals("max") ? 0 : Long.parseLong(text);
    }

    @Override
    public final void remove(OwnerId owner, SandboxId id) {
        groups.remove(groups.leaf(owner, id));
    }

    @Override
    public final List<Leaf> list() {
        return groups.list();
    }

    @Override
    public final boolean exists(OwnerId owner, SandboxId id) {
        return groups.exists(groups.leaf(owner, id));
    }

    @Override
    public final void freezeOwner(OwnerId owner) {
        ensureSlice(owner);
        freezer.freeze(groups.owner(owner));
    }

    @Override
    public final void thawOwner(OwnerId owner) {
        ensureSlice(owner);
        freezer.thaw(groups.owner(owner));
    }

    @Override
    public final void removeOwner(OwnerId owner) {
        slices.remove(owner); // first: whoever creates in it now makes it anew, or keeps us from removing it
        groups.remove(groups.owner(owner));
    }

    @Override
    public final void removeRoot() {
        groups.removeRoot();
    }
}
