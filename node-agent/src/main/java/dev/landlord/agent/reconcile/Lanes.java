package dev.landlord.agent.reconcile;

import dev.landlord.agent.diff.AgentAction;
import dev.landlord.agent.diff.AgentAction.Delete;
import dev.landlord.agent.diff.AgentAction.Kill;
import dev.landlord.agent.diff.AgentAction.OwnerAction;
import dev.landlord.agent.diff.AgentAction.SandboxAction;
import dev.landlord.agent.diff.AgentAction.Start;
import dev.landlord.agent.diff.AgentAction.Terminate;
import dev.landlord.agent.diff.AgentAction.UpdateLimits;
import dev.landlord.agent.drift.Drift;
import dev.landlord.agent.metrics.AgentMeters;
import dev.landlord.agent.reconcile.Outcome.AllocationDone;
import dev.landlord.agent.reconcile.Outcome.Failed;
import dev.landlord.agent.reconcile.Outcome.OwnerDone;
import dev.landlord.agent.reconcile.Outcome.Repaired;
import dev.landlord.agent.sandbox.SandboxExecutor;
import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.TenantName;
import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.SandboxException.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does the work of a pass beside the loop: different sandboxes at the same time, one sandbox step by step, and a tenant's
 * sandboxes after its slice. What is under way stays busy until the loop has drained its outcome; all methods but the work
 * itself belong to the loop's thread.
 */
final class Lanes implements AutoCloseable {
    /** More would only wait for each other in the kernel. */
    static final int MAX_ALLOCATIONS = 16;

    private static final int THREADS = 4;
    private static final int CLOSE_SECONDS = 15;
    private static final Logger LOG = LoggerFactory.getLogger(Lanes.class);

    private final SandboxExecutor executor;
    private final AgentMeters meters;
    private final Runnable nudge;
    // The runtime blocks in native code, which pins virtual threads.
    private final ExecutorService threads = Executors.newFixedThreadPool(
            THREADS, Thread.ofPlatform().daemon().name("lane-", 1).factory());
    private final Queue<Outcome> outcomes = new ConcurrentLinkedQueue<>();
    private final Set<AllocationId> busyAllocations = new HashSet<>();
    private final Set<TenantName> busyTenants = new HashSet<>();

    Lanes(SandboxExecutor executor, AgentMeters meters, Runnable nudge) {
        this.executor = executor;
        this.meters = meters;
        this.nudge = nudge;
    }

    /** What one pass wants done for one tenant. */
    record Work(TenantName tenant, List<OwnerAction> slice, Map<AllocationId, List<SandboxAction>> allocations) {}

    void submit(Work work, Map<TenantName, Long> idBlocks) {
        busyAllocations.addAll(work.allocations().keySet());
        if (work.slice().isEmpty()) {
            submitAllocations(work, idBlocks);
            return;
        }
        busyTenants.add(work.tenant());
        threads.execute(() -> {
            OwnerDone done = changeSlice(work);
            if (done.failure() == null) {
                submitAllocations(work, idBlocks);
            } else {
                submitEndings(work, idBlocks);
            }
            finish(done);
        });
    }

    /** What ends needs nothing of its slice: a limit that cannot be set must not keep alive what is to go. */
    private void submitEndings(Work work, Map<TenantName, Long> idBlocks) {
        work.allocations().forEach((id, actions) -> {
            boolean ends = actions.stream().allMatch(Lanes::isEnding);
            threads.execute(() -> finish(changeAllocation(id, ends ? actions : List.of(), idBlocks)));
        });
    }

    private static boolean isEnding(SandboxAction action) {
        return switch (action) {
            case Terminate terminate -> true;
            case Kill kill -> true;
            case Delete delete -> true;
            case Start start -> false;
            case UpdateLimits update -> false;
        };
    }

    private void submitAllocations(Work work, Map<TenantName, Long> idBlocks) {
        work.allocations()
                .forEach((id, actions) -> threads.execute(() -> finish(changeAllocation(id, actions, idBlocks))));
    }

    /** Writes limits again; the tenant is left alone meanwhile. */
    void repair(TenantName tenant, Supplier<List<Drift>> work) {
        busyTenants.add(tenant);
        threads.execute(() -> {
            List<Drift> drifts = List.of();
            try {
                drifts = work.get();
            } catch (RuntimeException | Error e) {
                LOG.error("repair limits of tenant {}: {}", tenant, e.toString(), e);
            } finally {
                finish(new Repaired(tenant, drifts));
            }
        });
    }

    /** All of it, whatever fails: a limit that cannot be set must not keep running what is to be frozen. */
    private OwnerDone changeSlice(Work work) {
        List<OwnerAction> done = new ArrayList<>();
        String failure = null;
        for (OwnerAction action : work.slice()) {
            try {
                measure(action, () -> executor.apply(action));
                done.add(action);
            } catch (RuntimeException | Error e) {
                String reason = reason("tenant " + work.tenant(), e);
                failure = failure == null ? reason : failure + "; " + reason;
            }
        }
        return new OwnerDone(work.tenant(), done, failure);
    }

    private AllocationDone changeAllocation(
            AllocationId id, List<SandboxAction> actions, Map<TenantName, Long> idBlocks) {
        List<SandboxAction> done = new ArrayList<>();
        for (SandboxAction action : actions) {
            try {
                measure(action, () -> executor.apply(action, idBlocks));
                done.add(action);
            } catch (RuntimeException | Error e) {
                String whose = "tenant " + action.tenant() + " allocation " + id;
                boolean hopeless = e instanceof SandboxException fault && fault.kind() == Kind.INVALID;
                return new AllocationDone(id, done, new Failed(action, reason(whose, e), hopeless));
            }
        }
        return new AllocationDone(id, done, null);
    }

    private void measure(AgentAction action, Runnable work) {
        long begin = System.nanoTime();
        boolean good = false;
        try {
            work.run();
            good = true;
        } finally {
            meters.operation(action.getClass().getSimpleName(), good, System.nanoTime() - begin);
        }
    }

    /**
     * Faults of the host and of requests have a message that says all; anything else is a bug, and its place matters. An
     * error of the machine is one, too: without an outcome, what it hit would stay busy for ever.
     */
    private static String reason(String whose, Throwable e) {
        if (e instanceof SandboxException fault) {
            LOG.warn("{}: {}", whose, fault.getMessage());
            return String.valueOf(fault.getMessage());
        }
        LOG.error("{}: {}", whose, e.toString(), e);
        return e.toString();
    }

    private void finish(Outcome outcome) {
        outcomes.add(outcome);
        nudge.run();
    }

    /** What was finished since the last call; it is busy no longer. */
    List<Outcome> drain() {
        List<Outcome> drained = new ArrayList<>();
        for (Outcome next = outcomes.poll(); next != null; next = outcomes.poll()) {
            drained.add(next);
            switch (next) {
                case OwnerDone owner -> busyTenants.remove(owner.tenant());
                case Repaired repaired -> busyTenants.remove(repaired.tenant());
                case AllocationDone allocation -> busyAllocations.remove(allocation.allocation());
            }
        }
        return drained;
    }

    Set<AllocationId> busyAllocations() {
        return busyAllocations;
    }

    Set<TenantName> busyTenants() {
        return busyTenants;
    }

    /** How many more allocations can be taken on. */
    int free() {
        return Math.max(0, MAX_ALLOCATIONS - busyAllocations.size());
    }

    /** Lets what is under way end, so that no sandbox is left half built. */
    @Override
    public void close() {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("work on sandboxes still goes on after {} s, leaving it", CLOSE_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
