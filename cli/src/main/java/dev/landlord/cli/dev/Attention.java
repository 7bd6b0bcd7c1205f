package dev.landlord.cli.dev;

import dev.landlord.cli.failure.CommandFailure;
import dev.landlord.cli.failure.ExitCode;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * Turns Ctrl-C and SIGTERM into a wish to stop, and holds the JVM back until the one who stops is done. Without it the JVM
 * would be gone before the children are.
 */
final class Attention implements AutoCloseable {
    private static final long POLL_MILLIS = 50;

    private final CompletableFuture<Void> stopWanted = new CompletableFuture<>();
    private final CountDownLatch done = new CountDownLatch(1);
    private final AtomicInteger exitCode = new AtomicInteger(ExitCode.INTERRUPTED.number());
    private final Thread hook = new Thread(this::onSignal, "stop");

    Attention() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void onSignal() {
        stopWanted.complete(null);
        try {
            done.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // An end that was asked for and went well is no failure; the JVM by itself would report the signal.
        Runtime.getRuntime().halt(exitCode.get());
    }

    CompletableFuture<Void> stopWanted() {
        return stopWanted;
    }

    /** Waits until it holds; a child that dies, a wish to stop, or too long a time is a failure. */
    void await(String what, Duration time, Child child, BooleanSupplier holds) {
        long deadline = System.nanoTime() + time.toNanos();
        while (!holds.getAsBoolean()) {
            if (!child.isAlive()) {
                throw child.death();
            }
            if (System.nanoTime() - deadline >= 0) {
                throw new CommandFailure(ExitCode.TIMED_OUT, "after " + time.toSeconds() + " s " + what);
            }
            try {
                stopWanted.get(POLL_MILLIS, TimeUnit.MILLISECONDS);
                throw new CommandFailure(ExitCode.INTERRUPTED, "interrupted");
            } catch (TimeoutException e) {
                // Asked again.
            } catch (ExecutionException e) {
                throw new CommandFailure(ExitCode.INTERNAL, String.valueOf(e.getCause()), e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CommandFailure(ExitCode.INTERRUPTED, "interrupted", e);
            }
        }
    }

    /** Everything is put away: the JVM may end, with this code if a signal ends it. */
    void done(ExitCode code) {
        exitCode.set(code.number());
        done.countDown();
    }

    @Override
    public void close() {
        done.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is ending already: the hook runs, and ends it.
        }
    }
}
