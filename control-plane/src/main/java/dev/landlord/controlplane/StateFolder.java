package dev.landlord.controlplane;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * The folder of all that must survive a restart.
 *
 * @param lock keeps a second control plane out, also after kill -9, because the kernel drops it with the process
 */
record StateFolder(Path path, FileChannel lock) implements AutoCloseable {
    private static final Set<PosixFilePermission> OF_OTHERS =
            Set.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

    /** Makes it if it is missing. Refuses one that others may write to: they could exchange the keys. */
    static StateFolder open(Path path) {
        try {
            Files.createDirectories(
                    path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path);
            if (permissions.stream().anyMatch(OF_OTHERS::contains)) {
                throw new StartRefused(
                        "landlord.state-dir " + path + " may be written to by others ("
                                + PosixFilePermissions.toString(permissions) + "), who could exchange the keys in it.",
                        "Make it 0700.");
            }
            Path real = path.toRealPath();
            return new StateFolder(real, lock(real));
        } catch (IOException failure) {
            throw new UncheckedIOException("landlord.state-dir " + path, failure);
        }
    }

    private static FileChannel lock(Path folder) throws IOException {
        FileChannel channel =
                FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        boolean taken = false;
        try {
            taken = channel.tryLock() != null;
        } catch (OverlappingFileLockException ofThisProcess) {
            // Several control planes live in one process only in tests.
            taken = false;
        }
        if (!taken) {
            channel.close();
            throw new StartRefused(
                    "landlord.state-dir " + folder + " is in use by another control plane.",
                    "Stop it, or name another landlord.state-dir.");
        }
        return channel;
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException failure) {
            throw new UncheckedIOException("landlord.state-dir " + path + ": release the lock", failure);
        }
    }
}
