package dev.landlord.controlplane.metrics;

import dev.landlord.controlplane.ratelimit.RateLimits;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import org.springframework.stereotype.Component;

/** Whom this replica refused because it was too much, and who showed a token that is none. */
@Component
final class RateCollector implements MultiCollector {
    private final RateLimits limits;

    RateCollector(PrometheusRegistry registry, RateLimits limits) {
        this.limits = limits;
        registry.register(this);
    }

    @Override
    public MetricSnapshots collect() {
        Family limited = new Family(
                "landlord_controlplane_rate_limited", "Requests that were answered 429, by what was too much.", "kind");
        for (RateLimits.Refusal each : RateLimits.Refusal.values()) {
            limited.add(limits.refused(each), each.wire());
        }
        Family failed = new Family("landlord_controlplane_failed_logins", "Requests with a token that is not valid.");
        return MetricSnapshots.of(
                limited.counter(), failed.add(limits.failedTries()).counter());
    }
}
