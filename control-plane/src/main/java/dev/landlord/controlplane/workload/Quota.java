package dev.landlord.controlplane.workload;

import dev.landlord.api.id.TenantName;
import dev.landlord.api.id.WorkloadName;
import dev.landlord.api.problem.Problem.FieldError;
import dev.landlord.api.problem.ProblemCode;
import dev.landlord.api.workload.Resources;
import dev.landlord.api.workload.WorkloadSpec;
import dev.landlord.controlplane.web.ProblemException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Admission against the plan: the sum over all of a tenant's workloads, and each single replica, must fit. One conditional
 * UPDATE of the tenant's row decides and counts, so no two admissions can both take the last of a resource.
 */
final class Quota {
    /** Workloads without replicas use nothing of a plan; this bounds them. */
    static final int WORKLOADS_PER_TENANT = 1000;

    /** All specs are held in memory for the passes, so one tenant's must not be most of them. In characters of JSON. */
    static final long SPECS_PER_TENANT = 4L << 20;

    /**
     * What all of a tenant's workloads use together, and what the one in question uses. Counted anew each time: a control plane
     * of an older version on the same database knows nothing of the newest columns, and would leave a running sum wrong for good.
     * The view shows what is in an index.
     */
    static final String IN_USE = "(SELECT coalesce(sum(CASE WHEN name = :name THEN 1 ELSE 0 END), 0) AS there,"
            + " coalesce(sum(CASE WHEN name = :name THEN 0 ELSE spec_length END), 0) AS specs, "
            + each(
                    "coalesce(sum(replicas * $C), 0) AS all_$C,"
                            + " coalesce(sum(CASE WHEN name = :name THEN replicas * $C ELSE 0 END), 0) AS own_$C",
                    ", ")
            + " FROM workload_use WHERE tenant = :tenant)";

    private static final String WOULD_USE = "u.all_$C - u.own_$C + :replicas * :$F";

    private static final String ADMIT = "UPDATE tenant AS t SET used_workloads = used_workloads + 1 - u.there, "
            + each("used_$C = " + WOULD_USE, ", ")
            + " FROM plan p, " + IN_USE + " u WHERE t.name = :tenant AND p.name = t.plan AND t.state = 'ACTIVE'"
            + " AND t.used_workloads + 1 - u.there <= " + WORKLOADS_PER_TENANT
            + " AND u.specs + :specLength <= " + SPECS_PER_TENANT
            + " AND " + each(WOULD_USE + " <= p.$C AND :$F <= p.$C", " AND ");

    private static final String EXPLAIN = "SELECT t.used_workloads, 1 - u.there AS workloads, u.specs, "
            + each("u.all_$C, :replicas * :$F - u.own_$C AS more_$C, p.$C AS limit_$C", ", ")
            + " FROM tenant t JOIN plan p ON p.name = t.plan CROSS JOIN " + IN_USE + " u WHERE t.name = :tenant";

    private static final String RELEASE = "UPDATE tenant AS t SET used_workloads = used_workloads - 1, "
            + each("used_$C = u.all_$C - u.own_$C", ", ")
            + " FROM " + IN_USE + " u WHERE t.name = :tenant AND EXISTS"
            + " (SELECT 1 FROM workload WHERE tenant = :tenant AND name = :name AND deleting = 1)";

    private Quota() {}

    /** Counts the spec in place of what the workload had; throws if it does not fit, and then counts nothing. */
    static void admit(JdbcClient writer, TenantName tenant, WorkloadName name, WorkloadSpec spec) {
        Map<String, Object> values = values(tenant, name, spec);
        if (writer.sql(ADMIT).params(values).update() == 0) {
            throw explain(writer, values);
        }
    }

    /** Gives back what a workload that is being deleted used. Returns false if it is not there or not being deleted. */
    static boolean release(JdbcClient writer, TenantName tenant, WorkloadName name) {
        return writer.sql(RELEASE)
                        .params(Map.of("tenant", tenant.value(), "name", name.value()))
                        .update()
                == 1;
    }

    private static ProblemException explain(JdbcClient writer, Map<String, Object> values) {
        List<FieldError> excesses = writer.sql(EXPLAIN)
                .params(values)
                .query((row, number) -> excesses(row, values))
                .single();
        String detail = excesses.stream().map(FieldError::detail).collect(Collectors.joining("; "));
        return new ProblemException(
                ProblemCode.QUOTA_EXCEEDED,
                "the plan of tenant " + values.get("tenant") + " does not allow it: " + detail,
                excesses);
    }

    private static List<FieldError> excesses(ResultSet row, Map<String, Object> values) throws SQLException {
        List<FieldError> found = new ArrayList<>();
        long workloads = row.getLong("used_workloads");
        if (workloads + row.getLong("workloads") > WORKLOADS_PER_TENANT) {
            found.add(new FieldError("", excess("workloads", workloads, 1, WORKLOADS_PER_TENANT)));
        }
        long specs = row.getLong("specs");
        long specLength = ((Number) values.getOrDefault("specLength", 0L)).longValue();
        if (specs + specLength > SPECS_PER_TENANT) {
            found.add(new FieldError("", excess("specs", specs, specLength, SPECS_PER_TENANT) + " characters"));
        }
        for (Limited resource : Limited.values()) {
            long used = row.getLong("all_" + resource.column());
            long more = row.getLong("more_" + resource.column());
            long limit = row.getLong("limit_" + resource.column());
            Object replica = values.getOrDefault(resource.field(), 0L);
            String pointer = "/resources/" + resource.field();
            if (used + more > limit) {
                found.add(new FieldError(pointer, excess(resource.field(), used, more, limit)));
            } else if (((Number) replica).longValue() > limit) {
                found.add(new FieldError(
                        pointer, resource.field() + ": one replica wants " + replica + ", limit " + limit));
            }
        }
        return found;
    }

    private static String excess(String resource, long used, long more, long limit) {
        return resource + ": used " + used + ", wanted " + more + " more, limit " + limit;
    }

    private static Map<String, Object> values(TenantName tenant, WorkloadName name, WorkloadSpec spec) {
        Resources resources = spec.resources();
        return Map.of(
                "tenant", tenant.value(),
                "name", name.value(),
                "replicas", spec.replicas(),
                "specLength", (long) SpecJson.write(spec).length(),
                "cpuMillis", resources.cpuMillis(),
                "memoryBytes", resources.memoryBytes(),
                "pids", resources.pids(),
                "diskBytes", resources.diskBytes(),
                "inodes", resources.inodes(),
                "swapBytes", resources.swap());
    }

    /** The template once per resource: $F stands for its field, $C for its column. */
    private static String each(String template, String separator) {
        return Stream.of(Limited.values())
                .map(resource -> template.replace("$F", resource.field()).replace("$C", resource.column()))
                .collect(Collectors.joining(separator));
    }
}
