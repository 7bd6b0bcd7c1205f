package dev.landlord.controlplane.allocation;

import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.NodeName;
import dev.landlord.controlplane.event.EventRecord;
import dev.landlord.controlplane.event.Events;
import dev.landlord.controlplane.network.HostPort;
import dev.landlord.controlplane.scheduler.Decision;
import dev.landlord.controlplane.scheduler.Decision.Place;
import dev.landlord.controlplane.scheduler.Decision.Stop;
import dev.landlord.controlplane.scheduler.Decision.Why;
import dev.landlord.controlplane.scheduler.WorkloadKey;
import dev.landlord.controlplane.workload.WorkloadRecord;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
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

    /** Tenants on the node that are to be kept apart from the one that comes: by trust class, where there are several. */
    private static final String FOREIGNERS = "SELECT 1 FROM allocation a JOIN tenant o ON o.name = a.tenant"
            + " JOIN plan q ON q.name = o.plan WHERE a.node = :node AND a.gone = 0 AND q.trust_class <> p.trust_class";

    /** The same by what tenants said, whoever of the two did. */
    private static final String FOES =
            "SELECT 1 FROM tenant_avoids v JOIN allocation a ON a.gone = 0 AND a.node = :node AND ((v.tenant = :tenant"
                    + " AND a.tenant = v.avoided) OR (v.avoided = :tenant AND a.tenant = v.tenant)) WHERE v.tenant ="
                    + " :tenant OR v.avoided = :tenant";

    private static final String INSERT = "INSERT INTO allocation (id, tenant, workload, replica, node, template,"
            + " spec_version, restart_counter, wanted, created_at, address, host_ports)"
            + " SELECT :id, w.tenant, w.name, :replica, n.name, :template, :version, :restart,"
            + " 'RUNNING', :now, CASE WHEN :host > 0 THEN n.subnet_first + :host END, :ports"
            + " FROM workload w, node n, tenant t, plan p"
            + " WHERE w.tenant = :tenant AND w.name = :workload AND w.deleting = 0"
            + " AND w.spec_version = :newest AND w.replicas > :replica AND n.name = :node"
            + " AND n.state = 'READY' AND n.duty = 'OPEN' AND (:host = 0 OR n.subnet_first IS NOT NULL)"
            + " AND t.name = w.tenant AND t.state = 'ACTIVE' AND p.name = t.plan AND NOT EXISTS (" + FOES + ")"
            // The first condition spares a cluster of one class the walk over the node's allocations.
            + " AND CASE WHEN NOT EXISTS (SELECT 1 FROM plan x WHERE x.trust_class <> p.trust_class) THEN 1"
            + " WHEN EXISTS (" + FOREIGNERS + ") THEN 0 ELSE 1 END = 1 ON CONFLICT DO NOTHING";

    /** What the scheduler calls to have arrived, but for the time that it has run. */
    private static final String SERVES = "SELECT 1 FROM allocation o JOIN node n ON n.name = o.node"
            + " WHERE o.id = :instead AND n.state = 'READY' AND o.wanted = 'RUNNING' AND o.gone = 0"
            + " AND (o.restart_from IS NULL OR o.restart_from <> o.started_at)"
            + " AND ((o.phase = 'RUNNING' AND (o.health IS NULL OR o.health = 'HEALTHY'))"
            + " OR (o.phase = 'EXITED' AND o.exit_code = 0))";

    private static final String STOP = "UPDATE allocation SET wanted = 'STOPPED' WHERE id = :id AND wanted = 'RUNNING'"
            + " AND gone = 0 AND EXISTS (SELECT 1 FROM workload w WHERE w.tenant = allocation.tenant AND w.name ="
            + " allocation.workload AND (w.deleting = 1 OR (w.spec_version = :version AND w.replicas = :replicas))) AND"
            + " (:suspended = 0 OR EXISTS (SELECT 1 FROM tenant t WHERE t.name = allocation.tenant AND t.state ="
            + " 'SUSPENDED')) AND (CAST(:instead AS TEXT) IS NULL OR EXISTS (" + SERVES + "))";

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
                case Decision.Reclaim reclaim -> reclaim(writer, reclaim, touched);
                case Decision.Resize resize -> resize(writer, resize, basis, touched);
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
        if (workload == null || !displace(writer, place.displaces(), touched)) {
            return false;
        }
        String template = template(writer, place, workload);
        AllocationId id = newId();
        if (!insert(writer, place, workload, id, template) || !takePorts(writer, place, id)) {
            undisplace(writer, place.displaces());
            templates.sweep(writer, template);
            return false;
        }
        touched.add(place.node());
        String what = "replica " + place.index() + " (version " + place.specVersion() + ") goes to node " + place.node()
                + place.displaces().stream()
                        .flatMap(displaced -> allocations.find(writer, displaced).stream())
                        .map(displaced -> ", in place of the one on node " + displaced.node())
                        .collect(Collectors.joining());
        append(writer, "replica-placed", place.workload(), id, place.node(), what);
        return true;
    }

    /** What the replica is: as the workload is now, or as the one is that it moves. */
    private String template(JdbcClient writer, Place place, WorkloadRecord workload) {
        if (place.specVersion() == workload.specVersion()) {
            return templates.store(writer, Template.of(workload.spec()));
        }
        return writer.sql("SELECT template FROM allocation WHERE id = ?")
                .param(place.displaces().getFirst().value())
                .query(String.class)
                .single();
    }

    private boolean insert(JdbcClient writer, Place place, WorkloadRecord workload, AllocationId id, String template) {
        String tenant = place.workload().tenant().value();
        return writer.sql(INSERT)
                        .param("id", id.value())
                        .param("replica", place.index())
                        .param("template", template)
                        .param("restart", place.restartCounter())
                        .param("now", clock.millis())
                        .param("host", place.wiring().host())
                        .param(
                                "ports",
                                place.wiring().ports().stream()
                                        .map(port -> Integer.toString(port.port()))
                                        .collect(Collectors.joining(",")))
                        .param("tenant", tenant)
                        .param("workload", place.workload().name().value())
                        .param("version", place.specVersion())
                        .param("newest", workload.specVersion())
                        .param("node", place.node().value())
                        .update()
                == 1;
    }

    /** All of them, or the allocation is not there any more. */
    private static boolean takePorts(JdbcClient writer, Place place, AllocationId id) {
        for (HostPort port : place.wiring().ports()) {
            int rows = writer.sql("INSERT INTO host_port (node, protocol, port, allocation) VALUES (?, ?, ?, ?)"
                            + " ON CONFLICT DO NOTHING")
                    .params(place.node().value(), port.protocol().name(), port.port(), id.value())
                    .update();
            if (rows == 0) {
                writer.sql("DELETE FROM allocation WHERE id = ?")
                        .param(id.value())
                        .update();
                return false;
            }
        }
        return true;
    }

    /**
     * All of them or none. What may run on beside the one that takes its place is in the desired set of its node as before. What
     * must be alone leaves it, and only while its node is lost, which means that its lease is over there: a node that has come
     * back has been told of it by the set that it asks for with its new lease, or is told by the one that this makes.
     */
    private boolean displace(JdbcClient writer, List<AllocationId> ids, Set<NodeName> touched) {
        for (int done = 0; done < ids.size(); done++) {
            AllocationId id = ids.get(done);
            Optional<Allocation> alone = allocations.find(writer, id).filter(PlanCommit::mustBeAlone);
            int rows = writer.sql("UPDATE allocation SET displaced = 1, wanted = CASE WHEN :alone = 1 THEN 'STOPPED'"
                            + " ELSE wanted END WHERE id = :id AND displaced = 0 AND wanted = 'RUNNING' AND gone = 0"
                            + " AND (:alone = 0 OR EXISTS (SELECT 1 FROM node n WHERE n.name = allocation.node"
                            + " AND n.state = 'LOST'))")
                    .param("alone", alone.isPresent() ? 1 : 0)
                    .param("id", id.value())
                    .update();
            if (rows == 0) {
                undisplace(writer, ids.subList(0, done));
                return false;
            }
            alone.ifPresent(allocation -> touched.add(allocation.node()));
        }
        return true;
    }

    private static boolean mustBeAlone(Allocation allocation) {
        return allocation.template().process().endsWithLease();
    }

    /** Within the write that displaced them. */
    private static void undisplace(JdbcClient writer, List<AllocationId> ids) {
        ids.forEach(id -> writer.sql("UPDATE allocation SET displaced = 0, wanted = 'RUNNING' WHERE id = ?")
                .param(id.value())
                .update());
    }

    /** The last condition is what the index of replicas would refuse: another one that counts. */
    private boolean reclaim(JdbcClient writer, Decision.Reclaim reclaim, Set<NodeName> touched) {
        if (!displace(writer, reclaim.displaces(), touched)) {
            return false;
        }
        int rows = writer.sql("UPDATE allocation AS a SET displaced = 0"
                        + " WHERE a.id = ? AND a.displaced = 1 AND a.wanted = 'RUNNING' AND a.gone = 0"
                        + " AND NOT EXISTS (SELECT 1 FROM allocation o WHERE o.tenant = a.tenant"
                        + " AND o.workload = a.workload AND o.replica = a.replica AND o.spec_version = a.spec_version"
                        + " AND o.wanted = 'RUNNING' AND o.gone = 0 AND o.displaced = 0)")
                .param(reclaim.allocation().value())
                .update();
        Allocation allocation = allocations.find(writer, reclaim.allocation()).orElse(null);
        if (rows == 0 || allocation == null) {
            undisplace(writer, reclaim.displaces());
            return false;
        }
        String what = "replica " + allocation.index() + " on node " + allocation.node() + " counts again";
        append(writer, "replica-reclaimed", allocation.workload(), allocation.id(), allocation.node(), what);
        return true;
    }

    /** The last condition is what the index of replicas would refuse: another one of the new version. */
    private boolean resize(
            JdbcClient writer, Decision.Resize resize, Map<WorkloadKey, WorkloadRecord> basis, Set<NodeName> touched) {
        Allocation before = allocations.find(writer, resize.allocation()).orElse(null);
        WorkloadRecord workload = before == null ? null : basis.get(before.workload());
        if (before == null || workload == null || !before.template().canBecome(Template.of(workload.spec()))) {
            return false;
        }
        String template = templates.store(writer, Template.of(workload.spec()));
        int rows = writer.sql("UPDATE allocation AS a SET template = :template, spec_version = :version"
                        + " WHERE a.id = :id AND a.template = :before AND a.wanted = 'RUNNING' AND a.gone = 0"
                        + " AND a.displaced = 0 AND EXISTS (SELECT 1 FROM workload w WHERE w.tenant = a.tenant"
                        + " AND w.name = a.workload AND w.deleting = 0 AND w.spec_version = :version)"
                        + " AND NOT EXISTS (SELECT 1 FROM allocation o WHERE o.tenant = a.tenant"
                        + " AND o.workload = a.workload AND o.replica = a.replica AND o.spec_version = :version"
                        + " AND o.id <> a.id AND o.wanted = 'RUNNING' AND o.gone = 0 AND o.displaced = 0)")
                .param("template", template)
                .param("version", resize.specVersion())
                .param("id", before.id().value())
                .param("before", before.templateDigest())
                .update();
        templates.sweep(writer, rows == 1 ? before.templateDigest() : template);
        if (rows == 1) {
            touched.add(before.node());
            String what = "replica " + before.index() + " on node " + before.node() + " gets the limits of version "
                    + resize.specVersion() + " while it runs";
            append(writer, "replica-resizing", before.workload(), before.id(), before.node(), what);
        }
        return rows == 1;
    }

    private boolean stop(JdbcClient writer, Stop stop, Map<WorkloadKey, WorkloadRecord> basis, Set<NodeName> touched) {
        Allocation allocation = allocations.find(writer, stop.allocation()).orElse(null);
        if (allocation == null) {
            return false;
        }
        WorkloadRecord workload = basis.get(allocation.workload());
        AllocationId instead = stop.instead();
        int rows = writer.sql(STOP)
                .param("id", stop.allocation().value())
                .param("version", workload == null ? -1 : workload.specVersion())
                .param("replicas", workload == null ? -1 : workload.spec().replicas())
                .param("instead", instead == null ? null : instead.value())
                .param("suspended", stop.why() == Why.LEAVES_WHILE_SUSPENDED ? 1 : 0)
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
