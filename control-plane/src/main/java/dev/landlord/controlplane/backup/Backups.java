package dev.landlord.controlplane.backup;

import dev.landlord.api.problem.ProblemCode;
import dev.landlord.controlplane.store.Database;
import dev.landlord.controlplane.web.ProblemException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/** Makes one copy at a time. Thread-safe. */
@Component
final class Backups implements DisposableBean {
    private static final Logger LOG = LoggerFactory.getLogger(Backups.class);

    private final Database database;
    private final BackupFolder folder;
    private final InstantSource clock;
    private final Semaphore turn = new Semaphore(1);
    // A platform thread, because the driver's native code would hold the carrier of a virtual one.
    private final ThreadPoolExecutor thread = new ThreadPoolExecutor(
            0,
            1,
            10,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(1),
            Thread.ofPlatform().daemon().name("store-backup").factory());

    /**
     * A copy.
     *
     * @param file on the control plane's host
     * @param revision the last commit in it
     * @param createdAt epoch milliseconds
     */
    record Backup(String file, long revision, long bytes, long createdAt) {}

    Backups(Database database, BackupFolder folder, InstantSource clock) {
        this.database = database;
        this.folder = folder;
        this.clock = clock;
    }

    /** Waits until the copy is on the disk, whole and checked. Writes go on meanwhile. */
    Backup create() throws InterruptedException {
        if (database.isShared()) {
            throw new ProblemException(
                    ProblemCode.CONFLICT, "the store is a database of PostgreSQL: back it up with pg_dump");
        }
        if (!turn.tryAcquire()) {
            throw new ProblemException(ProblemCode.CONFLICT, "a backup is being made already");
        }
        Future<Backup> copy = thread.submit(this::copyInTurn);
        try {
            return copy.get();
        } catch (ExecutionException failure) {
            LOG.warn("The store was not backed up", failure.getCause());
            throw new ProblemException(ProblemCode.UNAVAILABLE, "backup: " + message(failure));
        }
    }

    private static String message(ExecutionException failure) {
        Throwable cause = failure.getCause();
        return cause instanceof IOException
                ? cause.toString()
                : String.valueOf(cause == null ? failure : cause.getMessage());
    }

    private Backup copyInTurn() throws IOException, SQLException {
        try {
            return copy();
        } finally {
            turn.release();
        }
    }

    private Backup copy() throws IOException, SQLException {
        Path unfinished = folder.unfinished();
        try {
            database.copyTo(unfinished);
            Copy.Identity identity = new Copy(unfinished).check();
            long now = clock.millis();
            Path file = folder.keep(unfinished, now, identity.revision());
            LOG.info("The store was backed up to {} at revision {}", file, identity.revision());
            return new Backup(file.toString(), identity.revision(), Files.size(file), now);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    @Override
    public void destroy() {
        thread.shutdown();
    }
}
