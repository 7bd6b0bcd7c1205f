package dev.landlord.controlplane.workload;

import dev.landlord.api.id.TenantName;
import dev.landlord.api.id.WorkloadName;
import dev.landlord.api.plan.TenantState;
import dev.landlord.api.problem.ProblemCode;
import dev.landlord.api.workload.Resources;
import dev.landlord.api.workload.SpecChange;
import dev.landlord.api.workload.WorkloadSpec;
import dev.landlord.controlplane.event.EventRecord;
import dev.landlord.controlplane.event.Events;
import dev.landlord.controlplane.revision.Precondition;
import dev.landlord.controlplane.revision.Revisions;
import dev.landlord.controlplane.store.Database;
import dev.landlord.controlplane.tenant.TenantRecord;
import dev.landlord.controlplane.tenant.Tenants;
import dev.landlord.controlplane.web.ProblemException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The workloads that are wanted. Every method works within the caller's read or write; those that change something record
 * the event too.
 */
@Component
public final class Workloads {
    private static final String SELECT =
            "SELECT tenant, name, spec, spec_version, restart_counter, deleting, revision FROM workload";

    private static final String UPSERT =
            "INSERT INTO workload (tenant, name, spec, spec_version, restart_counter, deleting,"
                    + " replicas, cpu_millis, memory_bytes, pids, disk_bytes, inodes, swap_bytes, created_at,"
                    + " revision) VALUES (:tenant, :name, :spec,"
                    + " :version, 0, 0, :replicas, :cpuMillis, :memoryBytes, :pids, :diskBytes, :inodes, :swapBytes, :now, :revision)"
                    + " ON CONFLICT (tenant, name) DO UPDATE SET spec = excluded.spec, spec_version = excluded.spec_version,"
                    + " replicas = excluded.replicas, cpu_millis = excluded.cpu_millis, memory_bytes = excluded.memory_bytes,"
                    + " pids = excluded.pids, disk_bytes = excluded.disk_bytes, inodes = excluded.inodes,"
                    + " swap_bytes = excluded.swap_bytes,"
                    + " revision = excluded.revision WHERE workload.revision = :oldRevision AND workload.deleting = 0";

    private final Tenants tenants;
    private final Events events;
    private final InstantSource clock;
    private final WorkloadMemory memory;

    public Workloads(Tenants tenants, Events events, InstantSource clock) {
        this.tenants = tenants;
        this.events = events;
        this.clock = clock;
        this.memory = new WorkloadMemory(clock);
    }

    /**
     * What a PUT left behind.
     *
     * @param change null if there was nothing before
     */
    public record PutOutcome(
            WorkloadRecord record, @Nullable SpecChange change) {
        public boolean created() {
            return change == null;
        }
    }

    /** All workloads of all tenants, also those that are being deleted. */
    public List<WorkloadRecord> all(JdbcClient reader) {
        return memory.all(reader);
    }

    public Optional<WorkloadRecord> find(JdbcClient reader, TenantName tenant, WorkloadName name) {
        return reader.sql(SELECT + " WHERE tenant = ? AND name = ?")
                .params(tenant.value(), name.value())
                .query((row, number) -> read(row))
                .optional();
    }

    /** All of one tenant, by name. */
    public List<WorkloadRecord> of(JdbcClient reader, TenantName tenant) {
        return reader.sql(SELECT + " WHERE tenant = ? ORDER BY name")
                .param(tenant.value())
                .query((row, number) -> read(row))
                .list();
    }

    /** Creates or changes. Putting the spec that is there already changes nothing, not even the revision. */
    PutOutcome put(
            JdbcClient writer, TenantName tenant, WorkloadName name, WorkloadSpec spec, Precondition precondition) {
        requireActive(writer, tenant);
        Optional<WorkloadRecord> old = find(writer, tenant, name);
        precondition.check(title(tenant, name), old.map(WorkloadRecord::revision));
        old.ifPresent(Workloads::requireKept);
        if (old.isPresent() && old.get().spec().equals(spec)) {
            return new PutOutcome(old.get(), SpecChange.of(spec, spec));
        }
        Quota.admit(writer, tenant, name, spec);
        long version = old.map(record -> nextVersion(record, spec)).orElse(1L);
        long revision = Revisions.next(writer);
        Map<String, Object> values = values(tenant, name, spec, version);
        values.put("revision", revision);
        values.put("oldRevision", old.map(WorkloadRecord::revision).orElse(0L));
        if (writer.sql(UPSERT).params(values).update() == 0) {
            throw new ProblemException(ProblemCode.CONFLICT, title(tenant, name) + " was changed meanwhile; try again");
        }
        String kind = old.isPresent() ? "workload-changed" : "workload-created";
        events.append(
                writer,
                EventRecord.ofWorkload(
                        kind, tenant, name, "spec version " + version + ", " + spec.replicas() + " replicas"));
        WorkloadRecord record = new WorkloadRecord(
                tenant,
                name,
                spec,
                version,
                old.map(WorkloadRecord::restartCounter).orElse(0L),
                false,
                revision);
        return new PutOutcome(
                record, old.map(was -> SpecChange.of(was.spec(), spec)).orElse(null));
    }

