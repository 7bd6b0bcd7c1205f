package dev.landlord.agent.sync;

import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.Generation;
import dev.landlord.api.node.NodeFacts;
import dev.landlord.api.sync.DesiredReply;
import dev.landlord.api.sync.DesiredState;
import dev.landlord.api.sync.ObservedAllocation;
import dev.landlord.api.sync.ObservedPhase;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Small things to say. */
final class SyncFixtures {
    static final NodeFacts FACTS = new NodeFacts(
            1000, 1 << 30, 100, null, "6", "v2", "test", List.of(), Map.of(), Map.of(), "127.0.0.1:1", null);

    private SyncFixtures() {}

    /** One that cannot be written down, which matters to nobody here. */
    static AgentRun run() {
        return AgentRun.begin(Path.of("/dev/null/agent-run"));
    }

    static NodeState state(long generation, String... allocations) {
        Map<AllocationId, ObservedAllocation> observed = new HashMap<>();
        for (String allocation : allocations) {
            observed.put(new AllocationId(allocation), observed(allocation, 0));
        }
        return new NodeState(new Generation("db-1", generation), observed, List.of(), null, List.of());
    }

    static ObservedAllocation observed(String allocation, int restarts) {
        return new ObservedAllocation(
                new AllocationId(allocation), ObservedPhase.RUNNING, 1, restarts, null, false, null, null, null, null);
    }

    static DesiredReply desired(long generation) {
        return new DesiredReply(
                new DesiredState(new Generation("db-1", generation), List.of(), Set.of(), null), List.of());
    }

    static void await(java.util.function.BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 30_000; i++) {
            if (condition.getAsBoolean()) {
                return;
            }
            Thread.sleep(2);
        }
        throw new AssertionError("did not come true");
    }
}
