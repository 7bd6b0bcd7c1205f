package dev.landlord.controlplane.store;

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
    private final Engine engine;
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean closed;

    Readers(Engine engine, int count) {
        this.engine = engine;
        for (int index = 0; index < count; index++) {
            threads.add(
                    Thread.ofPlatform().daemon().name("store-reader-" + index).unstarted(this::loop));
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

    private void loop() {
        try (Session session = new Session(engine::openReader)) {
            while (!closed) {
                run(queue.take(), session);
            }
        } catch (InterruptedException stopped) {
            // Only close() interrupts these threads.
            Thread.currentThread().interrupt();
        }
    }

    private void run(Task<?> task, Session session) {
        try {
            engine.beginRead(session);
            try {
                task.run(session.client());
            } finally {
                session.execute("ROLLBACK");
            }
            task.publish();
        } catch (SQLException | RuntimeException | Error failure) {
            task.abort(new StoreUnavailableException("store: read failed: " + failure.getMessage(), failure));
            session.dropIfBroken();
        }
    }

    @Override
    public void close() {
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
    }
}
