package dev.landlord.controlplane.allocation;

import dev.landlord.api.id.NodeName;
import dev.landlord.api.sync.NodeReport;
import dev.landlord.api.sync.ObservedAllocation;
import dev.landlord.api.sync.ObservedHealth;
import dev.landlord.api.sync.ObservedPhase;
import dev.landlord.controlplane.allocation.ObservationDiff.News;
import dev.landlord.controlplane.event.EventRecord;
import dev.landlord.controlplane.event.Events;
import dev.landlord.controlplane.store.Database;
import java.time.InstantSource;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Takes in what nodes say of their allocations. What is not news is not written. */
@Component
public final class Observations {
    private final Database database;
    private final Allocations allocations;
    private final Events events;
    private final InstantSource clock;

    Observations(Database database, Allocations allocations, Events events, InstantSource clock) {
        this.database = database;
        this.allocations = allocations;
        this.events = events;
        this.clock = clock;
    }

    /** Whether {@link #store} would change anything. */
    public boolean isNews(JdbcClient reader, NodeName node, NodeReport report) {
        boolean silent = report.changed().isEmpty() && report.gone().isEmpty() && !report.complete();
        return !silent && !news(reader, node, report).isEmpty();
    }

    /** Stores what is new in the report. */
    public void store(JdbcClient writer, NodeName node, NodeReport report) {
        for (News news : news(writer, node, report)) {
            switch (news) {
                case News.Changed changed -> store(writer, changed.before(), changed.now());
                case News.Gone gone -> storeGone(writer, gone.allocation());
            }
        }
    }

    private List<News> news(JdbcClient reader, NodeName node, NodeReport report) {
        return ObservationDiff.of(allocations.ofNode(reader, node), report, database.incarnation());
    }

    private void store(JdbcClient writer, Allocation before, ObservedAllocation now) {
        writer.sql(
                        "UPDATE allocation SET running_since = CASE WHEN :phase <> 'RUNNING' THEN NULL"
                                + " WHEN phase = 'RUNNING' AND started_at = :startedAt THEN running_since ELSE :now END,"
                                + " phase = :phase, started_at = :startedAt, restarts = :restarts, exit_code = :exitCode,"
                                + " oom_killed = :oomKilled, health = :health, message = :message,"
                                // A database that has types cannot tell that of a null.
                                + " applied_cpu_millis = CAST(:appliedCpu AS BIGINT),"
                                + " applied_memory_bytes = CAST(:appliedMemory AS BIGINT),"
                                + " applied_pids = CAST(:appliedPids AS BIGINT),"
                                + " applied_swap_bytes = CAST(:appliedSwap AS BIGINT), fenced = :fenced WHERE id = :id AND gone = 0")
                .param("phase", now.phase().name())
                .param("startedAt", now.startedAtEpochMillis())
                .param("now", clock.millis())
                .param("restarts", now.restarts())
                .param("exitCode", now.exitCode())
                .param("oomKilled", now.oomKilled() ? 1 : 0)
                .param("health", now.health() == null ? null : now.health().name())
                .param("message", now.message())
                .param("appliedCpu", now.limits() == null ? null : now.limits().cpuMillis())
                .param(
                        "appliedMemory",
                        now.limits() == null ? null : now.limits().memoryBytes())
                .param("appliedPids", now.limits() == null ? null : now.limits().pids())
                .param("appliedSwap", now.limits() == null ? null : now.limits().swapBytes())
                .param("fenced", now.endedWithLease() ? 1 : 0)
                .param("id", before.id().value())
                .update();
        tell(writer, before, now);
    }

    private void storeGone(JdbcClient writer, Allocation allocation) {
        writer.sql("UPDATE allocation SET gone = 1, running_since = NULL WHERE id = ? AND gone = 0")
                .param(allocation.id().value())
                .update();
        if (allocation.isLive()) {
            append(writer, allocation, "replica-vanished", "its node has nothing left of it; it is replaced");
        }
    }

    private void tell(JdbcClient writer, Allocation before, ObservedAllocation now) {
        ObservedPhase phaseBefore =
                before.observed() == null ? null : before.observed().phase();
        tellHealth(writer, before, now);
        tellResize(writer, before, now);
        if (tellFenced(writer, before, now) || phaseBefore == now.phase()) {
            return;
        }
        String trouble = now.message() == null ? "exit code " + now.exitCode() : now.message();
        switch (now.phase()) {
            case RUNNING -> {
                if (phaseBefore != ObservedPhase.FROZEN) {
                    append(writer, before, "replica-running", "runs on node " + before.node());
                }
            }
            case BACKING_OFF -> append(writer, before, ended(now), "ended and starts again later: " + trouble);
            case FAILED -> append(writer, before, ended(now), "has failed: " + trouble);
            case EXITED -> append(writer, before, "replica-exited", "has ended: " + trouble);
            case STARTING, FROZEN, STOPPED -> {
                // What was asked for is an event where it was asked for.
            }
        }
    }

    /** Whatever else became of it: it was stopped by its host, and not by its own fault. */
    private boolean tellFenced(JdbcClient writer, Allocation before, ObservedAllocation now) {
        ObservedAllocation last = before.observed();
        if (!now.endedWithLease() || (last != null && last.endedWithLease())) {
            return now.endedWithLease();
        }
        append(
                writer,
                before,
                "replica-fenced",
                "was stopped by its host at the end of its lease, node " + before.node());
        return true;
    }

    private void tellResize(JdbcClient writer, Allocation before, ObservedAllocation now) {
        switch (ObservationDiff.resizing(before, now)) {
            case NONE -> {
                // Its limits are what they were.
            }
            case DONE -> append(writer, before, "replica-resized", "runs with its new limits on node " + before.node());
            case FAILED ->
                append(
                        writer,
                        before,
                        "resize-failed",
                        "keeps its old limits for now, node " + before.node() + " tries again: " + now.message());
        }
    }

    private void tellHealth(JdbcClient writer, Allocation before, ObservedAllocation now) {
        ObservedHealth was =
                before.observed() == null ? null : before.observed().health();
        if (now.health() == was || now.health() == null) {
            return;
        }
        switch (now.health()) {
            case HEALTHY -> append(writer, before, "replica-healthy", "passes its health check");
            case UNHEALTHY -> append(writer, before, "replica-unhealthy", "fails its health check");
            case STARTING -> {
                // It is told that it runs, and will be told what the check says.
            }
        }
    }

    private static String ended(ObservedAllocation now) {
        return now.oomKilled() ? "replica-oom-killed" : "replica-failed";
    }

    private void append(JdbcClient writer, Allocation allocation, String kind, String what) {
        events.append(
                writer,
                new EventRecord(
                        kind,
                        allocation.workload().tenant(),
                        allocation.workload().name(),
                        allocation.id(),
                        allocation.node(),
                        "replica " + allocation.index() + " " + what));
    }
}
