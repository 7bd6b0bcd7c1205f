package dev.landlord.cli.dev;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The subtree that the agent was given, in every hierarchy of this host. */
final class ControlGroups {
    private static final int MAX_DEPTH = 3;

    private final Path mount;
    private final String root;

    ControlGroups(Path mount, String root) {
        this.mount = mount;
        this.root = root;
    }

    /** Whether any of its groups still has a process. */
    boolean hasProcesses() throws IOException {
        for (Path group : groups()) {
            if (!Files.readString(group.resolve("cgroup.procs")).isBlank()) {
                return true;
            }
        }
        return false;
    }

    /** Removes the empty groups; returns those that stay because they are not. */
    List<Path> remove() throws IOException {
        List<Path> left = new ArrayList<>();
        for (Path group : groups()) {
            try {
                Files.deleteIfExists(group);
            } catch (DirectoryNotEmptyException e) {
                left.add(group);
            } catch (IOException e) {
                // EBUSY: a process is in it.
                left.add(group);
            }
        }
        return left;
    }

    /** Inner groups before those that hold them. */
    private List<Path> groups() throws IOException {
        List<Path> all = new ArrayList<>();
        for (Path top : tops()) {
            try (Stream<Path> tree = Files.walk(top, MAX_DEPTH + 1)) {
                tree.filter(Files::isDirectory)
                        .sorted(Comparator.reverseOrder())
                        .forEach(all::add);
            }
        }
        return all;
    }

    /** On version 2 below the mount itself, on version 1 below each hierarchy. */
    private List<Path> tops() throws IOException {
        List<Path> tops = new ArrayList<>();
        if (Files.isDirectory(mount.resolve(root))) {
            tops.add(mount.resolve(root));
        }
        try (Stream<Path> hierarchies = Files.list(mount)) {
            hierarchies
                    .filter(hierarchy -> !Files.isSymbolicLink(hierarchy))
                    .map(hierarchy -> hierarchy.resolve(root))
                    .filter(Files::isDirectory)
                    .forEach(tops::add);
        }
        return tops;
    }
}
