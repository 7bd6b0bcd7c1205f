package dev.landlord.controlplane.reconcile;

import dev.landlord.controlplane.node.Contacts;
import dev.landlord.controlplane.replica.DeposedException;
import dev.landlord.controlplane.replica.Leadership;
import dev.landlord.controlplane.replica.Term;
import dev.landlord.controlplane.store.Database;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** Runs passes: at once after a commit, when a replica is due, and after a while anyway. */
@Component
final class ReconcileLoop implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(ReconcileLoop.class);
    private static final long TICK_MILLIS = 500;
    private static final long PERIOD_MILLIS = 5000;
    private static final long LONGEST_RETRY_MILLIS = 5000;
    private static final long FIRST_RETRY_MILLIS = 50;

    private final ClusterReconciler reconciler;
    private final NodeWatch watch;
    private final Contacts contacts;
    private final Leadership leadership;
    private final ReconcileStats stats;
    private final InstantSource clock;
    private final Semaphore nudges = new Semaphore(0);
    private volatile boolean running;
    private Thread thread;
    private long failuresInARow;
    private long nextPassAt;

    ReconcileLoop(
            Database database,
            ClusterReconciler reconciler,
            NodeWatch watch,
            Contacts contacts,
            Leadership leadership,
            ReconcileStats stats,
            InstantSource clock) {
        this.reconciler = reconciler;
        this.watch = watch;
        this.contacts = contacts;
        this.leadership = leadership;
        this.stats = stats;
        this.clock = clock;
        this.thread = newThread();
        database.onCommit(revision -> nudges.release());
        leadership.onChange(nudges::release);
    }

    private Thread newThread() {
        return Thread.ofPlatform().daemon().name("reconciler").unstarted(this::loop);
    }

    private void loop() {
        while (running) {
            try {
                boolean nudged = nudges.tryAcquire(untilNextMillis(), TimeUnit.MILLISECONDS);
                nudges.drainPermits();
                if (running) {
                    step(nudged);
                }
            } catch (InterruptedException stopping) {
                LOG.debug("The reconciler was woken to stop: {}", stopping.getMessage());
            }
        }
    }

    private long untilNextMillis() {
        return Math.clamp(nextPassAt - clock.millis(), 0, TICK_MILLIS);
    }

    private void step(boolean nudged) throws InterruptedException {
        Optional<Term> term = leadership.term();
        try {
            if (nudged || clock.millis() >= nextPassAt) {
                pass(term);
            }
            ReconcileStats.View view = stats.view();
            term.ifPresent(own -> watch.look(own, view.state().nodes(), view.brake()));
            if (failuresInARow > 0) {
                LOG.info("Reconciling works again after {} failures", failuresInARow);
            }
            failuresInARow = 0;
        } catch (DeposedException deposed) {
            LOG.info("Nothing of a pass was written: {}", deposed.getMessage());
            term.ifPresent(leadership::deposed);
        } catch (RuntimeException | Error failure) {
            // Also an error of the machine: without this one thread nothing is ever scheduled again.
            failed(failure);
        }
    }

    private void pass(Optional<Term> term) {
        long start = System.nanoTime();
        ClusterReconciler.Pass pass = reconciler.run(term);
        contacts.learn(pass.state().nodes());
        stats.succeeded(pass, (System.nanoTime() - start) / 1e9, clock.millis());
        long wait = pass.again() ? 0 : Math.min(PERIOD_MILLIS, pass.wakeInMillis());
        nextPassAt = clock.millis() + wait;
    }

    /** Logged once, however often it fails in a row. */
    private void failed(Throwable failure) throws InterruptedException {
        stats.failed();
        if (failuresInARow == 0) {
            LOG.error("A pass failed; trying again until it works", failure);
        }
        long wait = FIRST_RETRY_MILLIS << Math.min(failuresInARow, 10);
        failuresInARow++;
        nextPassAt = 0;
        Thread.sleep(Math.min(wait, LONGEST_RETRY_MILLIS));
    }

    @Override
    public void start() {
        thread = newThread();
        running = true;
        thread.start();
    }

    @Override
    public void stop() {
        running = false;
        thread.interrupt();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(10));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
