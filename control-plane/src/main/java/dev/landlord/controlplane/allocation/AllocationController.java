package dev.landlord.controlplane.allocation;

import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.NodeName;
import dev.landlord.api.id.TenantName;
import dev.landlord.controlplane.node.NodeRecord;
import dev.landlord.controlplane.node.Nodes;
import dev.landlord.controlplane.page.PageRequest;
import dev.landlord.controlplane.store.Database;
import dev.landlord.controlplane.tenant.Tenants;
import dev.landlord.controlplane.web.Items;
import dev.landlord.controlplane.web.ProblemException;
import java.util.Map;
import java.util.stream.Collectors;
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

    AllocationController(Database database, Tenants tenants, Nodes nodes, Allocations allocations) {
        this.database = database;
        this.tenants = tenants;
        this.nodes = nodes;
        this.allocations = allocations;
    }

    @GetMapping
    Items<AllocationBody> list(@PathVariable TenantName tenant, PageRequest page) {
        return database.read(reader -> {
            tenants.require(reader, tenant);
            Map<NodeName, NodeRecord> byName =
                    nodes.all(reader).stream().collect(Collectors.toMap(NodeRecord::name, node -> node));
            return page.of(
                            allocations.ofTenant(reader, tenant),
                            allocation -> allocation.id().value())
                    .map(allocation -> AllocationBody.of(allocation, byName.get(allocation.node())));
        });
    }

    @GetMapping("/{allocation}")
    AllocationBody get(@PathVariable TenantName tenant, @PathVariable AllocationId allocation) {
        return database.read(reader -> allocations
                        .find(reader, tenant, allocation)
                        .map(found -> AllocationBody.of(
                                found, nodes.find(reader, found.node()).orElse(null))))
                .orElseThrow(() -> ProblemException.notFound("allocation", allocation.value()));
    }
}
