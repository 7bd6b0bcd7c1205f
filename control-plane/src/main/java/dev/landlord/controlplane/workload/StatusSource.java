package dev.landlord.controlplane.workload;

import dev.landlord.api.id.TenantName;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Says what became of workloads; the port through which this room learns of allocations without knowing them. */
public interface StatusSource {
    /** One status per workload of the list, in its order. Called inside a read; must not call the database again. */
    List<WorkloadStatus> statuses(JdbcClient reader, TenantName tenant, List<WorkloadRecord> workloads);
}
