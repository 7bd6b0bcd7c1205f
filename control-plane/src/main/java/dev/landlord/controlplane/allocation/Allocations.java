package dev.landlord.controlplane.allocation;

import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.NodeName;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.id.WorkloadName;
import dev.landlord.api.sync.AppliedLimits;
import dev.landlord.api.sync.ObservedAllocation;
import dev.landlord.api.sync.ObservedHealth;
import dev.landlord.api.sync.ObservedPhase;
import dev.landlord.controlplane.network.NetworkMap.Endpoint;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.Wanted;
import dev.landlord.controlplane.scheduler.WorkloadKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Reads the table of allocations. Every method works within the caller's read or write. */
@Component
public final class Allocations {
    private static final String SELECT = "SELECT id, tenant, workload, replica, node, template, spec_version,"
            + " restart_counter, restart_from, wanted, told_generation, created_at, phase, started_at, running_since,"
            + " restarts, exit_code, oom_killed, health, message, gone, address, host_ports, displaced,"
            + " applied_cpu_millis, applied_memory_bytes, applied_pids, applied_swap_bytes, fenced FROM allocation";

    private final Templates templates;

    Allocations(Templates templates) {
        this.templates = templates;
    }

    /** All allocations by id. */
    public List<Allocation> all(JdbcClient reader) {
        return reader.sql(SELECT + " ORDER BY id").query(mapper(reader)).list();
    }

    /** The allocations of a node by id. */
    public List<Allocation> ofNode(JdbcClient reader, NodeName node) {
        return reader.sql(SELECT + " WHERE node = ? ORDER BY id")
                .param(node.value())
                .query(mapper(reader))
                .list();
    }

    /** The allocations of a tenant by workload, replica and id. */
    List<Allocation> ofTenant(JdbcClient reader, TenantName tenant) {
        return reader.sql(SELECT + " WHERE tenant = ? ORDER BY workload, replica, id")
                .param(tenant.value())
                .query(mapper(reader))
                .list();
    }

    /** The allocations of a workload by replica and id. */
    List<Allocation> ofWorkload(JdbcClient reader, WorkloadKey workload) {
        return reader.sql(SELECT + " WHERE tenant = ? AND workload = ? ORDER BY replica, id")
                .params(workload.tenant().value(), workload.name().value())
                .query(mapper(reader))
                .list();
    }

    /** Empty also when it is another tenant's. */
    public Optional<Allocation> find(JdbcClient reader, TenantName tenant, AllocationId id) {
        return reader.sql(SELECT + " WHERE id = ? AND tenant = ?")
                .params(id.value(), tenant.value())
                .query(mapper(reader))
                .optional();
    }

    /** Whether anything is left of the workload. */
    public boolean exist(JdbcClient reader, WorkloadKey workload) {
        return reader.sql("SELECT COUNT(*) FROM allocation WHERE tenant = ? AND workload = ?")
                        .params(workload.tenant().value(), workload.name().value())
                        .query(Long.class)
                        .single()
                > 0;
    }

    /** Everybody in the network. */
    public List<Endpoint> endpoints(JdbcClient reader) {
        return reader.sql("SELECT tenant, node, address FROM allocation WHERE gone = 0 AND address IS NOT NULL")
                .query((row, number) -> new Endpoint(
                        new TenantName(row.getString("tenant")),
                        new NodeName(row.getString("node")),
                        row.getLong("address")))
                .list();
    }

    /** From this number of its set on, the node is told of what changed. */
    public void markTold(JdbcClient writer, NodeName node, long generation) {
        writer.sql("UPDATE allocation SET told_generation = ? WHERE node = ? AND told_generation IS NULL")
                .params(generation, node.value())
                .update();
    }

    Optional<Allocation> find(JdbcClient reader, AllocationId id) {
        return reader.sql(SELECT + " WHERE id = ?")
                .param(id.value())
                .query(mapper(reader))
                .optional();
    }

    private RowMapper<Allocation> mapper(JdbcClient reader) {
        return (row, number) -> read(reader, row);
    }

    private Allocation read(JdbcClient reader, ResultSet row) throws SQLException {
        AllocationId id = new AllocationId(row.getString("id"));
        String template = row.getString("template");
        return new Allocation(
                id,
                new WorkloadKey(new TenantName(row.getString("tenant")), new WorkloadName(row.getString("workload"))),
                row.getInt("replica"),
                new NodeName(row.getString("node")),
                templates.get(reader, template),
                template,
                row.getLong("spec_version"),
                row.getLong("restart_counter"),
                number(row, "restart_from"),
                Wanted.valueOf(row.getString("wanted")),
                number(row, "told_generation"),
                number(row, "address"),
                hostPorts(row.getString("host_ports")),
                row.getLong("displaced") == 1,
                row.getLong("created_at"),
                observed(id, row),
                number(row, "running_since"),
                row.getLong("gone") == 1);
    }

    private static @Nullable ObservedAllocation observed(AllocationId id, ResultSet row) throws SQLException {
        String phase = row.getString("phase");
        if (phase == null) {
            return null;
        }
        Long exitCode = number(row, "exit_code");
        String health = row.getString("health");
        return new ObservedAllocation(
                id,
                ObservedPhase.valueOf(phase),
                row.getLong("started_at"),
                row.getInt("restarts"),
                exitCode == null ? null : exitCode.intValue(),
                row.getLong("oom_killed") == 1,
                health == null ? null : ObservedHealth.valueOf(health),
                row.getString("message"),
                applied(row),
                row.getLong("fenced") == 1);
    }

    private static @Nullable AppliedLimits applied(ResultSet row) throws SQLException {
        Long cpuMillis = number(row, "applied_cpu_millis");
        Long memoryBytes = number(row, "applied_memory_bytes");
        Long pids = number(row, "applied_pids");
        return cpuMillis == null || memoryBytes == null || pids == null
                ? null
                : new AppliedLimits(cpuMillis, memoryBytes, pids, number(row, "applied_swap_bytes"));
    }

    private static List<Integer> hostPorts(String list) {
        return list.isEmpty()
                ? List.of()
                : Stream.of(list.split(",", -1)).map(Integer::valueOf).toList();
    }

    private static @Nullable Long number(ResultSet row, String column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? null : value;
    }
}
