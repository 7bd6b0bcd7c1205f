package dev.landlord.controlplane.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A few platform threads, each with its own read-only connection; every task sees one snapshot. */
final class Readers implements AutoCloseable {
    private static final int QUEUE_CAPACITY = 4096;

    private final BlockingQueue<Task<?>> queue = new ArrayBlockingQueue<>(QUEUE_CAPACITY);
    private final List<Connection> connections = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean closed;

    Readers(Connections source, int count) throws SQLException {
        for (int index = 0; index < count; index++) {
            Connection connection = source.openReadOnly();
            connections.add(connection);
            threads.add(Thread.ofPlatform()
                    .daemon()
                    .name("store-reader-" + index)
                    .unstarted(() -> loop(connection, Connections.client(connection))));
        }
    }

    void start() {
        threads.forEach(Thread::start);
    }

    boolean isCurrentThread() {
        return threads.contains(Thread.currentThread());
    }

    <T extends @Nullable Object> T submit(Function<JdbcClient, T> work) {
        Task<T> task = new Task<>(work);
        if (closed || !queue.offer(task)) {
            throw new StoreUnavailableException(
                    closed ? "store: closing" : "store: " + QUEUE_CAPACITY + " reads are waiting already", null);
        }
        if (closed) {
            task.abort(new StoreUnavailableException("store: closing", null));
        }
        return task.await();
    }

    private void loop(Connection connection, JdbcClient client) {
        try {
            while (!closed) {
                run(queue.take(), connection, client);
            }
        } catch (InterruptedException stopped) {
            // Only close() interrupts these threads.
            Thread.currentThread().interrupt();
        }
    }

    private static void run(Task<?> task, Connection connection, JdbcClient client) {
        try {
            Connections.execute(connection, "BEGIN");
            try {
                task.run(client);
            } finally {
                Connections.execute(connection, "ROLLBACK");
            }
            task.publish();
        } catch (SQLException | RuntimeException | Error failure) {
            task.abort(new StoreUnavailableException("store: read failed: " + failure.getMessage(), failure));
        }
    }

    @Override
    public void close() throws SQLException {
        closed = true;
        threads.forEach(Thread::interrupt);
        for (Thread thread : threads) {
            try {
                thread.join(5000);
            } catch (InterruptedException ignored) {
                Thread.currentThread().interrupt();
            }
        }
        List<Task<?>> left = new ArrayList<>();
        queue.drainTo(left);
        left.forEach(task -> task.abort(new StoreUnavailableException("store: closing", null)));
        for (Connection connection : connections) {
            connection.close();
        }
    }
}
