package dev.landlord.controlplane.metrics;

import dev.landlord.controlplane.credential.NodeRefusals;
import dev.landlord.controlplane.tls.CertificateAuthority;
import dev.landlord.controlplane.tls.Listeners;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import org.springframework.stereotype.Component;

/** When this replica's certificates end, and whom it turned away at the node API. */
@Component
final class CertificateCollector implements MultiCollector {
    private final CertificateAuthority authority;
    private final Listeners listeners;
    private final NodeRefusals refusals;

    CertificateCollector(
            PrometheusRegistry registry, CertificateAuthority authority, Listeners listeners, NodeRefusals refusals) {
        this.authority = authority;
        this.listeners = listeners;
        this.refusals = refusals;
        registry.register(this);
    }

    @Override
    public MetricSnapshots collect() {
        Family expiry = new Family(
                "landlord_controlplane_certificate_expiry_timestamp_seconds",
                "When a certificate of this control plane ends, Unix time.",
                "certificate");
        expiry.add(authority.expiresAt() / 1e3, "authority");
        expiry.add(listeners.expiresAt() / 1e3, "server");
        Family refused = new Family(
                "landlord_controlplane_node_refusals",
                "Requests that the node API turned away, by what was wrong with the certificate.",
                "reason");
        for (NodeRefusals.Reason reason : NodeRefusals.Reason.values()) {
            refused.add(refusals.of(reason), reason.wire());
        }
        return MetricSnapshots.of(expiry.gauge(), refused.counter());
    }
}
