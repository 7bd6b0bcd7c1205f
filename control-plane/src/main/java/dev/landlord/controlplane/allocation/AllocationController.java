package dev.landlord.controlplane.allocation;

import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.NodeName;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.id.WorkloadName;
import dev.landlord.api.sync.ObservedAllocation;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.Wanted;
import dev.landlord.controlplane.store.Database;
import dev.landlord.controlplane.tenant.Tenants;
import dev.landlord.controlplane.web.Items;
import dev.landlord.controlplane.web.ProblemException;
import dev.landlord.controlplane.web.Wire;
import org.jspecify.annotations.Nullable;
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

    /**
     * An allocation in the REST API.
     *
     * @param phase {@code pending} until its node has spoken of it, {@code stopping} from when it is to stop until it has
     * @param startedAt epoch milliseconds of the present or last run, null if it never ran
     */
    record AllocationBody(
            AllocationId id,
            WorkloadName workload,
            int index,
            NodeName node,
            String phase,
            int restarts,
            @Nullable Long startedAt,
            @Nullable Integer exitCode,
            boolean oomKilled,
            @Nullable String message,
            long specVersion) {

        static AllocationBody of(Allocation allocation) {
            ObservedAllocation seen = allocation.observed();
            long startedAt = seen == null ? 0 : seen.startedAtEpochMillis();
            return new AllocationBody(
                    allocation.id(),
                    allocation.workload().name(),
                    allocation.index(),
                    allocation.node(),
                    phase(allocation, seen),
                    seen == null ? 0 : seen.restarts(),
                    startedAt == 0 ? null : startedAt,
                    seen == null ? null : seen.exitCode(),
                    seen != null && seen.oomKilled(),
                    seen == null ? null : seen.message(),
                    allocation.specVersion());
        }

        private static String phase(Allocation allocation, @Nullable ObservedAllocation seen) {
            if (allocation.gone()) {
                return "gone";
            }
            boolean ended = seen != null
                    && switch (seen.phase()) {
                        case STOPPED, EXITED, FAILED -> true;
                        case STARTING, RUNNING, FROZEN, BACKING_OFF -> false;
                    };
            if (allocation.wanted() != Wanted.RUNNING && !ended) {
                return "stopping";
            }
            return seen == null ? "pending" : Wire.of(seen.phase());
        }
    }
}
