package dev.landlord.agent.health;

import dev.landlord.api.sync.ObservedHealth;
import dev.landlord.api.workload.HealthCheck;

/**
 * What the checks of one run of one replica came to so far. Pure.
 *
 * @param passes in a row, up to now
 * @param failures in a row, up to now
 */
record HealthRecord(ObservedHealth health, int passes, int failures) {
    static final HealthRecord FRESH = new HealthRecord(ObservedHealth.STARTING, 0, 0);

    HealthRecord after(boolean passed, HealthCheck check) {
        int nextPasses = passed ? Math.min(passes + 1, check.healthyAfter()) : 0;
        int nextFailures = passed ? 0 : Math.min(failures + 1, check.unhealthyAfter());
        if (nextPasses >= check.healthyAfter()) {
            return new HealthRecord(ObservedHealth.HEALTHY, nextPasses, 0);
        }
        if (nextFailures >= check.unhealthyAfter()) {
            return new HealthRecord(ObservedHealth.UNHEALTHY, 0, nextFailures);
        }
        return new HealthRecord(health, nextPasses, nextFailures);
    }
}
