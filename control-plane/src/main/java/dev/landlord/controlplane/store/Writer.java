package dev.landlord.controlplane.store;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The only thread that writes. It takes what waits, runs each task inside its own savepoint of one transaction, commits
 * once, and answers all callers: the price of a durable commit is shared, the failure of a task is not.
 */
final class Writer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Writer.class);
    private static final int QUEUE_CAPACITY = 4096;
    private static final int BATCH_MAX = 256;

    private final Engine engine;
    private final Session session;
    private final Commits commits;
    private final BlockingQueue<Task<?>> queue = new ArrayBlockingQueue<>(QUEUE_CAPACITY);
    private final Task<?> stop = new Task<@Nullable Void>(client -> null);
    private final Thread thread;
    private volatile boolean closed;

    /** @param session of {@link Engine#openWriter}; it is the writer's from now on */
    Writer(Engine engine, Session session, Commits commits) {
        this.engine = engine;
        this.session = session;
        this.commits = commits;
        // A platform thread: a native call on a virtual thread would pin its carrier.
        this.thread = Thread.ofPlatform().name("store-writer").unstarted(this::loop);
    }

    void start() {
        thread.start();
    }

    int waiting() {
        return queue.size();
    }

    boolean isCurrentThread() {
        return Thread.currentThread() == thread;
    }

    <T extends @Nullable Object> T submit(Task<T> task) {
        if (closed || !queue.offer(task)) {
            throw new StoreUnavailableException(
                    closed ? "store: closing" : "store: " + QUEUE_CAPACITY + " writes are waiting already", null);
        }
        if (closed) {
            // The writer may have drained its queue before the offer; then nobody else would answer.
            task.abort(new StoreUnavailableException("store: closing", null));
        }
        return task.await();
    }

    private void loop() {
        List<Task<?>> batch = new ArrayList<>(BATCH_MAX);
        boolean running = true;
        while (running) {
            batch.clear();
            try {
                batch.add(queue.take());
            } catch (InterruptedException ignored) {
                // Nobody may stop the writer but close().
                continue;
            }
            queue.drainTo(batch, BATCH_MAX - 1);
            running = !batch.remove(stop);
            if (!batch.isEmpty()) {
                commitOrAnswer(batch);
            }
        }
    }

    /** Whatever happens, every caller is answered and the thread goes on: without it, all who write wait for ever. */
    private void commitOrAnswer(List<Task<?>> batch) {
        Progress progress = new Progress();
        try {
            commit(batch, progress);
        } catch (SQLException | RuntimeException | Error failure) {
            LOG.error("A batch of writes failed", failure);
            StoreUnavailableException answer = progress.explain(failure);
            batch.forEach(task -> task.abort(answer));
            endTransaction();
            session.dropIfBroken();
        }
    }

    private void commit(List<Task<?>> batch, Progress progress) throws SQLException {
        long revision = engine.beginWrite(session);
        boolean changed = false;
        for (Task<?> task : batch) {
            boolean did = runOne(task);
            changed |= did && !task.isQuiet();
        }
        if (changed) {
            bump(revision);
            engine.announce(session, revision + 1);
        }
        progress.committing = true;
        session.execute("COMMIT");
        if (changed) {
            // Before the callers learn of it: what a listener drops from a cache must be gone when a caller goes on.
            commits.ours(revision + 1);
        }
        batch.forEach(Task::publish);
    }

    /** Returns whether the task changed a row. */
    private boolean runOne(Task<?> task) throws SQLException {
        long before = engine.changes(session);
        session.execute("SAVEPOINT task");
        if (task.run(session.client())) {
            boolean changed = engine.changes(session) != before;
            if (!changed || task.accompany(session.client())) {
                session.execute("RELEASE SAVEPOINT task");
                return changed;
            }
        }
        // Fails when the database has rolled back everything by itself (disk full, connection lost): then the batch is
        // over.
        session.execute("ROLLBACK TO SAVEPOINT task");
        session.execute("RELEASE SAVEPOINT task");
        return false;
    }

    /** The condition fences a second writer that would have slipped past the lock. */
    private void bump(long revision) throws SQLException {
        try (PreparedStatement bump =
                session.connection().prepareStatement("UPDATE meta SET revision = ? WHERE id = 1 AND revision = ?")) {
            bump.setLong(1, revision + 1);
            bump.setLong(2, revision);
            if (bump.executeUpdate() != 1) {
                throw new SQLException("revision is not " + revision + ": another process writes to this database");
            }
        }
    }

    private void endTransaction() {
        try {
            session.execute("ROLLBACK");
        } catch (SQLException alreadyOver) {
            // The database has ended the transaction by itself, or it was committed, or the connection is gone.
            LOG.debug("Nothing to roll back: {}", alreadyOver.getMessage());
        }
    }

    /** How far a batch came, for what can be said of its outcome. */
    private static final class Progress {
        private boolean committing;

        StoreUnavailableException explain(Throwable failure) {
            String what = committing ? "the outcome of a write is unknown" : "commit failed";
            return new StoreUnavailableException("store: " + what + ": " + failure.getMessage(), failure);
        }
    }

    @Override
    public void close() {
        closed = true;
        while (thread.isAlive() && !queue.offer(stop)) {
            Thread.onSpinWait();
        }
        joinUninterruptibly();
        List<Task<?>> left = new ArrayList<>();
        queue.drainTo(left);
        left.forEach(task -> task.abort(new StoreUnavailableException("store: closing", null)));
        session.close();
    }

    private void joinUninterruptibly() {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException ignored) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
