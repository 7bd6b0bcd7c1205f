package dev.landlord.cli.logs;

import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.id.WorkloadName;
import dev.landlord.cli.failure.CommandFailure;
import dev.landlord.cli.failure.ExitCode;
import dev.landlord.cli.render.Fields;
import dev.landlord.cli.session.Lookup;
import dev.landlord.cli.session.Session;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Follows a workload for as long as it exists: looks once a second which replicas it has, and copies the log of each. For one
 * thread. At most {@link LogsCommand#MAX_SOURCES} logs are open at a time.
 */
final class Following {
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Session session;
    private final Lookup lookup;
    private final TenantName tenant;
    private final WorkloadName workload;
    private final Function<JsonNode, LogSource> sources;
    private final LogOutput output;
    private final boolean prefixed;
    private final Set<AllocationId> running = new HashSet<>();
    private final BlockingQueue<AllocationId> ended = new LinkedBlockingQueue<>();
    private final Set<AllocationId> known = new HashSet<>();
    private final Set<AllocationId> complained = ConcurrentHashMap.newKeySet();

    Following(
            Session session,
            TenantName tenant,
            WorkloadName workload,
            Function<JsonNode, LogSource> sources,
            LogOutput output,
            boolean prefixed) {
        this.session = session;
        this.lookup = new Lookup(session);
        this.tenant = tenant;
        this.workload = workload;
        this.sources = sources;
        this.output = output;
        this.prefixed = prefixed;
    }

    /** Returns when the workload is deleted, or when nobody reads any more. */
    void follow(Iterable<JsonNode> atFirst, @Nullable Integer tail) {
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        try {
            atFirst.forEach(allocation -> start(threads, allocation, tail));
            while (!isOver()) {
                Iterable<JsonNode> now = lookup.allocationsOf(tenant, workload);
                now.forEach(allocation -> takeUp(threads, allocation));
                forgetAllBut(now);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private void takeUp(ExecutorService threads, JsonNode allocation) {
        AllocationId id = id(allocation);
        if (running.contains(id) || running.size() >= LogsCommand.MAX_SOURCES) {
            return;
        }
        if (known.contains(id)) {
            // Its log ended although it is still there: it goes on with what is new.
            start(threads, allocation, 0);
            return;
        }
        if (!prefixed) {
            session.terminal().say("follows allocation " + id + " of workload " + workload);
        }
        start(threads, allocation, null);
    }

    private void start(ExecutorService threads, JsonNode allocation, @Nullable Integer tail) {
        AllocationId id = id(allocation);
        LogSource source = sources.apply(allocation);
        known.add(id);
        running.add(id);
        threads.execute(() -> copy(id, source, tail));
    }

    private void copy(AllocationId id, LogSource source, @Nullable Integer tail) {
        try {
            source.copy(true, tail, prefixed ? LogsCommand.prefix(id) : "", output);
        } catch (CommandFailure e) {
            // Once for each: it is tried again as long as the allocation is there.
            if (!Thread.currentThread().isInterrupted() && complained.add(id)) {
                e.lines().forEach(line -> session.terminal().say("warning: allocation " + id + ": " + line));
            }
        } finally {
            ended.add(id);
        }
    }

    /** Waits until it is time for another look; true if none is needed, because there is nothing left to follow. */
    private boolean isOver() {
        long next = System.nanoTime() + LOOK_NANOS;
        boolean asked = false;
        for (long left = LOOK_NANOS; left > 0; left = next - System.nanoTime()) {
            AllocationId id = poll(left);
            if (id != null) {
                running.remove(id);
            }
            if (output.isClosed()) {
                return true;
            }
            if (running.isEmpty() && !asked) {
                asked = true;
                if (isDeleted()) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean isDeleted() {
        return !lookup.exists(Session.tenantPath(tenant).child("workloads").child(workload));
    }

    private @Nullable AllocationId poll(long nanos) {
        try {
            return ended.poll(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure(ExitCode.INTERRUPTED, "interrupted", e);
        }
    }

    /** Ids are never used again, and a workload can have very many in its life. */
    private void forgetAllBut(Iterable<JsonNode> allocations) {
        Set<AllocationId> present = new HashSet<>(running);
        allocations.forEach(allocation -> present.add(id(allocation)));
        known.retainAll(present);
        complained.retainAll(present);
    }

    private static AllocationId id(JsonNode allocation) {
        return new AllocationId(Fields.text(allocation, "id"));
    }
}
