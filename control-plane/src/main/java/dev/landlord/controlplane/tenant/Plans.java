package dev.landlord.controlplane.tenant;

import dev.landlord.api.id.PlanName;
import dev.landlord.api.plan.PlanSpec;
import dev.landlord.controlplane.web.ProblemException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table of plans. Stateless; every method works within the caller's read or write. */
public final class Plans {
    private static final String COLUMNS =
            "name, cpu_millis, cpu_weight, memory_bytes, pids, disk_bytes, inodes, priority, trust_class";

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

    /** Returns false if a tenant of the plan already uses more than the new spec allows; then nothing changed. */
    boolean put(JdbcClient writer, PlanName name, PlanSpec spec) {
        return writer.sql("INSERT INTO plan (" + COLUMNS + ") SELECT :name, :cpuMillis, :cpuWeight, :memoryBytes,"
                                + " :pids, :diskBytes, :inodes, :priority, :trustClass WHERE NOT EXISTS"
                                + " (SELECT 1 FROM tenant t WHERE t.plan = :name AND " + Fit.TENANT_EXCEEDS_VALUES
                                + ") ON CONFLICT (name) DO UPDATE SET cpu_millis = excluded.cpu_millis,"
                                + " cpu_weight = excluded.cpu_weight, memory_bytes = excluded.memory_bytes,"
                                + " pids = excluded.pids, disk_bytes = excluded.disk_bytes, inodes = excluded.inodes,"
                                + " priority = excluded.priority, trust_class = excluded.trust_class")
                        .params(values(name, spec))
                        .update()
                == 1;
    }

    /** Returns false if the plan is not there or a tenant has it. */
    boolean delete(JdbcClient writer, PlanName name) {
        return writer.sql("DELETE FROM plan WHERE name = :name"
                                + " AND NOT EXISTS (SELECT 1 FROM tenant WHERE plan = :name)")
                        .param("name", name.value())
                        .update()
                == 1;
    }

    private static Map<String, Object> values(PlanName name, PlanSpec spec) {
        return Map.of(
                "name", name.value(),
                "cpuMillis", spec.cpuMillis(),
                "cpuWeight", spec.cpuWeight(),
                "memoryBytes", spec.memoryBytes(),
                "pids", spec.pids(),
                "diskBytes", spec.diskBytes(),
                "inodes", spec.inodes(),
                "priority", spec.priority(),
                "trustClass", spec.trustClass());
    }

    private static PlanRecord read(ResultSet row) throws SQLException {
        PlanSpec spec = new PlanSpec(
                row.getLong("cpu_millis"),
                row.getInt("cpu_weight"),
                row.getLong("memory_bytes"),
                row.getLong("pids"),
                row.getLong("disk_bytes"),
                row.getLong("inodes"),
                row.getInt("priority"),
                row.getString("trust_class"));
        return new PlanRecord(new PlanName(row.getString("name")), spec);
    }
}
