package dev.landlord.controlplane.reconcile;

import dev.landlord.controlplane.allocation.Allocations;
import dev.landlord.controlplane.node.Nodes;
import dev.landlord.controlplane.tenant.Plans;
import dev.landlord.controlplane.tenant.Tenants;
import dev.landlord.controlplane.workload.Workloads;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Reads the whole state within one read of the store. */
@Component
final class ClusterReader {
    final Nodes nodes;
    final Plans plans;
    final Tenants tenants;
    final Workloads workloads;
    final Allocations allocations;

    ClusterReader(Nodes nodes, Plans plans, Tenants tenants, Workloads workloads, Allocations allocations) {
        this.nodes = nodes;
        this.plans = plans;
        this.tenants = tenants;
        this.workloads = workloads;
        this.allocations = allocations;
    }

    ClusterState read(JdbcClient reader) {
        return new ClusterState(
                nodes.all(reader),
                plans.all(reader),
                tenants.all(reader),
                workloads.all(reader),
                allocations.all(reader));
    }
}
