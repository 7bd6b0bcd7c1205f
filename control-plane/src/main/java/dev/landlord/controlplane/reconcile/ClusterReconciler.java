package dev.landlord.controlplane.reconcile;

import dev.landlord.api.id.NodeName;
import dev.landlord.api.id.TenantName;
import dev.landlord.controlplane.allocation.Allocation;
import dev.landlord.controlplane.allocation.DesiredSet;
import dev.landlord.controlplane.allocation.DesiredSets;
import dev.landlord.controlplane.allocation.Explanations;
import dev.landlord.controlplane.network.NetworkMap;
import dev.landlord.controlplane.node.NodeRecord;
import dev.landlord.controlplane.reconcile.PassCommit.Commit;
import dev.landlord.controlplane.scheduler.Plan;
import dev.landlord.controlplane.scheduler.WorkloadKey;
import dev.landlord.controlplane.store.Database;
import dev.landlord.controlplane.workload.WorkloadRecord;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** One pass over the cluster. For one thread. */
@Component
final class ClusterReconciler {
    private final Database database;
    private final ClusterReader reader;
    private final PassCommit passCommit;
    private final DesiredSets desiredSets;
    private final Explanations explanations;
    private final InstantSource clock;
    private final Planner planner;
    /** What the published sets say of the network. */
    private final Map<NodeName, Object> signs = new HashMap<>();

    /** Of the last pass. */
    private @Nullable NetworkMap network;

    ClusterReconciler(
            Database database,
            ClusterReader reader,
            Planner planner,
            PassCommit passCommit,
            DesiredSets desiredSets,
            Explanations explanations,
            InstantSource clock) {
        this.database = database;
        this.reader = reader;
        this.planner = planner;
        this.passCommit = passCommit;
        this.desiredSets = desiredSets;
        this.explanations = explanations;
        this.clock = clock;
    }

    /**
     * What a pass did.
     *
     * @param again there is more to do at once
     * @param wakeInMillis when a running replica will have run for long enough; {@link Long#MAX_VALUE} if none is waited for
     */
    record Pass(ClusterState state, Plan plan, int applied, int stale, boolean again, long wakeInMillis) {}

    /** Reads, schedules, commits, publishes. */
    Pass run() {
        ClusterState state = database.read(reader::read);
        long now = clock.millis();
        Plan plan = planner.plan(state, now);
        NetworkMap map = reader.network(state, network);
        network = map;
        Set<NodeName> outdated = outdated(state, map);
        List<WorkloadRecord> finished = finished(state);

        Commit commit = Commit.NOTHING;
        if (!plan.decisions().isEmpty() || !outdated.isEmpty() || !finished.isEmpty()) {
            PassCommit.Told told = new PassCommit.Told(map, signs);
            commit = database.write(writer -> passCommit.apply(writer, state, told, plan, outdated, finished));
        }
        explanations.learn(plan);
        commit.published().forEach(desiredSets::publish);
        signs.putAll(commit.signs());
        Set<NodeName> names = state.nodes().stream().map(NodeRecord::name).collect(Collectors.toSet());
        desiredSets.keepOnly(names);
        signs.keySet().retainAll(names);
        return new Pass(
                state,
                plan,
                commit.applied(),
                commit.stale(),
                plan.truncated() || commit.stale() > 0,
                wakeInMillis(state, now));
    }

    /** Nodes whose set is not the published one: something that it is made of has changed, or this process is new. */
    private Set<NodeName> outdated(ClusterState state, NetworkMap now) {
        Map<NodeName, List<Allocation>> byNode =
                state.allocations().stream().collect(Collectors.groupingBy(Allocation::node));
        Map<TenantName, DesiredSet.Terms> terms = state.terms();
        Set<NodeName> outdated = new HashSet<>();
        for (NodeRecord node : state.nodes()) {
            DesiredSet set = DesiredSet.of(byNode.getOrDefault(node.name(), List.of()), terms, null);
            boolean published =
                    desiredSets.of(node.name()).filter(set::isContentOf).isPresent();
            if (!published || !now.sign(node.name()).equals(signs.get(node.name()))) {
                outdated.add(node.name());
            }
        }
        return outdated;
    }

    private static List<WorkloadRecord> finished(ClusterState state) {
        Set<WorkloadKey> used =
                state.allocations().stream().map(Allocation::workload).collect(Collectors.toSet());
        return state.workloads().stream()
                .filter(workload ->
                        workload.deleting() && !used.contains(new WorkloadKey(workload.tenant(), workload.name())))
                .limit(Planner.MAX_BATCH)
                .toList();
    }

    private static long wakeInMillis(ClusterState state, long now) {
        return state.allocations().stream()
                .map(Allocation::runningSince)
                .filter(since -> since != null && now - since < Planner.SETTLE_MILLIS)
                .mapToLong(since -> Planner.SETTLE_MILLIS - (now - since))
                .min()
                .orElse(Long.MAX_VALUE);
    }
}
