package dev.landlord.controlplane.replica;

import dev.landlord.controlplane.replica.Leadership.Role;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/** Says at {@code /actuator/health/role} whether this control plane leads; both roles are well. */
@Component("replica")
final class ReplicaHealth implements HealthIndicator {
    private final Leadership leadership;

    ReplicaHealth(Leadership leadership) {
        this.leadership = leadership;
    }

    @Override
    public Health health() {
        Role role = leadership.role();
        return Health.up()
                .withDetail("role", role.wire())
                .withDetail("epoch", role.epoch())
                .build();
    }
}
