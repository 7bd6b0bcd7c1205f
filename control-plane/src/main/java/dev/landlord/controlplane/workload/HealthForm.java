package dev.landlord.controlplane.workload;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.landlord.api.workload.HealthCheck;
import dev.landlord.api.workload.InvalidField;
import dev.landlord.controlplane.web.Wire;
import org.jspecify.annotations.Nullable;

/** A health check as people write it. Only kind and port must be said. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record HealthForm(
        @Nullable String kind,
        @Nullable Integer port,
        @Nullable String path,
        @Nullable Long intervalMillis,
        @Nullable Long timeoutMillis,
        @Nullable Integer healthyAfter,
        @Nullable Integer unhealthyAfter) {
    private static final long INTERVAL_DEFAULT_MILLIS = 1000;
    private static final long TIMEOUT_DEFAULT_MILLIS = 1000;
    private static final int HEALTHY_AFTER_DEFAULT = 1;
    private static final int UNHEALTHY_AFTER_DEFAULT = 3;

    static HealthForm of(HealthCheck check) {
        return new HealthForm(
                Wire.of(check.kind()),
                check.port(),
                check.path(),
                check.intervalMillis(),
                check.timeoutMillis(),
                check.healthyAfter(),
                check.unhealthyAfter());
    }

    HealthCheck check() {
        if (kind == null) {
            throw new InvalidField("health.kind", "is required");
        }
        HealthCheck.Kind parsed = Wire.parse(HealthCheck.Kind.class, kind)
                .orElseThrow(
                        () -> new InvalidField("health.kind", "must be one of " + Wire.all(HealthCheck.Kind.class)));
        if (port == null) {
            throw new InvalidField("health.port", "is required");
        }
        long interval = intervalMillis == null ? INTERVAL_DEFAULT_MILLIS : intervalMillis;
        return new HealthCheck(
                parsed,
                port,
                path == null && parsed == HealthCheck.Kind.HTTP ? "/" : path,
                interval,
                timeoutMillis == null ? Math.min(interval, TIMEOUT_DEFAULT_MILLIS) : timeoutMillis,
                healthyAfter == null ? HEALTHY_AFTER_DEFAULT : healthyAfter,
                unhealthyAfter == null ? UNHEALTHY_AFTER_DEFAULT : unhealthyAfter);
    }
}
