package dev.landlord.agent;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The agent's own directory, which one agent at a time may use. */
final class StateDirectory implements AutoCloseable {
    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rwx------");

    private final Path path;
    private final FileChannel lockFile;

    private StateDirectory(Path path, FileChannel lockFile) {
        this.path = path;
        this.lockFile = lockFile;
    }

    /** Makes it if it is absent, and takes it; the kernel gives it back when the process ends, however it ends. */
    static StateDirectory take(Path path) {
        try {
            makePrivate(path);
            FileChannel channel =
                    FileChannel.open(path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = tryLock(channel);
            if (lock == null) {
                channel.close();
                throw new ConfigurationException(
                        AgentProperties.PREFIX + ".state-dir: another agent uses " + path, null);
            }
            return new StateDirectory(path, channel);
        } catch (IOException e) {
            throw new ConfigurationException(AgentProperties.PREFIX + ".state-dir: open " + path + ": " + e, e);
        }
    }

    /** A directory that holds another's things is not taken away from those who use it. */
    private static void makePrivate(Path path) throws IOException {
        Files.createDirectories(path);
        if (Files.getPosixFilePermissions(path).equals(PRIVATE)) {
            return;
        }
        if (!Files.exists(path.resolve("lock")) && !isEmpty(path)) {
            throw new ConfigurationException(
                    AgentProperties.PREFIX + ".state-dir: " + path
                            + " holds something that is not an agent's and is open"
                            + " to others; name a directory of its own",
                    null);
        }
        Files.setPosixFilePermissions(path, PRIVATE);
    }

    private static boolean isEmpty(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.findAny().isEmpty();
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    Path path() {
        return path;
    }

    /** For those who started the agent: where it listens, now that it does. */
    void announce(int metricsPort) {
        try {
            Path fresh = path.resolve("listeners.json.new");
            Files.writeString(fresh, "{\"metrics\":" + metricsPort + "}\n");
            Files.move(fresh, path.resolve("listeners.json"), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new ConfigurationException("write " + path.resolve("listeners.json") + ": " + e, e);
        }
    }

    /** An announcement of an earlier process would mislead. */
    void withdrawAnnouncement() {
        try {
            Files.deleteIfExists(path.resolve("listeners.json"));
        } catch (IOException e) {
            throw new ConfigurationException("delete " + path.resolve("listeners.json") + ": " + e, e);
        }
    }

    @Override
    public void close() {
        try {
            lockFile.close();
        } catch (IOException e) {
            throw new ConfigurationException("close " + path.resolve("lock") + ": " + e, e);
        }
    }
}
