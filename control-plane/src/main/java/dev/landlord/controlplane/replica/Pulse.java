package dev.landlord.controlplane.replica;

import dev.landlord.controlplane.store.Database;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** One write per second, for all that says that this replica lives; a replica that is alone says it less often. */
@Component
final class Pulse implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(Pulse.class);
    private static final long PERIOD_MILLIS = 1000;
    private static final long PERIOD_ALONE_MILLIS = 10_000;
    private static final long RETRY_MILLIS = 250;

    private final Database database;
    private final ReplicaId self;
    private final Leadership leadership;
    private final List<Beat> beats;
    private CountDownLatch stopping = new CountDownLatch(1);
    private Thread thread;
    private volatile boolean running;
    private boolean failing;

    Pulse(Database database, ReplicaId self, Leadership leadership, List<Beat> beats) {
        this.database = database;
        this.self = self;
        this.leadership = leadership;
        this.beats = List.copyOf(beats);
        this.thread = newThread();
    }

    private Thread newThread() {
        return Thread.ofPlatform().daemon().name("pulse").unstarted(this::loop);
    }

    private void loop() {
        boolean over = false;
        while (!over) {
            long waitMillis = beatOrRetry();
            try {
                over = stopping.await(waitMillis, TimeUnit.MILLISECONDS);
            } catch (InterruptedException stopped) {
                over = true;
            }
        }
    }

    /** Returns when to beat again. Whatever fails is tried again: without this thread the replica is dead to all others. */
    private long beatOrRetry() {
        try {
            long nothingForMillis = beat();
            if (failing) {
                LOG.info("This replica's signs of life are stored again");
                failing = false;
            }
            return Math.clamp(nothingForMillis, 1, database.isShared() ? PERIOD_MILLIS : PERIOD_ALONE_MILLIS);
        } catch (RuntimeException | Error failure) {
            if (!failing) {
                LOG.warn("This replica's signs of life cannot be stored: {}", failure.toString());
                failing = true;
            }
            return RETRY_MILLIS;
        }
    }

    /** What was done within one write, to be followed up when it is durable. */
    private record Done(Leadership.Settlement term, List<Runnable> others) {}

    private long beat() {
        long beganNanos = System.nanoTime();
        Done done = database.writeQuietly(writer -> store(writer, beganNanos));
        done.others.forEach(Runnable::run);
        return done.term.settle();
    }

    private Done store(JdbcClient writer, long beganNanos) {
        long now = database.now(writer);
        Leadership.Settlement term = leadership.beat(writer, now, beganNanos);
        Stream<Runnable> others = beats.stream().map(beat -> beat.store(writer, self.value(), now));
        return new Done(term, others.toList());
    }

    @Override
    public void start() {
        stopping = new CountDownLatch(1);
        thread = newThread();
        running = true;
        thread.start();
    }

    /** After the loop that schedules: what it still writes is by right of the term. */
    @Override
    public void stop() {
        running = false;
        stopping.countDown();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(10));
            database.writeQuietly(writer -> {
                leadership.resign(writer);
                return true;
            });
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException failure) {
            LOG.info("The term ends by itself: {}", failure.getMessage());
        }
        leadership.forget();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Starts before all others, and stops after them. */
    @Override
    public int getPhase() {
        return DEFAULT_PHASE - 10;
    }
}
