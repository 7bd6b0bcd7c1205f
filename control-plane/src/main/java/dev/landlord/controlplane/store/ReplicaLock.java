package dev.landlord.controlplane.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a second replica away from the same file, also after kill -9, because the kernel drops the lock with the process.
 * It is a file of its own: closing any descriptor of a file drops all of the process' locks on it, and SQLite opens and
 * closes the database as it likes.
 */
final class ReplicaLock {
    private final FileChannel channel;

    private ReplicaLock(FileChannel channel) {
        this.channel = channel;
    }

    static ReplicaLock take(Path database) {
        Path file = database.resolveSibling(database.getFileName() + ".lock");
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (tryLock(channel) == null) {
                channel.close();
                throw new StoreUnavailableException(
                        "store: " + database
                                + " is in use by another control plane, and a database of this kind serves one",
                        null);
            }
            return new ReplicaLock(channel);
        } catch (IOException failure) {
            throw new UncheckedIOException("store: lock " + file, failure);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException ignored) {
            // Held by another control plane inside this very process.
            return null;
        }
    }

    void release() {
        try {
            channel.close();
        } catch (IOException failure) {
            throw new UncheckedIOException("store: release the lock", failure);
        }
    }
}
