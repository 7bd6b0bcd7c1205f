package dev.landlord.agent.reconcile;

import dev.landlord.agent.diff.AllocationRecord;
import dev.landlord.agent.diff.ObservedSandbox;
import dev.landlord.agent.diff.ObservedStates;
import dev.landlord.agent.sandbox.Resident;
import dev.landlord.agent.sync.NodeState;
import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.sync.LimitDrift;
import dev.landlord.api.sync.NodeReport.HeldSet;
import dev.landlord.api.sync.ObservedAllocation;
import dev.landlord.api.sync.ObservedHealth;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What others get to see of one pass. */
record Publication(NodeState state, Map<AllocationId, Resident> residents) {
    static Publication of(
            HostMemory memory,
            List<ObservedSandbox> sandboxes,
            @Nullable HeldSet held,
            List<LimitDrift> drifts,
            Function<AllocationId, @Nullable ObservedHealth> health) {
        Map<AllocationId, ObservedSandbox> newest = newest(sandboxes);
        Map<AllocationId, ObservedAllocation> allocations = new HashMap<>();
        Map<AllocationId, Resident> residents = new HashMap<>();
        for (AllocationId id : memory.allocations()) {
            AllocationRecord record = memory.records().get(id);
            ObservedSandbox sandbox = newest.remove(id);
            TenantName tenant = memory.tenantOf(id);
            boolean frozen = tenant != null && memory.frozen(tenant);
            allocations.put(
                    id,
                    ObservedStates.of(id, record, sandbox, frozen, memory.trouble(id), health.apply(id))
                            .with(ObservedStates.applied(memory.assignment(id), record, sandbox)));
            if (record != null) {
                residents.put(id, new Resident(record, sandbox));
            }
        }
        List<AllocationId> orphans = newest.keySet().stream()
                .sorted((a, b) -> a.value().compareTo(b.value()))
                .toList();
        NodeState state = new NodeState(memory.desired().generation(), allocations, orphans, held, drifts);
        return new Publication(state, residents);
    }

    private static Map<AllocationId, ObservedSandbox> newest(List<ObservedSandbox> sandboxes) {
        Map<AllocationId, ObservedSandbox> newest = new HashMap<>();
        for (ObservedSandbox sandbox : sandboxes) {
            newest.merge(sandbox.allocation(), sandbox, (a, b) -> a.run() > b.run() ? a : b);
        }
        return newest;
    }
}
