package dev.landlord.cli.dev;

import dev.landlord.cli.failure.CommandFailure;
import dev.landlord.cli.failure.ExitCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What one {@code landlord dev} may use of the host so that several can run side by side: a subtree of control groups and a
 * range of host ids. Held by a lock on a file, so that it is free again however we end.
 */
final class Slot implements AutoCloseable {
    static final int COUNT = 16;

    /** The agent's own default range, 1024 blocks of 65,536 ids, divided among the slots. */
    private static final long FIRST_ID = 1_879_048_192L;

    private static final long IDS = 67_108_864L / COUNT;

    private static final int MAX_TRIES = 10;

    private final int number;
    private final Path file;
    private final FileChannel channel;

    private Slot(int number, Path file, FileChannel channel) {
        this.number = number;
        this.file = file;
        this.channel = channel;
    }

    /**
     * @param folder of the lock files; made if absent
     * @param wanted the one that a state folder used before; empty: the first that is free
     */
    static Slot take(Path folder, OptionalInt wanted) {
        try {
            int from = wanted.orElse(0);
            int to = wanted.isPresent() ? from + 1 : COUNT;
            for (int number = from; number < to; number++) {
                Slot slot = tryTake(number, folder.resolve("slot-" + number + ".lock"));
                if (slot != null) {
                    return slot;
                }
            }
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.FAILED, "cannot lock a slot in " + folder + ": " + e, e);
        }
        throw new CommandFailure(
                ExitCode.FAILED,
                wanted.isPresent()
                        ? "slot " + wanted.getAsInt() + " of this state folder is used by another landlord dev"
                        : "all " + COUNT + " slots are used by other landlord dev");
    }

    private static @Nullable Slot tryTake(int number, Path file) throws IOException {
        FileChannel channel = open(file);
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        if (lock != null && isStill(file, channel)) {
            return new Slot(number, file, channel);
        }
        channel.close();
        return null;
    }

    private static FileChannel open(Path file) throws IOException {
        for (int tries = 1; ; tries++) {
            try {
                Files.createDirectories(Objects.requireNonNull(file.getParent()));
                return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            } catch (NoSuchFileException e) {
                // Whoever ends deletes the folder when it is empty, also between our two calls.
                if (tries == MAX_TRIES) {
                    throw e;
                }
            }
        }
    }

    /** Whoever ends deletes its file: we may have locked one that has no name any more, and another may lock the new one. */
    private static boolean isStill(Path file, FileChannel channel) throws IOException {
        String mark = UUID.randomUUID().toString();
        channel.truncate(0);
        channel.write(ByteBuffer.wrap(mark.getBytes(StandardCharsets.UTF_8)), 0);
        try {
            return Files.readString(file).equals(mark);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    int number() {
        return number;
    }

    /** Name of the subtree of control groups, and of the context of the configuration file but for the first slot. */
    String cgroupRoot() {
        return "landlord-dev-" + number;
    }

    String contextName() {
        return number == 0 ? "dev" : "dev-" + number;
    }

    long idBase() {
        return FIRST_ID + number * IDS;
    }

    long idCount() {
        return IDS;
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(file);
            channel.close();
            Files.deleteIfExists(Objects.requireNonNull(file.getParent()));
        } catch (DirectoryNotEmptyException e) {
            // Others hold their slots.
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.FAILED, "cannot release " + file + ": " + e, e);
        }
    }
}
