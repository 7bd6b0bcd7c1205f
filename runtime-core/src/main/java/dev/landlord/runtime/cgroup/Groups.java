package dev.landlord.runtime.cgroup;

import dev.landlord.runtime.OwnerId;
import dev.landlord.runtime.SandboxException.Kind;
import dev.landlord.runtime.SandboxId;
import dev.landlord.runtime.cgroup.CgroupTree.Leaf;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** The directories of one group in every hierarchy: named, made and removed together. */
final class Groups {
    static final String SUPERVISORS = "supervisors";
    /** A killed process leaves its group when it is dead, which the kernel does in its own time. */
    private static final Duration REMOVAL = Duration.ofSeconds(10);

    private final CgroupFs fs;
    private final List<Hierarchy> all;
    private final List<Hierarchy> hierarchies;
    private final Map<String, Hierarchy> byController = new HashMap<>();
    private final String root;

    Groups(CgroupFs fs, List<Hierarchy> hierarchies, String root) {
        this.fs = fs;
        this.all = List.copyOf(hierarchies);
        this.hierarchies =
                hierarchies.stream().filter(Hierarchy::holdsSandboxes).toList();
        this.root = root;
        for (Hierarchy hierarchy : this.hierarchies) {
            hierarchy.controllers().forEach(controller -> byController.put(controller, hierarchy));
        }
    }

    CgroupFs fs() {
        return fs;
    }

    String root() {
        return root;
    }

    String supervisors() {
        return root + "/" + SUPERVISORS;
    }

    String owner(OwnerId owner) {
        return root + "/" + directoryName(owner.value());
    }

    String leaf(OwnerId owner, SandboxId id) {
        return owner(owner) + "/" + directoryName(id.value());
    }

    /**
     * The names that would meet something of ours or the kernel's get an underscore in front, which no id has: version 1
     * has a file called "tasks" in every group.
     */
    static String directoryName(String id) {
        return id.equals(SUPERVISORS) || id.equals("tasks") ? "_" + id : id;
    }

    private static String idOf(String directoryName) {
        return directoryName.startsWith("_") ? directoryName.substring(1) : directoryName;
    }

    boolean has(String controller) {
        return byController.containsKey(controller);
    }

    Set<String> controllers() {
        return Set.copyOf(byController.keySet());
    }

    Path directory(String controller, String group) {
        Hierarchy hierarchy = byController.get(controller);
        if (hierarchy == null) {
            throw new IllegalStateException("no hierarchy has the controller " + controller);
        }
        return hierarchy.directory().resolve(group);
    }

    Path file(String controller, String group, String name) {
        return directory(controller, group).resolve(name);
    }

    List<Path> joinFiles(String group) {
        return hierarchies.stream()
                .map(h -> h.directory().resolve(group).resolve("cgroup.procs"))
                .toList();
    }

    /** Makes each part of the root's path and the supervisors' group, in all hierarchies; those that exist stay. */
    void makeRoot(Consumer<String> prepare) {
        String group = "";
        for (String part : root.split("/", -1)) {
            group = group.isEmpty() ? part : group + "/" + part;
            for (Hierarchy hierarchy : all) {
                ensure(hierarchy.directory().resolve(group));
            }
            prepare.accept(group);
        }
        for (Hierarchy hierarchy : all) {
            ensure(hierarchy.directory().resolve(supervisors()));
        }
    }

    /** Makes the slice where it is not yet. */
    void makeOwner(OwnerId owner) {
        for (Hierarchy hierarchy : hierarchies) {
            ensure(hierarchy.directory().resolve(owner(owner)));
        }
    }

    private void ensure(Path directory) {
        try {
            fs.makeDirectory(directory);
        } catch (FileAlreadyExistsException ignored) {
            // another runtime on this host, or an earlier life of this one, made it
        } catch (IOException e) {
            throw Faults.host("make control group", directory, e);
        }
    }

    /** Makes the group in every hierarchy or in none. */
    void makeLeaf(String leaf) throws NoSuchFileException {
        int made = 0;
        try {
            for (Hierarchy hierarchy : hierarchies) {
                fs.makeDirectory(hierarchy.directory().resolve(leaf));
                made++;
            }
        } catch (IOException e) {
            Path refused = hierarchies.get(made).directory().resolve(leaf);
            for (Hierarchy hierarchy : hierarchies.subList(0, made)) {
                removeNow(hierarchy.directory().resolve(leaf), e);
            }
            if (e instanceof NoSuchFileException absent) {
                throw absent;
            }
            Kind kind = e instanceof FileAlreadyExistsException ? Kind.ALREADY_EXISTS : Kind.HOST_FAULT;
            throw Faults.of(kind, "make control group", refused, e);
        }
    }

    private void removeNow(Path directory, IOException during) {
        try {
            fs.removeDirectory(directory);
        } catch (IOException e) {
            during.addSuppressed(e);
        }
    }

    /** Removes the group everywhere, waiting for the dead to leave. */
    void remove(String group) {
        long deadline = System.nanoTime() + REMOVAL.toNanos();
        for (Hierarchy hierarchy : hierarchies) {
            remove(hierarchy.directory().resolve(group), deadline);
        }
    }

    private void remove(Path directory, long deadline) {
        long pause = 200_000;
        while (true) {
            try {
                fs.removeDirectory(directory);
                return;
            } catch (NoSuchFileException ignored) {
                return;
            } catch (IOException e) {
                if (System.nanoTime() >= deadline || !directories(directory).isEmpty()) {
                    throw Faults.host("remove control group", directory, e);
                }
            }
            Faults.pause(pause, "remove control group", directory);
            pause = Math.min(pause * 2, 20_000_000);
        }
    }

    void removeRoot() {
        for (Hierarchy hierarchy : all) {
            long now = System.nanoTime();
            remove(hierarchy.directory().resolve(supervisors()), now + REMOVAL.toNanos());
            remove(hierarchy.directory().resolve(root), now);
        }
    }

    boolean exists(String group) {
        return hierarchies.stream().anyMatch(h -> fs.exists(h.directory().resolve(group)));
    }

    List<Leaf> list() {
        Set<Leaf> leaves = new TreeSet<>(
                Comparator.<Leaf, String>comparing(l -> l.owner().value()).thenComparing(l -> l.id().value()));
        for (Hierarchy hierarchy : hierarchies) {
            Path top = hierarchy.directory().resolve(root);
            for (String owner : directories(top)) {
                if (!owner.equals(SUPERVISORS)) {
                    directories(top.resolve(owner))
                            .forEach(id -> leafOf(owner, id).ifPresent(leaves::add));
                }
            }
        }
        return new ArrayList<>(leaves);
    }

    /** None if somebody else's names are in our subtree: whatever that is, it is not a sandbox. */
    private static Optional<Leaf> leafOf(String owner, String id) {
        try {
            return Optional.of(new Leaf(new OwnerId(idOf(owner)), new SandboxId(idOf(id))));
        } catch (IllegalArgumentException ignored) {
            return Optional.empty();
        }
    }

    private List<String> directories(Path directory) {
        try {
            return fs.directories(directory);
        } catch (IOException e) {
            throw Faults.host("list control groups", directory, e);
        }
    }

    /** Where supervisors go: all hierarchies but those that {@code rootAlready} says are not needed. */
    List<Path> supervisorJoinFiles(Predicate<Hierarchy> rootAlready) {
        return all.stream()
                .filter(h -> !rootAlready.test(h))
                .map(h -> h.directory().resolve(supervisors()).resolve("cgroup.procs"))
                .toList();
    }
}
