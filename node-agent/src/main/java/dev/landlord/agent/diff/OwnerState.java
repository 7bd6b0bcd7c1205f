package dev.landlord.agent.diff;

import org.jspecify.annotations.Nullable;

/**
 * What this agent process did to a tenant's slice. Null where it has done nothing yet, as after a restart.
 *
 * @param limits the limits last written
 * @param frozen whether it was last frozen or thawed
 */
public record OwnerState(
        @Nullable ResourceLimits limits, @Nullable Boolean frozen) {
    public static final OwnerState UNKNOWN = new OwnerState(null, null);

    public OwnerState withLimits(ResourceLimits newLimits) {
        return new OwnerState(newLimits, frozen);
    }

    public OwnerState withFrozen(boolean nowFrozen) {
        return new OwnerState(limits, nowFrozen);
    }
}
