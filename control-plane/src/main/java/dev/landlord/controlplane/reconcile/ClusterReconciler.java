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
import dev.landlord.controlplane.replica.Term;
import dev.landlord.controlplane.scheduler.Plan;
import dev.landlord.controlplane.scheduler.WorkloadKey;
import dev.landlord.controlplane.store.Database;
import dev.landlord.controlplane.workload.WorkloadRecord;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    private final Explanations explanations;
    private final InstantSource clock;
    private final Planner planner;
    private final NumberedSets numberedSets;
    private final DesiredSets desiredSets;
    /** What the published sets say of the network. */
    private final Map<NodeName, Object> signs = new HashMap<>();

    /** Of the last pass. */
    private @Nullable NetworkMap network;

    /** Of the term of the last pass; 0 if it was another replica's. */
    private long epoch;

    ClusterReconciler(
            Database database,
            ClusterReader reader,
            Planner planner,
            PassCommit passCommit,
            Explanations explanations,
            NumberedSets numberedSets,
            InstantSource clock) {
        this.database = database;
        this.reader = reader;
        this.planner = planner;
        this.passCommit = passCommit;
        this.desiredSets = numberedSets.published();
        this.explanations = explanations;
        this.numberedSets = numberedSets;
        this.clock = clock;
    }

    /**
     * What a pass did.
     *
     * @param again there is more to do at once
     * @param wakeInMillis when a running replica will have run for long enough; {@link Long#MAX_VALUE} if none is waited for
     */
    record Pass(ClusterState state, Plan plan, int applied, int stale, boolean again, long wakeInMillis) {}

    /**
     * Reads, schedules, commits, publishes. Without a term it publishes what the leader has committed; what it would decide
     * itself only tells why replicas wait.
     *
     * @throws dev.landlord.controlplane.replica.DeposedException if the term is over
     */
    Pass run(Optional<Term> term) {
        forgetOtherTerms(term.map(Term::epoch).orElse(0L));
        ClusterState state = database.read(reader::read);
        long now = clock.millis();
        Plan plan = planner.plan(state, now);
        NetworkMap map = reader.network(state, network);
        network = map;
        Commit commit = Commit.NOTHING;
        if (term.isPresent()) {
            commit = lead(term.get(), state, plan, map);
        } else {
            numberedSets.publish(state, map);
        }
        explanations.learn(plan);
        Set<NodeName> names = state.nodes().stream().map(NodeRecord::name).collect(Collectors.toSet());
        desiredSets.keepOnly(names);
        signs.keySet().retainAll(names);
        boolean again = term.isPresent() && (plan.truncated() || commit.stale() > 0);
        return new Pass(state, plan, commit.applied(), commit.stale(), again, wakeInMillis(state, now));
    }

    /** What others have numbered meanwhile said something else of the network. */
    private void forgetOtherTerms(long current) {
        if (current != epoch) {
            epoch = current;
            signs.clear();
            network = null;
        }
    }

    private Commit lead(Term term, ClusterState state, Plan plan, NetworkMap map) {
        Set<NodeName> outdated = outdated(state, map);
        List<WorkloadRecord> finished = finished(state);

        Commit commit = Commit.NOTHING;
        if (!plan.decisions().isEmpty() || !outdated.isEmpty() || !finished.isEmpty()) {
            PassCommit.Told told = new PassCommit.Told(map, signs);
            commit = term.write(writer -> passCommit.apply(writer, state, told, plan, outdated, finished));
        }
        commit.published().forEach(desiredSets::publish);
        signs.putAll(commit.signs());
        return commit;
    }

    /**
     * Nodes whose set is not the published one: something that it is made of has changed, this process is new, or the node
     * is, which may have joined at another replica.
     */
    private Set<NodeName> outdated(ClusterState state, NetworkMap now) {
        Map<NodeName, List<Allocation>> byNode =
                state.allocations().stream().collect(Collectors.groupingBy(Allocation::node));
        Map<TenantName, DesiredSet.Terms> terms = state.terms();
        Set<NodeName> outdated = new HashSet<>();
        for (NodeRecord node : state.nodes()) {
            DesiredSet set = DesiredSet.of(byNode.getOrDefault(node.name(), List.of()), terms, null);
            boolean published = desiredSets
                    .of(node.name())
                    .filter(known -> known.generation().number() == node.generation())
                    .filter(set::isContentOf)
                    .isPresent();
            if (!published || !now.sign(node.name()).equals(signs.get(node.name()))) {
                outdated.add(node.name());
            }
        }
        return outdated;
    }

    private static List<WorkloadRecord> finished(ClusterState state) {
        Set<WorkloadKey> used = state.allocated();
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