    /**
     * What putting the body would leave behind: by the same rules, in a write that is taken back. Not for use inside a task of
     * the database.
     *
     * @throws ProblemException as the PUT would
     */
    public PutOutcome tryPut(Database database, TenantName tenant, WorkloadName name, byte @Nullable [] body) {
        WorkloadSpec spec = WorkloadForm.read(body);
        AtomicReference<@Nullable PutOutcome> outcome = new AtomicReference<>();
        try {
            database.write(writer -> {
                outcome.set(put(writer, tenant, name, spec, Precondition.NONE));
                throw new TakenBack();
            });
        } catch (TakenBack expected) {
            return Objects.requireNonNull(outcome.get());
        }
        throw new IllegalStateException("a write that throws was not taken back");
    }

    private static final class TakenBack extends RuntimeException {
        TakenBack() {
            super("taken back", null, false, false);
        }
    }

    /** From now on the workload is to have no allocations. Returns false, and changes nothing, if that was so already. */
    boolean delete(JdbcClient writer, TenantName tenant, WorkloadName name, Precondition precondition) {
        WorkloadRecord record = require(writer, tenant, name);
        precondition.check(title(tenant, name), Optional.of(record.revision()));
        if (record.deleting()) {
            return false;
        }
        writer.sql("UPDATE workload SET deleting = 1, revision = ?"
                        + " WHERE tenant = ? AND name = ? AND deleting = 0 AND revision = ?")
                .params(Revisions.next(writer), tenant.value(), name.value(), record.revision())
                .update();
        events.append(
                writer, EventRecord.ofWorkload("workload-deleting", tenant, name, "is being stopped and removed"));
        return true;
    }

    WorkloadRecord restart(JdbcClient writer, TenantName tenant, WorkloadName name) {
        requireActive(writer, tenant);
        requireKept(require(writer, tenant, name));
        writer.sql("UPDATE workload SET restart_counter = restart_counter + 1, revision = ?"
                        + " WHERE tenant = ? AND name = ?")
                .params(Revisions.next(writer), tenant.value(), name.value())
                .update();
        events.append(writer, EventRecord.ofWorkload("workload-restarted", tenant, name, "a restart was asked for"));
        return require(writer, tenant, name);
    }

    /**
     * Ends a workload that was being deleted, when nothing of it is left on any node, gives back its part of the plan and
     * records the event. Changes nothing if it is not there or not being deleted.
     */
    public void remove(JdbcClient writer, TenantName tenant, WorkloadName name) {
        if (Quota.release(writer, tenant, name)) {
            writer.sql("DELETE FROM workload WHERE tenant = ? AND name = ? AND deleting = 1")
                    .params(tenant.value(), name.value())
                    .update();
            events.append(writer, EventRecord.ofWorkload("workload-deleted", tenant, name, "nothing of it is left"));
        }
    }

    WorkloadRecord require(JdbcClient reader, TenantName tenant, WorkloadName name) {
        tenants.require(reader, tenant);
        return find(reader, tenant, name)
                .orElseThrow(() -> ProblemException.notFound("workload", tenant.value() + "/" + name.value()));
    }

    private void requireActive(JdbcClient reader, TenantName tenant) {
        TenantRecord record = tenants.require(reader, tenant);
        if (record.state() == TenantState.SUSPENDED) {
            throw new ProblemException(
                    ProblemCode.TENANT_SUSPENDED,
                    "tenant " + tenant.value() + " is suspended; ask the operator to resume it");
        }
    }

    private static String title(TenantName tenant, WorkloadName name) {
        return "workload " + tenant.value() + "/" + name.value();
    }

    private static void requireKept(WorkloadRecord record) {
        if (record.deleting()) {
            throw new ProblemException(
                    ProblemCode.CONFLICT,
                    title(record.tenant(), record.name()) + " is being deleted; try again when it is gone");
        }
    }

    private static long nextVersion(WorkloadRecord old, WorkloadSpec spec) {
        WorkloadSpec was = old.spec();
        WorkloadSpec scaled = new WorkloadSpec(
                was.kind(),
                was.process(),
                spec.replicas(),
                was.resources(),
                was.restart(),
                was.network(),
                was.health(),
                spec.labels());
        return scaled.equals(spec) ? old.specVersion() : old.specVersion() + 1;
    }

    private Map<String, Object> values(TenantName tenant, WorkloadName name, WorkloadSpec spec, long version) {
        Resources resources = spec.resources();
        Map<String, Object> values = new HashMap<>();
        values.put("tenant", tenant.value());
        values.put("name", name.value());
        values.put("spec", SpecJson.write(spec));
        values.put("version", version);
        values.put("replicas", spec.replicas());
        values.put("cpuMillis", resources.cpuMillis());
        values.put("memoryBytes", resources.memoryBytes());
        values.put("pids", resources.pids());
        values.put("diskBytes", resources.diskBytes());
        values.put("inodes", resources.inodes());
        values.put("swapBytes", resources.swap());
        values.put("now", clock.millis());
        return values;
    }

    private static WorkloadRecord read(ResultSet row) throws SQLException {
        return read(row, row.getString("spec"));
    }

    /** @param spec its stored form, which need not be in the row */
    static WorkloadRecord read(ResultSet row, String spec) throws SQLException {
        return new WorkloadRecord(
                new TenantName(row.getString("tenant")),
                new WorkloadName(row.getString("name")),
                SpecJson.read(spec),
                row.getLong("spec_version"),
                row.getLong("restart_counter"),
                row.getLong("deleting") == 1,
                row.getLong("revision"));
    }
}
