package dev.landlord.e2e.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What there is on the host of each kind that a run could leave behind. Compare one from before with one from after. */
public final class HostInventory {
    private static final List<Path> PLACES_OF_FILES =
            List.of(Path.of("/tmp"), Path.of("/run"), Path.of("/var/lib"), Path.of("/dev/shm"), Path.of("/etc"));

    /** What can be left behind. */
    public enum Kind {
        PROCESS,
        MOUNT,
        NAMESPACE,
        CONTROL_GROUP,
        NETWORK_LINK,
        FIREWALL_TABLE,
        FILE;

        public String words() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
        }
    }

    private final Map<Kind, NavigableSet<String>> things;

    private HostInventory(Map<Kind, NavigableSet<String>> things) {
        this.things = things;
    }

    /** Processes, control groups and files are those of the footprint; the rest is everything there is on the host. */
    public static HostInventory take(Footprint footprint) throws IOException {
        Map<Kind, NavigableSet<String>> things = new EnumMap<>(Kind.class);
        things.put(Kind.PROCESS, processes(footprint));
        things.put(Kind.MOUNT, mounts());
        things.put(Kind.NAMESPACE, namespaces(footprint));
        things.put(Kind.CONTROL_GROUP, controlGroups(footprint));
        things.put(Kind.NETWORK_LINK, children(Path.of("/sys/class/net"), name -> true));
        things.put(Kind.FIREWALL_TABLE, firewallTables());
        things.put(Kind.FILE, files(footprint));
        return new HostInventory(things);
    }

    /** What is there now of this kind and was not there before. */
    public NavigableSet<String> beyond(HostInventory before, Kind kind) {
        NavigableSet<String> beyond = new TreeSet<>(things.getOrDefault(kind, new TreeSet<>()));
        beyond.removeAll(before.things.getOrDefault(kind, new TreeSet<>()));
        return beyond;
    }

    private static NavigableSet<String> processes(Footprint footprint) {
        return sorted(ProcessEntry.all()
                .filter(process -> process.belongsTo(footprint))
                .map(ProcessEntry::toString));
    }

    private static NavigableSet<String> mounts() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/mounts"))) {
            return sorted(lines);
        }
    }

    /** Named network namespaces of the host, and namespaces of every kind that a process of the footprint is in. */
    private static NavigableSet<String> namespaces(Footprint footprint) {
        Stream<String> named =
                children(Path.of("/run/netns"), name -> true).stream().map(name -> "netns " + name);
        Stream<String> held = ProcessEntry.all()
                .filter(process -> footprint.owns(process.uid()))
                .flatMap(process -> namespacesOf(process.pid()));
        return sorted(Stream.concat(named, held));
    }

    private static Stream<String> namespacesOf(long pid) {
        Path directory = Path.of("/proc/" + pid + "/ns");
        return children(directory, name -> true).stream().map(name -> {
            try {
                return Files.readSymbolicLink(directory.resolve(name)).toString();
            } catch (IOException ended) {
                return "namespace " + name + " of process " + pid + ", which ended just now";
            }
        });
    }

    private static NavigableSet<String> controlGroups(Footprint footprint) throws IOException {
        return sorted(HostSweep.controlGroups(footprint.cgroupRoot()).stream().map(Path::toString));
    }

    /** Those groups of the footprint that have one of these names; others may go while they are looked for. */
    public static NavigableSet<String> controlGroupsNamed(Footprint footprint, Collection<String> names)
            throws IOException {
        NavigableSet<String> found = new TreeSet<>();
        for (Path root : HostSweep.controlGroups(footprint.cgroupRoot())) {
            try (Stream<Path> tree = Files.walk(root)) {
                tree.filter(group -> names.contains(group.getFileName().toString()))
                        .forEach(group -> found.add(group.toString()));
            } catch (NoSuchFileException | UncheckedIOException gone) {
                // Gone meanwhile: whoever waits for an end looks again.
                found.add("groups below " + root + " that go at this moment");
            }
        }
        return found;
    }

    private static NavigableSet<String> firewallTables() {
        HostCommand listed = HostCommand.run(List.of("nft", "list", "tables"));
        return sorted(listed.output().lines().filter(line -> line.startsWith("table ")));
    }

    private static NavigableSet<String> files(Footprint footprint) {
        String scratch = footprint.scratch().getFileName().toString();
        return PLACES_OF_FILES.stream()
                .flatMap(place ->
                        children(place, name -> name.contains(scratch) || name.contains(footprint.cgroupRoot()))
                                .stream()
                                .map(name -> place + "/" + name))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static NavigableSet<String> children(Path directory, Predicate<String> wanted) {
        String[] names = directory.toFile().list();
        return sorted(Stream.of(names == null ? new String[0] : names).filter(wanted));
    }

    private static NavigableSet<String> sorted(Stream<String> values) {
        return values.collect(Collectors.toCollection(TreeSet::new));
    }
}
