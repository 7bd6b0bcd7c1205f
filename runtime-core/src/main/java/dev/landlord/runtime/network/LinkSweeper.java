package dev.landlord.runtime.network;

import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.linux.Errno;
import dev.landlord.runtime.netlink.LinkMessages;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes links of sandboxes that are gone, all together. Most have gone with their namespace by then; but a namespace lives
 * as long as connections that its programs did not close, which can be minutes.
 */
final class LinkSweeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LinkSweeper.class);
    private static final long DELAY_MILLIS = 1000;

    /** Of its own, as a sweep takes its time and others shall not wait for it. */
    private final Kernel routes = Kernel.routes();

    private final AtomicBoolean due = new AtomicBoolean();
    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("link-sweeper").factory());

    @SuppressWarnings("FutureReturnValueIgnored") // sweep() tells its faults itself
    void soon() {
        if (due.compareAndSet(false, true)) {
            try {
                executor.schedule(this::sweep, DELAY_MILLIS, TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException e) {
                LOG.debug("closed already; the next process sweeps", e);
            }
        }
    }

    private void sweep() {
        due.set(false);
        try {
            routes.apply("remove", "links of the gone", LinkMessages.deleteDoomed(), Set.of(Errno.ENODEV));
        } catch (SandboxException e) {
            LOG.error("links of sandboxes that are gone could not be removed, trying again", e);
            soon();
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
        boolean ended = false;
        try {
            ended = executor.awaitTermination(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (ended) {
            routes.close();
        } else {
            LOG.error("the sweep of links does not end");
        }
    }
}
