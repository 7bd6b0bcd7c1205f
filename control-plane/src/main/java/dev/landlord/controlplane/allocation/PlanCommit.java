package dev.landlord.controlplane.allocation;

import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.NodeName;
import dev.landlord.controlplane.event.EventRecord;
import dev.landlord.controlplane.event.Events;
import dev.landlord.controlplane.scheduler.Decision;
import dev.landlord.controlplane.scheduler.Decision.Place;
import dev.landlord.controlplane.scheduler.Decision.Stop;
import dev.landlord.controlplane.scheduler.WorkloadKey;
import dev.landlord.controlplane.workload.WorkloadRecord;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Carries a plan out inside one write. Each decision is one conditional statement whose row count is checked: what was
 * decided upon a state that is gone changes nothing and is counted as stale; the next pass decides anew.
 */
@Component
public final class PlanCommit {
    private static final String ID_ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";
    private static final int ID_LENGTH = 16;

    private final Templates templates;
    private final Allocations allocations;
    private final Events events;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    PlanCommit(Templates templates, Allocations allocations, Events events, InstantSource clock) {
        this.templates = templates;
        this.allocations = allocations;
        this.events = events;
        this.clock = clock;
    }

    /**
     * What became of a plan.
     *
     * @param touched nodes whose allocations changed
     * @param applied decisions that were carried out
     * @param stale decisions whose condition did not hold any more
     */
    public record Outcome(Set<NodeName> touched, int applied, int stale) {}

    /**
     * Applies the decisions in their order.
     *
     * @param basis the workloads as they were in the snapshot that the decisions were made from
     */
    public Outcome apply(JdbcClient writer, List<Decision> decisions, Map<WorkloadKey, WorkloadRecord> basis) {
        Set<NodeName> touched = new HashSet<>();
        int applied = 0;
        for (Decision decision : decisions) {
            boolean done = switch (decision) {
                case Place place -> place(writer, place, basis, touched);
                case Stop stop -> stop(writer, stop, basis, touched);
                case Decision.Release release -> release(writer, release, touched);
                case Decision.Remove remove -> remove(writer, remove);
                case Decision.Restart restart -> restart(writer, restart, touched);
            };
            applied += done ? 1 : 0;
        }
        return new Outcome(touched, applied, decisions.size() - applied);
    }

    private boolean place(
            JdbcClient writer, Place place, Map<WorkloadKey, WorkloadRecord> basis, Set<NodeName> touched) {
        WorkloadRecord workload = basis.get(place.workload());
        if (workload == null) {
            return false;
        }
        String template = templates.store(writer, Template.of(workload.spec()));
        AllocationId id = newId();
        int rows = writer.sql("INSERT INTO allocation (id, tenant, workload, replica, node, template, spec_version,"
                        + " restart_counter, wanted, created_at)"
                        + " SELECT :id, w.tenant, w.name, :replica, n.name, :template, w.spec_version, :restart,"
                        + " 'RUNNING', :now FROM workload w, node n, tenant t"
                        + " WHERE w.tenant = :tenant AND w.name = :workload AND w.deleting = 0"
                        + " AND w.spec_version = :version AND w.replicas > :replica"
                        + " AND n.name = :node AND n.state = 'READY' AND t.name = w.tenant AND t.state = 'ACTIVE'"
                        + " ON CONFLICT DO NOTHING")
                .param("id", id.value())
                .param("replica", place.index())
                .param("template", template)
                .param("restart", place.restartCounter())
                .param("now", clock.millis())
                .param("tenant", place.workload().tenant().value())
                .param("workload", place.workload().name().value())
                .param("version", place.specVersion())
                .param("node", place.node().value())
                .update();
        if (rows == 0) {
            templates.sweep(writer, template);
            return false;
        }
        touched.add(place.node());
        String what =
                "replica " + place.index() + " (version " + place.specVersion() + ") goes to node " + place.node();
        append(writer, "replica-placed", place.workload(), id, place.node(), what);
        return true;
    }

    private boolean stop(JdbcClient writer, Stop stop, Map<WorkloadKey, WorkloadRecord> basis, Set<NodeName> touched) {
        Allocation allocation = allocations.find(writer, stop.allocation()).orElse(null);
        if (allocation == null) {
            return false;
        }
        WorkloadRecord workload = basis.get(allocation.workload());
        int rows = writer.sql(
                        "UPDATE allocation SET wanted = 'STOPPED' WHERE id = ? AND wanted = 'RUNNING'"
                                + " AND EXISTS (SELECT 1 FROM workload w WHERE w.tenant = allocation.tenant"
                                + " AND w.name = allocation.workload AND (w.deleting = 1 OR (w.spec_version = ? AND w.replicas = ?)))")
                .params(
                        stop.allocation().value(),
                        workload == null ? -1 : workload.specVersion(),
                        workload == null ? -1 : workload.spec().replicas())
                .update();
        if (rows == 0) {
            return false;
        }
        touched.add(allocation.node());
        String what = "replica " + allocation.index() + " (version " + allocation.specVersion() + ") is stopped: "
                + stop.why().text();
        append(writer, "replica-stopping", allocation.workload(), allocation.id(), allocation.node(), what);
        return true;
    }

    private boolean release(JdbcClient writer, Decision.Release release, Set<NodeName> touched) {
        int rows = writer.sql("UPDATE allocation SET wanted = 'RELEASED', told_generation = NULL"
                        + " WHERE id = ? AND wanted = 'STOPPED' AND phase IN ('STOPPED', 'EXITED', 'FAILED')")
                .param(release.allocation().value())
                .update();
        return touch(writer, release.allocation(), rows, touched);
    }

    private boolean restart(JdbcClient writer, Decision.Restart restart, Set<NodeName> touched) {
        int rows = writer.sql("UPDATE allocation SET restart_counter = ?, restart_from = started_at"
                        + " WHERE id = ? AND wanted = 'RUNNING' AND restart_counter < ?")
                .params(restart.restartCounter(), restart.allocation().value(), restart.restartCounter())
                .update();
        return touch(writer, restart.allocation(), rows, touched);
    }

    private boolean touch(JdbcClient writer, AllocationId id, int rows, Set<NodeName> touched) {
        if (rows == 1) {
            allocations.find(writer, id).ifPresent(allocation -> touched.add(allocation.node()));
        }
        return rows == 1;
    }

    /** Not a change of any desired set: what is gone has left the set, or its node has just been told without it. */
    private boolean remove(JdbcClient writer, Decision.Remove remove) {
        List<String> template = writer.sql("DELETE FROM allocation WHERE id = ? AND gone = 1 RETURNING template")
                .param(remove.allocation().value())
                .query(String.class)
                .list();
        template.forEach(digest -> templates.sweep(writer, digest));
        return !template.isEmpty();
    }

    private void append(
            JdbcClient writer, String kind, WorkloadKey workload, AllocationId id, NodeName node, String message) {
        events.append(writer, new EventRecord(kind, workload.tenant(), workload.name(), id, node, message));
    }

    private AllocationId newId() {
        StringBuilder id = new StringBuilder(ID_LENGTH);
        for (int position = 0; position < ID_LENGTH; position++) {
            id.append(ID_ALPHABET.charAt(random.nextInt(ID_ALPHABET.length())));
        }
        return new AllocationId(id.toString());
    }
}
