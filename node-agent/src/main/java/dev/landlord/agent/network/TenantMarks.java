package dev.landlord.agent.network;

import dev.landlord.api.id.TenantName;
import dev.landlord.runtime.IdBlock;
import java.util.Map;
import java.util.Optional;

/**
 * The number by which the firewall of this host tells tenants apart: that of their block of host ids, which is theirs alone
 * for as long as they have anything here. Pure.
 *
 * @param idBlocks first host id of each tenant's block
 */
public record TenantMarks(Map<TenantName, Long> idBlocks) {
    public TenantMarks {
        idBlocks = Map.copyOf(idBlocks);
    }

    /** Empty for a tenant without anything on this host; never 0. */
    public Optional<Integer> of(TenantName tenant) {
        Long block = idBlocks.get(tenant);
        return block == null ? Optional.empty() : Optional.of(ofBlock(block));
    }

    /** Of the tenant whose block of host ids begins here. */
    public static int ofBlock(long firstId) {
        return (int) (firstId / IdBlock.DEFAULT_SIZE);
    }
}
