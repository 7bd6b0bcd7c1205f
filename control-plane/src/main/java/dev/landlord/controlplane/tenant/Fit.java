package dev.landlord.controlplane.tenant;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Whether what a tenant uses fits a plan, as SQL: the sum of all its workloads, and each single replica, of each resource
 * that a plan limits.
 */
final class Fit {
    static final List<String> COLUMNS = List.of("cpu_millis", "memory_bytes", "pids", "disk_bytes", "inodes");

    /** Of a tenant {@code t} and the named parameters of a plan's limits. */
    static final String TENANT_EXCEEDS_VALUES =
            exceeds(COLUMNS.stream().map(Fit::parameter).toList());

    /** Of a tenant {@code t} and a plan {@code p}. */
    static final String TENANT_EXCEEDS_PLAN =
            exceeds(COLUMNS.stream().map(column -> "p." + column).toList());

    private Fit() {}

    private static String exceeds(List<String> limits) {
        String sums = each("t.used_%s > %s", limits);
        String replicas = each("w.%s > %s", limits);
        return "(" + sums + " OR EXISTS (SELECT 1 FROM workload w WHERE w.tenant = t.name AND (" + replicas + ")))";
    }

    private static String each(String comparison, List<String> limits) {
        return IntStream.range(0, COLUMNS.size())
                .mapToObj(index -> comparison.formatted(COLUMNS.get(index), limits.get(index)))
                .collect(Collectors.joining(" OR "));
    }

    /** {@code cpu_millis} becomes {@code :cpuMillis}. */
    private static String parameter(String column) {
        int underscore = column.indexOf('_');
        return underscore < 0
                ? ":" + column
                : ":" + column.substring(0, underscore)
                        + Character.toUpperCase(column.charAt(underscore + 1))
                        + column.substring(underscore + 2);
    }
}
