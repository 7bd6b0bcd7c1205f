package dev.landlord.agent.sandbox;

import dev.landlord.runtime.OwnerId;
import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.SandboxRuntime;
import dev.landlord.runtime.SandboxStatus;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes every sandbox of this host, for an agent that is to leave nothing behind. The opposite of what an agent does
 * otherwise, so nothing calls it that was not asked for it in so many words.
 */
public final class SandboxTeardown {
    private static final int THREADS = 4;
    private static final int MAX_SECONDS = 50;
    private static final Logger LOG = LoggerFactory.getLogger(SandboxTeardown.class);

    private final SandboxRuntime runtime;

    public SandboxTeardown(SandboxRuntime runtime) {
        this.runtime = runtime;
    }

    /** Blocks, at most a minute. A sandbox that cannot be deleted costs no other; it is logged and left. */
    public void deleteAll() {
        List<SandboxStatus> sandboxes = runtime.list();
        List<Runnable> deletions = new ArrayList<>();
        Set<OwnerId> owners = new LinkedHashSet<>();
        for (SandboxStatus sandbox : sandboxes) {
            owners.add(sandbox.owner());
            deletions.add(() -> attempt("delete sandbox " + sandbox.id(), () -> runtime.delete(sandbox.id())));
        }
        runAll(deletions);
        owners.forEach(owner -> attempt("forget owner " + owner, () -> runtime.forgetOwner(owner)));
        attempt("take the network down", runtime::leaveNetwork);
        LOG.info("deleted all {} sandboxes", sandboxes.size());
    }

    /** Deleting waits for the kernel most of the time. It blocks in native code, so these are no virtual threads. */
    private static void runAll(List<Runnable> work) {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        work.forEach(threads::execute);
        threads.shutdown();
        try {
            if (!threads.awaitTermination(MAX_SECONDS, TimeUnit.SECONDS)) {
                LOG.error("sandboxes are not deleted after {} s, leaving them", MAX_SECONDS);
                threads.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void attempt(String what, Runnable deed) {
        try {
            deed.run();
        } catch (SandboxException e) {
            LOG.error("cannot {}: {}", what, e.getMessage());
        }
    }
}
