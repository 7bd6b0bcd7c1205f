package dev.landlord.controlplane.workload;

import dev.landlord.api.id.TenantName;
import dev.landlord.api.id.WorkloadName;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Skeleton: the rest follows. */
final class Quota {
    private Quota() {}

    /** Gives back what a workload that is being deleted used; no row changes if it is not there or not being deleted. */
    static void release(JdbcClient writer, TenantName tenant, WorkloadName name) {
        writer.sql("UPDATE tenant AS t SET used_workloads = used_workloads - 1,"
                        + " used_cpu_millis = used_cpu_millis - w.replicas * w.cpu_millis,"
                        + " used_memory_bytes = used_memory_bytes - w.replicas * w.memory_bytes,"
                        + " used_pids = used_pids - w.replicas * w.pids,"
                        + " used_disk_bytes = used_disk_bytes - w.replicas * w.disk_bytes,"
                        + " used_inodes = used_inodes - w.replicas * w.inodes"
                        + " FROM workload w WHERE w.tenant = t.name AND t.name = ? AND w.name = ? AND w.deleting = 1")
                .params(tenant.value(), name.value())
                .update();
    }
}
