package dev.landlord.controlplane.reconcile;

import dev.landlord.controlplane.scheduler.Plan;
import dev.landlord.controlplane.scheduler.Scheduler;
import dev.landlord.controlplane.scheduler.Scheduler.Strategy;
import org.springframework.stereotype.Component;

/** The scheduler with the bounds of a pass. */
@Component
final class Planner {
    static final int MAX_BATCH = 1000;
    static final long SETTLE_MILLIS = 1000;

    private final Snapshots snapshots;
    private final Scheduler scheduler;

    Planner(Snapshots snapshots, Strategy strategy) {
        this.snapshots = snapshots;
        this.scheduler = new Scheduler(MAX_BATCH, SETTLE_MILLIS, strategy);
    }

    Plan plan(ClusterState state, long nowMillis) {
        return scheduler.plan(snapshots.of(state, nowMillis));
    }
}
