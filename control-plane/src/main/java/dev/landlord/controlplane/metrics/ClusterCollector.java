package dev.landlord.controlplane.metrics;

import dev.landlord.api.id.NodeName;
import dev.landlord.controlplane.allocation.Explanations;
import dev.landlord.controlplane.metrics.ClusterMetrics.NodeWords;
import dev.landlord.controlplane.node.Contact;
import dev.landlord.controlplane.node.Contacts;
import dev.landlord.controlplane.node.NodeRecord;
import dev.landlord.controlplane.reconcile.ReconcileStats;
import dev.landlord.controlplane.replica.Leadership;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** Answers each scrape from memory. */
@Component
final class ClusterCollector implements MultiCollector {
    private final ReconcileStats stats;
    private final Explanations explanations;
    private final Contacts contacts;
    private final Leadership leadership;

    ClusterCollector(
            PrometheusRegistry registry,
            ReconcileStats stats,
            Explanations explanations,
            Contacts contacts,
            Leadership leadership) {
        this.stats = stats;
        this.explanations = explanations;
        this.contacts = contacts;
        this.leadership = leadership;
        registry.register(this);
    }

    @Override
    public MetricSnapshots collect() {
        ReconcileStats.View view = stats.view();
        Map<NodeName, NodeWords> words =
                view.state().nodes().stream().collect(Collectors.toMap(NodeRecord::name, this::words));
        return ClusterMetrics.of(view, explanations.pending(), words, leadership.role());
    }

    private NodeWords words(NodeRecord node) {
        Contact.Said said = contacts.of(node.name()).said();
        return new NodeWords(contacts.lastSeenAt(node), said.orphans().size(), said.held() != null);
    }
}
