package dev.landlord.controlplane.tenant;

import dev.landlord.api.id.TenantName;
import dev.landlord.api.plan.PlanSpec;
import dev.landlord.api.problem.Problem.FieldError;
import dev.landlord.api.problem.ProblemCode;
import dev.landlord.controlplane.web.ProblemException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Whether what a tenant uses fits a plan: the sum of all its workloads, and each single replica, of each resource that a
 * plan limits. The conditions are SQL, so that the statement that changes a plan decides too; the words come after.
 */
final class Fit {
    private record Limit(String field, String column, ToLongFunction<PlanSpec> value) {}

    private static final List<Limit> LIMITS = List.of(
            new Limit("cpuMillis", "cpu_millis", PlanSpec::cpuMillis),
            new Limit("memoryBytes", "memory_bytes", PlanSpec::memoryBytes),
            new Limit("pids", "pids", PlanSpec::pids),
            new Limit("diskBytes", "disk_bytes", PlanSpec::diskBytes),
            new Limit("inodes", "inodes", PlanSpec::inodes),
            new Limit("swapBytes", "swap_bytes", PlanSpec::swapBytes));

    /** Of a tenant {@code t} and the named parameters of a plan's limits. */
    static final String TENANT_EXCEEDS_VALUES = exceeds(":$F");

    /** Of a tenant {@code t} and a plan {@code p}. */
    static final String TENANT_EXCEEDS_PLAN = exceeds("p.$C");

    private Fit() {}

    /** Says which of the plan's tenants, or the given one, needs more of what than the spec allows. */
    static ProblemException tooSmall(JdbcClient reader, PlanRecord plan, @Nullable TenantName only) {
        String sql = "SELECT t.name, "
                + each(
                        "t.used_$C, coalesce((SELECT max(w.$C) FROM workload w WHERE w.tenant = t.name), 0) AS replica_$C",
                        ", ")
                + " FROM tenant t WHERE " + (only == null ? "t.plan = ?" : "t.name = ?") + " ORDER BY t.name";
        List<FieldError> errors = reader
                .sql(sql)
                .param(only == null ? plan.name().value() : only.value())
                .query((row, number) -> shortfalls(row, plan.spec(), only != null))
                .stream()
                .flatMap(List::stream)
                .limit(10)
                .toList();
        String detail = errors.stream().map(FieldError::detail).collect(Collectors.joining("; "));
        return new ProblemException(
                ProblemCode.QUOTA_EXCEEDED, "plan " + plan.name().value() + " is too small: " + detail, errors);
    }

    private static List<FieldError> shortfalls(ResultSet row, PlanSpec spec, boolean planIsNamed) throws SQLException {
        List<FieldError> found = new ArrayList<>();
        for (Limit limit : LIMITS) {
            long allowed = limit.value.applyAsLong(spec);
            long used = row.getLong("used_" + limit.column);
            long replica = row.getLong("replica_" + limit.column);
            String what = "tenant " + row.getString("name") + ": " + limit.field;
            String pointer = planIsNamed ? "/plan" : "/" + limit.field;
            if (used > allowed) {
                found.add(new FieldError(pointer, what + ": used " + used + ", limit " + allowed));
            } else if (replica > allowed) {
                found.add(new FieldError(pointer, what + ": one replica wants " + replica + ", limit " + allowed));
            }
        }
        return found;
    }

    private static String exceeds(String limit) {
        String sums = each("t.used_$C > " + limit, " OR ");
        String replicas = each("w.$C > " + limit, " OR ");
        return "(" + sums + " OR EXISTS (SELECT 1 FROM workload w WHERE w.tenant = t.name AND (" + replicas + ")))";
    }

    /** The template once per resource: $F stands for its field, $C for its column. */
    private static String each(String template, String separator) {
        return LIMITS.stream()
                .map(limit -> template.replace("$F", limit.field).replace("$C", limit.column))
                .collect(Collectors.joining(separator));
    }
}
