package dev.landlord.controlplane.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The only thread that writes. It takes what waits, runs each task inside its own savepoint of one transaction, commits
 * once, and answers all callers: the price of a durable commit is shared, the failure of a task is not.
 */
final class Writer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Writer.class);
    private static final int QUEUE_CAPACITY = 4096;
    private static final int BATCH_MAX = 256;

    private final Connection connection;
    private final JdbcClient client;
    private final PreparedStatement totalChanges;
    private final PreparedStatement bump;
    private final BlockingQueue<Task<?>> queue = new ArrayBlockingQueue<>(QUEUE_CAPACITY);
    private final List<LongConsumer> listeners = new CopyOnWriteArrayList<>();
    private final Task<?> stop = new Task<@Nullable Void>(client -> null);
    private final Thread thread;
    private volatile long revision;
    private volatile boolean closed;

    Writer(Connection connection, long revision) throws SQLException {
        this.connection = connection;
        this.client = Connections.client(connection);
        this.totalChanges = connection.prepareStatement("SELECT total_changes()");
        // The condition fences a second writer that would have slipped past the lock.
        this.bump = connection.prepareStatement("UPDATE meta SET revision = ? WHERE id = 1 AND revision = ?");
        this.revision = revision;
        // A platform thread: a native call on a virtual thread would pin its carrier.
        this.thread = Thread.ofPlatform().name("store-writer").unstarted(this::loop);
    }

    void start() {
        thread.start();
    }

    long revision() {
        return revision;
    }

    void onCommit(LongConsumer listener) {
        listeners.add(listener);
    }

    int waiting() {
        return queue.size();
    }

    boolean isCurrentThread() {
        return Thread.currentThread() == thread;
    }

    <T extends @Nullable Object> T submit(Function<JdbcClient, T> work) {
        Task<T> task = new Task<>(work);
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
        try {
            commit(batch);
        } catch (Error failure) {
            LOG.error("A batch of writes met an error of the machine", failure);
            StoreUnavailableException unknown =
                    new StoreUnavailableException("store: the outcome of a write is unknown: " + failure, failure);
            batch.forEach(task -> task.abort(unknown));
            endTransaction();
        }
    }

    private void commit(List<Task<?>> batch) {
        try {
            Connections.execute(connection, "BEGIN IMMEDIATE");
            boolean changed = false;
            for (Task<?> task : batch) {
                changed |= runOne(task);
            }
            long next = changed ? revision + 1 : revision;
            if (changed) {
                bumpTo(next);
            }
            Connections.execute(connection, "COMMIT");
            revision = next;
            if (changed) {
                // Before the callers learn of it: what a listener drops from a cache must be gone when a caller goes
                // on.
                announce(next);
            }
            batch.forEach(Task::publish);
        } catch (SQLException | RuntimeException failure) {
            rollBack(failure);
            StoreUnavailableException unavailable =
                    new StoreUnavailableException("store: commit failed: " + failure.getMessage(), failure);
            batch.forEach(task -> task.abort(unavailable));
        }
    }

    /** Returns whether the task changed a row. */
    private boolean runOne(Task<?> task) throws SQLException {
        long before = totalChanges();
        Connections.execute(connection, "SAVEPOINT task");
        if (task.run(client)) {
            Connections.execute(connection, "RELEASE task");
            return totalChanges() != before;
        }
        // Fails when SQLite has rolled back everything by itself (disk full, out of memory): then the batch is over.
        Connections.execute(connection, "ROLLBACK TO task");
        Connections.execute(connection, "RELEASE task");
        return false;
    }

    private long totalChanges() throws SQLException {
        try (ResultSet row = totalChanges.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    private void bumpTo(long next) throws SQLException {
        bump.setLong(1, next);
        bump.setLong(2, next - 1);
        if (bump.executeUpdate() != 1) {
            throw new SQLException("revision is not " + (next - 1) + ": another process writes to this database");
        }
    }

    private void announce(long committed) {
        for (LongConsumer listener : listeners) {
            try {
                listener.accept(committed);
            } catch (RuntimeException | Error failure) {
                LOG.error("A listener of commits failed at revision {}", committed, failure);
            }
        }
    }

    private void rollBack(Exception failure) {
        LOG.error("Rolling back a batch of writes", failure);
        endTransaction();
    }

    private void endTransaction() {
        try {
            Connections.execute(connection, "ROLLBACK");
        } catch (SQLException alreadyOver) {
            // SQLite answers so when it has ended the transaction by itself, or it was committed.
            LOG.debug("Nothing to roll back: {}", alreadyOver.getMessage());
        }
    }

    @Override
    public void close() throws SQLException {
        closed = true;
        while (thread.isAlive() && !queue.offer(stop)) {
            Thread.onSpinWait();
        }
        joinUninterruptibly();
        List<Task<?>> left = new ArrayList<>();
        queue.drainTo(left);
        left.forEach(task -> task.abort(new StoreUnavailableException("store: closing", null)));
        connection.close();
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
