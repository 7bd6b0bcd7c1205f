package dev.landlord.controlplane.reconcile;

import dev.landlord.api.id.Generation;
import dev.landlord.api.id.NodeName;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.sync.DesiredState;
import dev.landlord.controlplane.allocation.DesiredSet;
import dev.landlord.controlplane.allocation.PlanCommit;
import dev.landlord.controlplane.network.NetworkMap;
import dev.landlord.controlplane.node.NodeRecord;
import dev.landlord.controlplane.scheduler.Plan;
import dev.landlord.controlplane.scheduler.WorkloadKey;
import dev.landlord.controlplane.store.Database;
import dev.landlord.controlplane.workload.WorkloadRecord;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The one write of a pass: the plan, the workloads that have ended, and the numbers of the desired sets, or none of it. */
@Component
final class PassCommit {
    private final Database database;
    private final ClusterReader reader;
    private final PlanCommit planCommit;

    PassCommit(Database database, ClusterReader reader, PlanCommit planCommit) {
        this.database = database;
        this.reader = reader;
        this.planCommit = planCommit;
    }

    /**
     * What is durable now.
     *
     * @param published the sets that have become new, in the order in which they are to be told
     * @param signs of what each published set says of the network, {@link NetworkMap#sign}
     */
    record Commit(Map<NodeName, DesiredState> published, Map<NodeName, Object> signs, int applied, int stale) {
        static final Commit NOTHING = new Commit(Map.of(), Map.of(), 0, 0);
    }

    /**
     * What nodes know of the network.
     *
     * @param map of the moment at which the pass began
     * @param signs of what their published sets say
     */
    record Told(NetworkMap map, Map<NodeName, Object> signs) {}

    /** Carries out what a pass decided, and numbers the sets of the nodes that it touched. */
    Commit apply(
            JdbcClient writer,
            ClusterState state,
            Told told,
            Plan plan,
            Set<NodeName> outdated,
            List<WorkloadRecord> finished) {
        PlanCommit.Outcome outcome = planCommit.apply(writer, plan.decisions(), state.workloadsByKey());
        finished.forEach(workload -> remove(writer, workload));
        NetworkMap network = reader.network(writer, state, told.map());
        Set<NodeName> touched = new LinkedHashSet<>(outdated);
        touched.addAll(newsOfNetwork(state, told, network));
        // Last: who has kin of a new replica is to know of it before it speaks, or its first packets are dropped there.
        touched.removeAll(outcome.touched());
        touched.addAll(outcome.touched());
        Map<NodeName, DesiredState> published = renumber(writer, touched, network);
        Map<NodeName, Object> signs = new HashMap<>();
        published.keySet().forEach(node -> signs.put(node, network.sign(node)));
        return new Commit(published, signs, outcome.applied(), outcome.stale());
    }

    private static List<NodeName> newsOfNetwork(ClusterState state, Told told, NetworkMap now) {
        return state.nodes().stream()
                .map(NodeRecord::name)
                .filter(node -> !now.sign(node).equals(told.signs().get(node)))
                .toList();
    }

    /** From what the tables hold now, which is more than the snapshot knew. */
    private Map<NodeName, DesiredState> renumber(JdbcClient writer, Set<NodeName> touched, NetworkMap network) {
        if (touched.isEmpty()) {
            return Map.of();
        }
        Map<TenantName, DesiredSet.Terms> terms =
                ClusterState.terms(reader.tenants.all(writer), reader.plans.all(writer));
        Map<NodeName, DesiredState> published = new LinkedHashMap<>();
        for (NodeName node : touched) {
            if (reader.nodes.find(writer, node).isEmpty()) {
                continue;
            }
            DesiredSet set = DesiredSet.of(reader.allocations.ofNode(writer, node), terms, network.of(node));
            long number = reader.nodes.number(writer, node, set.sha256());
            reader.allocations.markTold(writer, node, number);
            published.put(node, set.numbered(new Generation(database.incarnation(), number)));
        }
        return published;
    }

    private void remove(JdbcClient writer, WorkloadRecord workload) {
        WorkloadKey key = new WorkloadKey(workload.tenant(), workload.name());
        if (reader.allocations.exist(writer, key)) {
            return;
        }
        reader.workloads.remove(writer, workload.tenant(), workload.name());
    }
}
