package dev.landlord.agent.reconcile;

import dev.landlord.agent.diff.ObservedSandbox;
import dev.landlord.agent.health.HealthChecks.Target;
import dev.landlord.api.id.AllocationId;
import dev.landlord.api.network.Attachment;
import dev.landlord.api.sync.Assignment;
import dev.landlord.api.workload.HealthCheck;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Whose health is to be checked: of what runs, whoever has an address and a check. Pure. */
final class Checkups {
    private Checkups() {}

    static Map<AllocationId, Target> of(
            Collection<ObservedSandbox> sandboxes, Function<AllocationId, @Nullable Assignment> assignments) {
        Map<AllocationId, Target> targets = new HashMap<>();
        for (ObservedSandbox sandbox : sandboxes) {
            Assignment assignment = assignments.apply(sandbox.allocation());
            if (sandbox.phase() != ObservedSandbox.Phase.RUNNING || assignment == null) {
                continue;
            }
            HealthCheck check = assignment.health();
            Attachment attachment = assignment.attachment();
            if (check != null && attachment != null) {
                targets.merge(
                        sandbox.allocation(),
                        new Target(sandbox.run(), attachment.address(), check),
                        (a, b) -> a.run() > b.run() ? a : b);
            }
        }
        return targets;
    }
}
