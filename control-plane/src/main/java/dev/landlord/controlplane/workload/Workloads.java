package dev.landlord.controlplane.workload;

import dev.landlord.api.id.TenantName;
import dev.landlord.api.id.WorkloadName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table of workloads. Every method works within the caller's read or write. */
public final class Workloads {
    private static final String SELECT =
            "SELECT tenant, name, spec, spec_version, restart_counter, deleting FROM workload";

    private final InstantSource clock;

    public Workloads(InstantSource clock) {
        this.clock = clock;
    }

    /** All workloads of all tenants, also those that are being deleted. */
    public List<WorkloadRecord> all(JdbcClient reader) {
        return reader.sql(SELECT + " ORDER BY tenant, name")
                .query((row, number) -> read(row))
                .list();
    }

    public Optional<WorkloadRecord> find(JdbcClient reader, TenantName tenant, WorkloadName name) {
        return reader.sql(SELECT + " WHERE tenant = ? AND name = ?")
                .params(tenant.value(), name.value())
                .query((row, number) -> read(row))
                .optional();
    }

    /** Up to {@code limit} workloads of the tenant whose names come after the given one. */
    public List<WorkloadRecord> page(JdbcClient reader, TenantName tenant, String after, int limit) {
        return reader.sql(SELECT + " WHERE tenant = ? AND name > ? ORDER BY name LIMIT ?")
                .params(tenant.value(), after, limit)
                .query((row, number) -> read(row))
                .list();
    }

    /** Ends a workload that was being deleted, when nothing of it is left on any node, and frees its part of the plan. */
    public void remove(JdbcClient writer, TenantName tenant, WorkloadName name) {
        Quota.release(writer, tenant, name);
        writer.sql("DELETE FROM workload WHERE tenant = ? AND name = ? AND deleting = 1")
                .params(tenant.value(), name.value())
                .update();
    }

    private static WorkloadRecord read(ResultSet row) throws SQLException {
        return new WorkloadRecord(
                new TenantName(row.getString(1)),
                new WorkloadName(row.getString(2)),
                SpecJson.read(row.getString(3)),
                row.getLong(4),
                row.getLong(5),
                row.getLong(6) == 1);
    }
}
