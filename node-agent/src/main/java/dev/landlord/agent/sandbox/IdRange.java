package dev.landlord.agent.sandbox;

import dev.landlord.api.id.TenantName;
import dev.landlord.runtime.IdBlock;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The host ids that this agent may give to tenants, in blocks of 65,536. Each tenant present on the host has its own, for
 * the kernel counts several things per id, and no tenant may spend another's.
 *
 * @param base first id, a multiple of 65,536
 * @param count number of ids, a multiple of 65,536
 */
public record IdRange(long base, long count) {
    public IdRange {
        if (base < IdBlock.DEFAULT_SIZE || base % IdBlock.DEFAULT_SIZE != 0) {
            throw new IllegalArgumentException("id-base: must be a positive multiple of 65536, was " + base);
        }
        if (count < IdBlock.DEFAULT_SIZE || count % IdBlock.DEFAULT_SIZE != 0) {
            throw new IllegalArgumentException("id-count: must be a positive multiple of 65536, was " + count);
        }
        if (base + count > 0xFFFF_0000L) {
            throw new IllegalArgumentException(
                    "id-base: the range must end below 4294901760, ends at " + (base + count));
        }
    }

    /** Gives a block to each tenant that has none, as long as there are free ones; the others stay without. */
    public Map<TenantName, Long> assign(Map<TenantName, Long> have, Collection<TenantName> present) {
        Map<TenantName, Long> all = new HashMap<>(have);
        Set<Long> taken = new HashSet<>(have.values());
        long next = base;
        for (TenantName tenant : present) {
            if (!all.containsKey(tenant)) {
                while (next < base + count && taken.contains(next)) {
                    next += IdBlock.DEFAULT_SIZE;
                }
                if (next >= base + count) {
                    return all;
                }
                all.put(tenant, next);
                taken.add(next);
            }
        }
        return all;
    }
}
