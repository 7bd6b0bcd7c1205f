package dev.landlord.controlplane.reconcile;

import dev.landlord.api.id.Generation;
import dev.landlord.api.id.NodeName;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.sync.DesiredState;
import dev.landlord.controlplane.allocation.Allocation;
import dev.landlord.controlplane.allocation.DesiredSet;
import dev.landlord.controlplane.allocation.DesiredSets;
import dev.landlord.controlplane.network.NetworkMap;
import dev.landlord.controlplane.node.NodeRecord;
import dev.landlord.controlplane.store.Database;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * The sets that the leader has numbered, made again from the tables for the agents that are connected to this replica. What
 * has another digest than the stored one is not told to anybody: either the leader has not come to it yet, or this replica
 * would make something else of the same tables. For one thread.
 */
@Component
final class NumberedSets {
    private static final Logger LOG = LoggerFactory.getLogger(NumberedSets.class);
    private static final long PATIENCE_MILLIS = 30_000;

    private final Database database;
    private final DesiredSets published;
    private final InstantSource clock;
    private long differsSince;
    private boolean told;

    NumberedSets(Database database, DesiredSets published, InstantSource clock) {
        this.database = database;
        this.published = published;
        this.clock = clock;
    }

    /** What is published here, by whomever it was numbered. */
    DesiredSets published() {
        return published;
    }

    /** Publishes what is newer than what is published here. */
    void publish(ClusterState state, NetworkMap network) {
        Map<NodeName, List<Allocation>> byNode =
                state.allocations().stream().collect(Collectors.groupingBy(Allocation::node));
        Map<TenantName, DesiredSet.Terms> terms = state.terms();
        Map<NodeName, DesiredState> news = new HashMap<>();
        int differ = 0;
        for (NodeRecord node : state.nodes()) {
            if (node.desiredSha256().isEmpty()) {
                // Another has the name now.
                published.forget(node.name());
            } else if (!isPublished(node)) {
                List<Allocation> own = byNode.getOrDefault(node.name(), List.of());
                DesiredSet set = DesiredSet.of(own, terms, network.of(node.name()));
                if (set.sha256().equals(node.desiredSha256())) {
                    news.put(node.name(), set.numbered(generation(node)));
                } else {
                    differ++;
                }
            }
        }
        news.forEach(published::publish);
        tellOfDifference(differ);
    }

    private boolean isPublished(NodeRecord node) {
        return published
                .of(node.name())
                .filter(known -> known.generation().equals(generation(node)))
                .isPresent();
    }

    private Generation generation(NodeRecord node) {
        return new Generation(database.incarnation(), node.generation());
    }

    private void tellOfDifference(int differ) {
        long now = clock.millis();
        if (differ == 0) {
            differsSince = now;
            told = false;
        } else if (!told && now - differsSince > PATIENCE_MILLIS) {
            LOG.warn(
                    "The sets of {} nodes are not what this control plane would make of the same database. Agents that are"
                            + " connected here are told nothing new: have all replicas one version and one landlord.network",
                    differ);
            told = true;
        }
    }
}
