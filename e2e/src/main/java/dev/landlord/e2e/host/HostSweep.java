package dev.landlord.e2e.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Removes from the host whatever a run has there still, in the order in which it can be removed. */
public final class HostSweep {
    private static final Path CGROUPS = Path.of("/sys/fs/cgroup");
    private static final int DEPTH = 4;
    private static final int TRIES = 100;
    private static final long PAUSE_MILLIS = 20;

    private HostSweep() {}

    /** Processes, mounts, control groups, then files; idempotent. */
    public static void sweep(Footprint footprint) throws IOException {
        endProcesses(footprint);
        unmount(footprint);
        removeControlGroups(footprint.cgroupRoot());
        deleteTree(footprint.scratch());
    }

    private static void endProcesses(Footprint footprint) {
        for (int i = 0; i < TRIES; i++) {
            List<ProcessEntry> left = ProcessEntry.all()
                    .filter(process -> process.belongsTo(footprint))
                    .toList();
            if (left.isEmpty()) {
                return;
            }
            left.forEach(process -> ProcessHandle.of(process.pid()).ifPresent(ProcessHandle::destroyForcibly));
            pause();
        }
    }

    private static void unmount(Footprint footprint) throws IOException {
        String scratch = footprint.scratch().toString();
        List<String> points;
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/mounts"))) {
            points = lines.map(line -> line.split(" ", -1)[1])
                    .filter(point -> point.startsWith(scratch))
                    .sorted(Comparator.reverseOrder())
                    .toList();
        }
        points.forEach(point -> HostCommand.run(List.of("umount", "--lazy", point)));
    }

    /** An emptied group is busy for a moment until the kernel has let go of its last process. */
    public static void removeControlGroups(String cgroupRoot) throws IOException {
        List<Path> roots = controlGroups(cgroupRoot);
        for (Path root : roots) {
            List<Path> groups;
            try (Stream<Path> tree = Files.walk(root)) {
                groups = tree.filter(Files::isDirectory)
                        .sorted(Comparator.reverseOrder())
                        .toList();
            }
            groups.forEach(HostSweep::removeGroup);
        }
    }

    /** The groups of that name in every hierarchy; others may come and go while they are looked for. */
    static List<Path> controlGroups(String name) throws IOException {
        List<Path> found = new ArrayList<>();
        Files.walkFileTree(CGROUPS, Set.of(), DEPTH, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                if (directory.endsWith(name)) {
                    found.add(directory);
                    return FileVisitResult.SKIP_SUBTREE;
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) {
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure) {
                return FileVisitResult.CONTINUE;
            }
        });
        return found;
    }

    private static void removeGroup(Path group) {
        for (int i = 0; i < TRIES; i++) {
            if (group.toFile().delete() || !Files.exists(group)) {
                return;
            }
            pause();
        }
    }

    public static void deleteTree(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure) {
                try {
                    Files.delete(visited);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
