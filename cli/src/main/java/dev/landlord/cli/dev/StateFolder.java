package dev.landlord.cli.dev;

import dev.landlord.cli.failure.CommandFailure;
import dev.landlord.cli.failure.ExitCode;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where both programs keep their state, and we their logs. A temporary one is deleted at the end. */
final class StateFolder {
    private final Path path;
    private final boolean temporary;

    private StateFolder(Path path, boolean temporary) {
        this.path = path;
        this.temporary = temporary;
    }

    /** The given one, made if absent; or a fresh temporary one. For its owner alone. */
    static StateFolder open(@Nullable Path given) {
        var onlyOwner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
        try {
            if (given == null) {
                return new StateFolder(Files.createTempDirectory("landlord-dev-", onlyOwner), true);
            }
            Path absolute = given.toAbsolutePath().normalize();
            Files.createDirectories(absolute, onlyOwner);
            return new StateFolder(absolute.toRealPath(), false);
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.FAILED, "cannot make the state folder: " + e, e);
        }
    }

    Path path() {
        return path;
    }

    boolean temporary() {
        return temporary;
    }

    Path controlPlane() {
        return path.resolve("control-plane");
    }

    Path agent() {
        return path.resolve("agent");
    }

    Path joinToken() {
        return path.resolve("join.token");
    }

    /** The slot that this folder used before: its sandboxes are in that subtree and own ids of that range. */
    OptionalInt slot() {
        try {
            return OptionalInt.of(Integer.parseInt(Files.readString(slotFile()).strip()));
        } catch (NoSuchFileException e) {
            return OptionalInt.empty();
        } catch (IOException | NumberFormatException e) {
            throw new CommandFailure(ExitCode.FAILED, "cannot read " + slotFile() + ": " + e, e);
        }
    }

    void rememberSlot(int number) {
        try {
            Files.writeString(slotFile(), number + "\n");
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.FAILED, "cannot write " + slotFile() + ": " + e, e);
        }
    }

    private Path slotFile() {
        return path.resolve("slot");
    }

    BoundedLog log(String name) {
        Path file = path.resolve(name + ".log");
        try {
            return new BoundedLog(file, 8L << 20);
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.FAILED, "cannot write " + file + ": " + e, e);
        }
    }

    /** A temporary one in which nothing ever began. */
    void deleteIfUnused() {
        try {
            if (temporary && Files.exists(path) && !Files.exists(slotFile())) {
                delete();
            }
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.FAILED, "cannot delete " + path + ": " + e, e);
        }
    }

    /** Never goes into a mount: what is mounted in here would be deleted with it. */
    void delete() throws IOException {
        List<String> mounts;
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/mountinfo"))) {
            mounts = lines.map(line -> line.split(" ", 6)[4])
                    .filter(point -> point.startsWith(path + "/"))
                    .toList();
        }
        if (!mounts.isEmpty()) {
            throw new IOException("something is mounted in it: " + String.join(", ", mounts));
        }
        Files.walkFileTree(path, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
