package dev.landlord.api.sync;

import dev.landlord.api.id.Generation;
import dev.landlord.api.id.TenantName;
import java.util.List;
import java.util.Set;

/**
 * The whole set that a node should run. Whatever is not in it should not run there.
 *
 * @param frozen tenants whose sandboxes are to be frozen
 */
public record DesiredState(Generation generation, List<Assignment> assignments, Set<TenantName> frozen) {
    public DesiredState {
        assignments = List.copyOf(assignments);
        frozen = Set.copyOf(frozen);
    }
}
