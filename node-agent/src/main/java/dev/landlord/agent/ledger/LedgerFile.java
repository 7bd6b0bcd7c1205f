package dev.landlord.agent.ledger;

import dev.landlord.agent.diff.AllocationRecord;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.sync.DesiredState;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The form on disk. Unknown fields are ignored, so an older agent can read what a newer one wrote, unless {@code requires}
 * names something that it does not understand.
 */
record LedgerFile(
        int version,
        List<String> requires,
        @Nullable DesiredState accepted,
        Map<TenantName, Long> idBlocks,
        List<AllocationRecord> records) {
    static final int VERSION = 1;

    /** What an agent must know of that finds records bound to a lease: another one would begin again what must not be. */
    static final String LEASE = "lease";

    static LedgerFile of(LedgerContent content) {
        return new LedgerFile(
                VERSION,
                isBoundToLease(content) ? List.of(LEASE) : List.of(),
                content.accepted(),
                content.idBlocks(),
                List.copyOf(content.records().values()));
    }

    private static boolean isBoundToLease(LedgerContent content) {
        return content.records().values().stream().anyMatch(record -> record.leaseTerm() != null);
    }

    LedgerContent content() {
        return new LedgerContent(
                accepted,
                idBlocks,
                records.stream().collect(Collectors.toMap(AllocationRecord::allocation, Function.identity())));
    }
}
