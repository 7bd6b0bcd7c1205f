package dev.landlord.controlplane.store;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The store. All methods are thread-safe and may be called from virtual threads: the work itself always runs on the
 * store's own platform threads.
 *
 * <p>Work must be short, must not wait for anything, must not keep the {@link JdbcClient}, and must not call the database
 * again: nested use throws {@link IllegalStateException}.
 */
public final class Database implements AutoCloseable {
    private static final int READERS = 3;

    private final ReplicaLock lock;
    private final Writer writer;
    private final Readers readers;
    private final String incarnation;

    private Database(ReplicaLock lock, Writer writer, Readers readers, String incarnation) {
        this.lock = lock;
        this.writer = writer;
        this.readers = readers;
        this.incarnation = incarnation;
    }

    /**
     * Opens the file, made 0600 if it is missing, and migrates it.
     *
     * @throws StoreUnavailableException if another replica has it
     */
    public static Database open(Path file) {
        ReplicaLock lock = ReplicaLock.take(file);
        try {
            createPrivate(file);
            return open(file, lock);
        } catch (SQLException | IOException | RuntimeException failure) {
            lock.release();
            throw new StoreUnavailableException("store: open " + file + ": " + failure.getMessage(), failure);
        }
    }

    private static Database open(Path file, ReplicaLock lock) throws SQLException {
        Connections connections = new Connections(file);
        Migrations.run(connections.source());
        Meta meta = Meta.load(connections, newIncarnation());
        Database database = new Database(
                lock,
                new Writer(connections.open(), meta.revision()),
                new Readers(connections, READERS),
                meta.incarnation());
        database.readers.start();
        database.writer.start();
        return database;
    }

    /** Runs the work on one consistent snapshot. It cannot write. */
    public <T extends @Nullable Object> T read(Function<JdbcClient, T> work) {
        requireOutside();
        return readers.submit(work);
    }

    /**
     * Runs the work inside a transaction and returns when it is durable. If it throws, nothing of it stays and the caller
     * gets the exception. If it changed no row, the revision stays.
     *
     * @throws StoreUnavailableException if the queue is full, the disk refused or the store is closing
     */
    public <T extends @Nullable Object> T write(Function<JdbcClient, T> work) {
        requireOutside();
        return writer.submit(work);
    }

    /** The revision of the last commit: 0 or more; grows by one with each commit that changed something. */
    public long revision() {
        return writer.revision();
    }

    /** Calls with the new revision after each commit that changed something, on the writer's thread: return at once. */
    public void onCommit(LongConsumer listener) {
        writer.onCommit(listener);
    }

    /** How many writes wait for the writer now. */
    public int waitingWrites() {
        return writer.waiting();
    }

    /** Random id of this database's life, fit for {@code Generation.incarnation}. */
    public String incarnation() {
        return incarnation;
    }

    @Override
    public void close() throws SQLException {
        try {
            writer.close();
            readers.close();
        } finally {
            lock.release();
        }
    }

    private void requireOutside() {
        if (writer.isCurrentThread() || readers.isCurrentThread()) {
            throw new IllegalStateException("nested use of the database: use the client that the work was given");
        }
    }

    private static void createPrivate(Path file) throws IOException {
        try {
            // The journal and the shared-memory file inherit this mode from SQLite.
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (FileAlreadyExistsException ignored) {
            // Keep what an operator has set.
            return;
        }
    }

    private static String newIncarnation() {
        return "db-" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    }
}
