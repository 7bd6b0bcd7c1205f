package dev.landlord.agent.ledger;

import dev.landlord.agent.diff.AllocationRecord;
import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.sync.DesiredState;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything that an agent remembers.
 *
 * @param accepted the desired set that the host follows; null before the first
 * @param idBlocks first host id of the block that belongs to each tenant present here
 * @param records history of each allocation
 */
public record LedgerContent(
        @Nullable DesiredState accepted, Map<TenantName, Long> idBlocks, Map<AllocationId, AllocationRecord> records) {
    public static final LedgerContent EMPTY = new LedgerContent(null, Map.of(), Map.of());

    public LedgerContent {
        idBlocks = Map.copyOf(idBlocks);
        records = Map.copyOf(records);
    }
}
