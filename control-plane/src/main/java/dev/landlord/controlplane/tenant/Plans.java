package dev.landlord.controlplane.tenant;

import dev.landlord.api.id.PlanName;
import dev.landlord.api.plan.PlanSpec;
import dev.landlord.api.workload.IoRates;
import dev.landlord.controlplane.web.ProblemException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table of plans. Stateless; every method works within the caller's read or write. */
public final class Plans {
    private static final String COLUMNS =
            "name, cpu_millis, cpu_weight, memory_bytes, pids, disk_bytes, inodes, swap_bytes, priority, trust_class,"
                    + " io_read_bytes, io_write_bytes, io_read_ops, io_write_ops, io_buffered, io_weight,"
                    + " cpu_burst_percent, revision";

    public List<PlanRecord> all(JdbcClient reader) {
        return reader.sql("SELECT " + COLUMNS + " FROM plan ORDER BY name")
                .query((row, number) -> read(row))
                .list();
    }

    public Optional<PlanRecord> find(JdbcClient reader, PlanName name) {
        return reader.sql("SELECT " + COLUMNS + " FROM plan WHERE name = ?")
                .param(name.value())
                .query((row, number) -> read(row))
                .optional();
    }

    /** Throws not-found if the plan is not there. */
    PlanRecord require(JdbcClient reader, PlanName name) {
        return find(reader, name).orElseThrow(() -> ProblemException.notFound("plan", name.value()));
    }

    /**
     * Returns false if a tenant of the plan already uses more than the new spec allows, or the row is at another revision;
     * then nothing changed.
     *
     * @param oldRevision of the row that is changed; any number if there is none
     */
    boolean put(JdbcClient writer, PlanRecord plan, long oldRevision) {
        return writer.sql("INSERT INTO plan (" + COLUMNS + ") SELECT :name, :cpuMillis, :cpuWeight, :memoryBytes,"
                                + " :pids, :diskBytes, :inodes, :swapBytes, :priority, :trustClass,"
                                // A database that has types cannot tell that of a null.
                                + " CAST(:ioReadBytes AS BIGINT), CAST(:ioWriteBytes AS BIGINT),"
                                + " CAST(:ioReadOps AS BIGINT), CAST(:ioWriteOps AS BIGINT), :ioBuffered,"
                                + " CAST(:ioWeight AS BIGINT), CAST(:cpuBurstPercent AS BIGINT), :revision"
                                + " WHERE NOT EXISTS"
                                + " (SELECT 1 FROM tenant t WHERE t.plan = :name AND " + Fit.TENANT_EXCEEDS_VALUES
                                + ") ON CONFLICT (name) DO UPDATE SET cpu_millis = excluded.cpu_millis,"
                                + " cpu_weight = excluded.cpu_weight, memory_bytes = excluded.memory_bytes,"
                                + " pids = excluded.pids, disk_bytes = excluded.disk_bytes, inodes = excluded.inodes,"
                                + " swap_bytes = excluded.swap_bytes,"
                                + " priority = excluded.priority, trust_class = excluded.trust_class,"
                                + " io_read_bytes = excluded.io_read_bytes, io_write_bytes = excluded.io_write_bytes,"
                                + " io_read_ops = excluded.io_read_ops, io_write_ops = excluded.io_write_ops,"
                                + " io_buffered = excluded.io_buffered, io_weight = excluded.io_weight,"
                                + " cpu_burst_percent = excluded.cpu_burst_percent, revision = excluded.revision"
                                + " WHERE plan.revision = :oldRevision")
                        .params(values(plan, oldRevision))
                        .update()
                == 1;
    }

    /** Returns false if the plan is not there, at another revision, or a tenant has it. */
    boolean delete(JdbcClient writer, PlanRecord plan) {
        return writer.sql("DELETE FROM plan WHERE name = :name AND revision = :revision"
                                + " AND NOT EXISTS (SELECT 1 FROM tenant WHERE plan = :name)")
                        .param("name", plan.name().value())
                        .param("revision", plan.revision())
                        .update()
                == 1;
    }

    private static Map<String, @Nullable Object> values(PlanRecord plan, long oldRevision) {
        PlanSpec spec = plan.spec();
        Map<String, @Nullable Object> values = new HashMap<>();
        values.put("name", plan.name().value());
        values.put("revision", plan.revision());
        values.put("oldRevision", oldRevision);
        values.put("cpuMillis", spec.cpuMillis());
        values.put("cpuWeight", spec.cpuWeight());
        values.put("memoryBytes", spec.memoryBytes());
        values.put("pids", spec.pids());
        values.put("diskBytes", spec.diskBytes());
        values.put("inodes", spec.inodes());
        values.put("swapBytes", spec.swapBytes());
        values.put("priority", spec.priority());
        values.put("trustClass", spec.trustClass());
        IoRates io = spec.io();
        values.put("ioReadBytes", io == null ? null : io.readBytesPerSecond());
        values.put("ioWriteBytes", io == null ? null : io.writeBytesPerSecond());
        values.put("ioReadOps", io == null ? null : io.readOpsPerSecond());
        values.put("ioWriteOps", io == null ? null : io.writeOpsPerSecond());
        values.put("ioBuffered", io == null || io.bufferedWrites() ? 1 : 0);
        values.put("ioWeight", spec.ioWeight());
        values.put("cpuBurstPercent", spec.cpuBurstPercent());
        return values;
    }

    private static PlanRecord read(ResultSet row) throws SQLException {
        PlanSpec spec = new PlanSpec(
                row.getLong("cpu_millis"),
                row.getInt("cpu_weight"),
                row.getLong("memory_bytes"),
                row.getLong("pids"),
                row.getLong("disk_bytes"),
                row.getLong("inodes"),
                row.getLong("swap_bytes"),
                row.getInt("priority"),
                row.getString("trust_class"),
                io(row),
                smallNumber(row, "io_weight"),
                smallNumber(row, "cpu_burst_percent"));
        return new PlanRecord(new PlanName(row.getString("name")), spec, row.getLong("revision"));
    }

    private static @Nullable IoRates io(ResultSet row) throws SQLException {
        Long readBytes = number(row, "io_read_bytes");
        Long writeBytes = number(row, "io_write_bytes");
        Long readOps = number(row, "io_read_ops");
        Long writeOps = number(row, "io_write_ops");
        boolean unlimited = readBytes == null && writeBytes == null && readOps == null && writeOps == null;
        return unlimited
                ? null
                : new IoRates(readBytes, writeBytes, readOps, writeOps, row.getLong("io_buffered") == 1);
    }

    private static @Nullable Integer smallNumber(ResultSet row, String column) throws SQLException {
        int value = row.getInt(column);
        return row.wasNull() ? null : (Integer) value;
    }

    private static @Nullable Long number(ResultSet row, String column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? null : (Long) value;
    }
}
