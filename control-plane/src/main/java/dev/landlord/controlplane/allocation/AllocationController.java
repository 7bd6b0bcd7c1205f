package dev.landlord.controlplane.allocation;

import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.NodeName;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.id.WorkloadName;
import dev.landlord.controlplane.label.Selector;
import dev.landlord.controlplane.node.NodeRecord;
import dev.landlord.controlplane.node.Nodes;
import dev.landlord.controlplane.page.PageRequest;
import dev.landlord.controlplane.store.Database;
import dev.landlord.controlplane.tenant.Tenants;
import dev.landlord.controlplane.watch.Watch;
import dev.landlord.controlplane.web.Items;
import dev.landlord.controlplane.web.ProblemException;
import dev.landlord.controlplane.workload.WorkloadRecord;
import dev.landlord.controlplane.workload.Workloads;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Where a tenant's replicas are and how they do. */
@RestController
@RequestMapping("/api/v1/tenants/{tenant}/allocations")
class AllocationController {
    private final Database database;
    private final Tenants tenants;
    private final Nodes nodes;
    private final Allocations allocations;
    private final Workloads workloads;

    AllocationController(
            Database database, Tenants tenants, Nodes nodes, Allocations allocations, Workloads workloads) {
        this.database = database;
        this.tenants = tenants;
        this.nodes = nodes;
        this.allocations = allocations;
        this.workloads = workloads;
    }

    @GetMapping
    Items<AllocationBody> list(@PathVariable TenantName tenant, PageRequest page, Selector selector) {
        return database.read(reader -> {
            Map<NodeName, NodeRecord> byName = byName(reader);
            return page.of(
                            selected(reader, tenant, selector),
                            allocation -> allocation.id().value())
                    .map(allocation -> AllocationBody.of(allocation, byName.get(allocation.node())));
        });
    }

    @GetMapping(params = "watch")
    void watch(@PathVariable TenantName tenant, Selector selector, Watch watch) throws IOException {
        watch.list(
                () -> database.read(reader -> {
                    Map<NodeName, NodeRecord> byName = byName(reader);
                    return selected(reader, tenant, selector).stream()
                            .map(allocation -> AllocationBody.of(allocation, byName.get(allocation.node())))
                            .toList();
                }),
                allocation -> allocation.id().value());
    }

    @GetMapping("/{allocation}")
    AllocationBody get(@PathVariable TenantName tenant, @PathVariable AllocationId allocation) {
        return database.read(reader -> allocations
                        .find(reader, tenant, allocation)
                        .map(found -> AllocationBody.of(
                                found, nodes.find(reader, found.node()).orElse(null))))
                .orElseThrow(() -> ProblemException.notFound("allocation", allocation.value()));
    }

    /** Those whose workloads have labels that the selector wants. */
    private List<Allocation> selected(JdbcClient reader, TenantName tenant, Selector selector) {
        tenants.require(reader, tenant);
        List<Allocation> all = allocations.ofTenant(reader, tenant);
        if (selector.isAll()) {
            return all;
        }
        Set<WorkloadName> selected = workloads.of(reader, tenant).stream()
                .filter(workload -> selector.selects(workload.spec().labels()))
                .map(WorkloadRecord::name)
                .collect(Collectors.toSet());
        return all.stream()
                .filter(allocation -> selected.contains(allocation.workload().name()))
                .toList();
    }

    private Map<NodeName, NodeRecord> byName(JdbcClient reader) {
        return nodes.all(reader).stream().collect(Collectors.toMap(NodeRecord::name, node -> node));
    }
}
