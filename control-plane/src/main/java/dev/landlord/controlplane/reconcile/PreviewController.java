package dev.landlord.controlplane.reconcile;

import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.id.WorkloadName;
import dev.landlord.controlplane.allocation.Allocation;
import dev.landlord.controlplane.ratelimit.RateLimits;
import dev.landlord.controlplane.scheduler.Plan;
import dev.landlord.controlplane.scheduler.WorkloadKey;
import dev.landlord.controlplane.store.Database;
import dev.landlord.controlplane.web.ProblemException;
import dev.landlord.controlplane.workload.Workloads;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Says what a change would do, and does nothing of it. */
@RestController
class PreviewController {
    private static final long TURN_SECONDS = 5;

    private final Database database;
    private final Workloads workloads;
    private final ClusterReader cluster;
    private final Planner planner;
    private final RateLimits limits;
    private final InstantSource clock;
    /** Each looks at the whole cluster, as a pass does. */
    private final Semaphore turn = new Semaphore(1, true);

    PreviewController(
            Database database,
            Workloads workloads,
            ClusterReader cluster,
            Planner planner,
            RateLimits limits,
            InstantSource clock) {
        this.database = database;
        this.workloads = workloads;
        this.cluster = cluster;
        this.planner = planner;
        this.limits = limits;
        this.clock = clock;
    }

    @PostMapping(
            path = "/api/v1/tenants/{tenant}/workloads/{workload}:preview",
            consumes = MediaType.APPLICATION_JSON_VALUE)
    PreviewBody preview(
            @PathVariable TenantName tenant,
            @PathVariable WorkloadName workload,
            @RequestBody(required = false) byte @Nullable [] body)
            throws InterruptedException {
        Workloads.PutOutcome would = workloads.tryPut(database, tenant, workload, body);
        if (!turn.tryAcquire(TURN_SECONDS, TimeUnit.SECONDS)) {
            limits.countRefusal(RateLimits.Refusal.PREVIEWS);
            throw ProblemException.rateLimited("many previews are wanted at once; try again", 1);
        }
        try {
            return preview(new WorkloadKey(tenant, workload), would);
        } finally {
            turn.release();
        }
    }

    private PreviewBody preview(WorkloadKey workload, Workloads.PutOutcome would) {
        ClusterState state = database.read(cluster::read).with(would.record());
        Plan plan = planner.plan(state, clock.millis());
        Set<AllocationId> own = state.allocations().stream()
                .filter(allocation -> allocation.workload().equals(workload))
                .map(Allocation::id)
                .collect(Collectors.toSet());
        return PreviewBody.of(workload, would.change(), own, plan);
    }
}
