package dev.landlord.api.sync;

import dev.landlord.api.id.Generation;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.network.ClusterNetwork;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The whole set that a node should run. Whatever is not in it should not run there.
 *
 * @param frozen tenants whose sandboxes are to be frozen
 * @param network null when the cluster has none
 */
public record DesiredState(
        Generation generation,
        List<Assignment> assignments,
        Set<TenantName> frozen,
        @Nullable ClusterNetwork network) {
    public DesiredState {
        assignments = List.copyOf(assignments);
        frozen = Set.copyOf(frozen);
    }
}
