package dev.landlord.controlplane.allocation;

import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.TenantName;
import dev.landlord.controlplane.store.Database;
import dev.landlord.controlplane.tenant.Tenants;
import dev.landlord.controlplane.web.Items;
import dev.landlord.controlplane.web.ProblemException;
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
    private final Allocations allocations;

    AllocationController(Database database, Tenants tenants, Allocations allocations) {
        this.database = database;
        this.tenants = tenants;
        this.allocations = allocations;
    }

    @GetMapping
    Items<AllocationBody> list(@PathVariable TenantName tenant) {
        return database.read(reader -> {
            tenants.require(reader, tenant);
            return new Items<>(allocations.ofTenant(reader, tenant).stream()
                    .map(AllocationBody::of)
                    .toList());
        });
    }

    @GetMapping("/{allocation}")
    AllocationBody get(@PathVariable TenantName tenant, @PathVariable AllocationId allocation) {
        return database.read(reader -> allocations.find(reader, tenant, allocation))
                .map(AllocationBody::of)
                .orElseThrow(() -> ProblemException.notFound("allocation", allocation.value()));
    }
}
