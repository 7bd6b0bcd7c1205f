package dev.landlord.controlplane.store;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Work for a thread of the store. Its caller learns the outcome when it is published, for writes only after the commit. */
final class Task<T extends @Nullable Object> {
    private final Function<JdbcClient, T> work;
    private final boolean quiet;
    private final Optional<Consumer<JdbcClient>> companion;
    private final CompletableFuture<T> outcome = new CompletableFuture<>();
    private Runnable publication = () -> abort(new IllegalStateException("the task was published before it ran"));

    Task(Function<JdbcClient, T> work) {
        this(work, false, Optional.empty());
    }

    /**
     * @param quiet what it changes is no news to anybody
     * @param companion what belongs to it if it changes something
     */
    Task(Function<JdbcClient, T> work, boolean quiet, Optional<Consumer<JdbcClient>> companion) {
        this.work = work;
        this.quiet = quiet;
        this.companion = companion;
    }

    boolean isQuiet() {
        return quiet;
    }

    /** Returns whether the work ended normally; tells nobody yet. */
    boolean run(JdbcClient client) {
        try {
            T result = work.apply(client);
            publication = () -> outcome.complete(result);
            return true;
        } catch (Throwable failure) {
            fail(failure);
            return false;
        }
    }

    /** Does what belongs to the change that was just made; returns whether that went well. If not, the task failed. */
    boolean accompany(JdbcClient client) {
        try {
            companion.ifPresent(more -> more.accept(client));
            return true;
        } catch (Throwable failure) {
            fail(failure);
            return false;
        }
    }

    /** Of a failure of the database, and not of the work, the caller learns that the store could not take it. */
    private void fail(Throwable failure) {
        boolean ofTheStore = failure instanceof DataAccessResourceFailureException
                || failure instanceof TransientDataAccessException;
        Throwable told = ofTheStore
                ? new StoreUnavailableException("store: refused by the database: " + failure.getMessage(), failure)
                : failure;
        publication = () -> outcome.completeExceptionally(told);
    }

    void publish() {
        publication.run();
    }

    void abort(Throwable failure) {
        outcome.completeExceptionally(failure);
    }

    /** Waits, not interruptibly: an acknowledgement must not be lost. Rethrows what the work threw. */
    T await() {
        try {
            return outcome.join();
        } catch (CompletionException wrapped) {
            if (wrapped.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            if (wrapped.getCause() instanceof Error failure) {
                throw failure;
            }
            throw wrapped;
        }
    }
}
