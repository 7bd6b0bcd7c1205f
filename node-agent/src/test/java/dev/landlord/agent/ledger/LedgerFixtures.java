package dev.landlord.agent.ledger;

import dev.landlord.agent.diff.AllocationRecord;
import dev.landlord.agent.diff.AllocationRecord.Attempts;
import dev.landlord.agent.diff.AllocationRecord.Identity;
import dev.landlord.agent.diff.AllocationRecord.State;
import dev.landlord.agent.diff.AllocationRecord.Stop;
import dev.landlord.agent.diff.Ending;
import dev.landlord.agent.diff.ResourceLimits;
import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.Generation;
import dev.landlord.api.id.ImageName;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.id.WorkloadName;
import dev.landlord.api.sync.Assignment;
import dev.landlord.api.sync.DesiredState;
import dev.landlord.api.workload.ProcessSpec;
import dev.landlord.api.workload.Resources;
import dev.landlord.api.workload.RestartPolicy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Contents with every field in use. */
final class LedgerFixtures {
    private static final TenantName ALICE = new TenantName("alice");

    private LedgerFixtures() {}

    static LedgerContent content(long number, int allocations) {
        Map<AllocationId, AllocationRecord> records = new HashMap<>();
        for (int i = 0; i < allocations; i++) {
            AllocationRecord record = record(new AllocationId("alloc" + (10_000 + i)));
            records.put(record.allocation(), record);
        }
        List<Assignment> assignments =
                records.keySet().stream().map(LedgerFixtures::assignment).toList();
        DesiredState accepted = new DesiredState(new Generation("db-1", number), assignments, Set.of(ALICE), null);
        return new LedgerContent(accepted, Map.of(ALICE, 1_879_048_192L), records);
    }

    static AllocationRecord record(AllocationId id) {
        return new AllocationRecord(
                new Identity(id, ALICE, new WorkloadName("shop"), 1, new ImageName("busybox")),
                new Attempts(State.ENDED, 3, 2, 2, 7, Attempts.NEVER),
                new Stop(5_000, 123),
                new ResourceLimits(100, 1 << 26, 10, 100),
                4,
                new Ending(1, 2, 137, true, "out of memory"));
    }

    static Assignment assignment(AllocationId id) {
        return new Assignment(
                id,
                ALICE,
                new WorkloadName("shop"),
                1,
                Assignment.Desired.RUNNING,
                new ProcessSpec(
                        new ImageName("busybox"), List.of("sh", "-c", "true"), Map.of("A", "b"), "0", "/", true),
                new Resources(100, 1 << 26, 10, 1 << 20, 100),
                100,
                RestartPolicy.DEFAULT,
                7,
                5_000,
                null,
                null,
                null,
                null,
                null);
    }
}
