package dev.landlord.agent.diff;

import dev.landlord.agent.diff.AgentAction.KeepOrphan;
import dev.landlord.agent.diff.AgentAction.SandboxAction;
import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.sync.Assignment;
import dev.landlord.api.sync.DesiredState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The difference between what a host should run and what it runs, as actions. Applying them all and looking again gives
 * no further change until the world or the time changes. Thread-safe: it keeps nothing.
 */
public final class AgentDiff {
    private final DesiredState desired;
    private final Observation observed;
    private final long now;
    private final Map<AllocationId, Assignment> assignments = new LinkedHashMap<>();
    private final Map<AllocationId, List<ObservedSandbox>> sandboxes = new LinkedHashMap<>();

    private AgentDiff(DesiredState desired, Observation observed, long now) {
        this.desired = desired;
        this.observed = observed;
        this.now = now;
        desired.assignments().forEach(assignment -> assignments.putIfAbsent(assignment.allocation(), assignment));
        observed.sandboxes()
                .forEach(sandbox -> sandboxes
                        .computeIfAbsent(sandbox.allocation(), id -> new ArrayList<>())
                        .add(sandbox));
    }

    /**
     * Slices first, then allocations, those of different tenants in turn, so that nobody's thousand starts stand before
     * another's one.
     *
     * @param nowMillis epoch
     * @param maxAllocations how many allocations may get work on their sandboxes; the others wait for the next diff
     */
    public static List<AgentAction> diff(
            DesiredState desired, Observation observed, long nowMillis, int maxAllocations) {
        return new AgentDiff(desired, observed, nowMillis).diff(maxAllocations);
    }

    private List<AgentAction> diff(int maxAllocations) {
        List<AgentAction> actions = new ArrayList<>(ownerActions());
        Deque<Deque<List<AgentAction>>> turns = new ArrayDeque<>();
        Map<TenantName, Deque<List<AgentAction>>> byTenant =
                new TreeMap<>((a, b) -> a.value().compareTo(b.value()));
        for (AllocationId allocation : allocations()) {
            List<AgentAction> own = decide(allocation);
            if (!own.isEmpty()) {
                byTenant.computeIfAbsent(tenantOf(allocation), tenant -> new ArrayDeque<>())
                        .add(own);
            }
        }
        turns.addAll(byTenant.values());
        int left = maxAllocations;
        while (!turns.isEmpty()) {
            Deque<List<AgentAction>> turn = turns.removeFirst();
            List<AgentAction> own = turn.removeFirst();
            boolean work = own.stream().anyMatch(SandboxAction.class::isInstance);
            if (!work || left > 0) {
                actions.addAll(own);
                left -= work ? 1 : 0;
            }
            if (!turn.isEmpty()) {
                turns.addLast(turn);
            }
        }
        return actions;
    }

    private List<AgentAction> decide(AllocationId allocation) {
        List<ObservedSandbox> here = sandboxes.getOrDefault(allocation, List.of());
        AllocationRecord record = observed.records().get(allocation);
        Assignment assignment = assignments.get(allocation);
        if (assignment == null && record == null) {
            return here.stream().<AgentAction>map(KeepOrphan::new).toList();
        }
        TenantName tenant = tenantOf(allocation);
        if (observed.busyAllocations().contains(allocation)
                || observed.busyTenants().contains(tenant)) {
            return List.of();
        }
        boolean frozen = desired.frozen().contains(tenant);
        return AllocationDiff.decide(
                assignment, record, here, new AllocationDiff.Around(frozen, observed.lease(), now));
    }

    private List<AgentAction> ownerActions() {
        Map<TenantName, OwnerDiff> owners = new LinkedHashMap<>();
        for (AllocationId allocation : allocations()) {
            OwnerDiff owner = owners.computeIfAbsent(tenantOf(allocation), tenant -> new OwnerDiff());
            AllocationRecord record = observed.records().get(allocation);
            Assignment assignment = assignments.get(allocation);
            if (assignment == null && record == null) {
                owner.addOrphan();
            } else {
                owner.add(wantedLimits(assignment), heldLimits(allocation, record));
            }
        }
        List<AgentAction> actions = new ArrayList<>();
        for (TenantName tenant : tenants(owners.keySet())) {
            if (!observed.busyTenants().contains(tenant)) {
                OwnerDiff owner = owners.getOrDefault(tenant, new OwnerDiff());
                boolean frozen = desired.frozen().contains(tenant);
                actions.addAll(owner.decide(tenant, observed.owners().get(tenant), frozen));
            }
        }
        return actions;
    }

    private Set<TenantName> tenants(Set<TenantName> present) {
        Set<TenantName> all = new TreeSet<>((a, b) -> a.value().compareTo(b.value()));
        all.addAll(present);
        all.addAll(observed.owners().keySet());
        return all;
    }

    private static @Nullable ResourceLimits wantedLimits(@Nullable Assignment assignment) {
        if (assignment == null || assignment.desired() != Assignment.Desired.RUNNING) {
            return null;
        }
        return ResourceLimits.of(assignment);
    }

    /** Also an ended sandbox keeps its group until it is deleted, and no slice can be smaller than a group in it. */
    private @Nullable ResourceLimits heldLimits(AllocationId allocation, @Nullable AllocationRecord record) {
        boolean here = !sandboxes.getOrDefault(allocation, List.of()).isEmpty();
        boolean busy = observed.busyAllocations().contains(allocation);
        return record != null && (here || busy) ? record.limits() : null;
    }

    private Set<AllocationId> allocations() {
        Set<AllocationId> all = new LinkedHashSet<>(assignments.keySet());
        observed.records().keySet().stream()
                .sorted((a, b) -> a.value().compareTo(b.value()))
                .forEach(all::add);
        all.addAll(sandboxes.keySet());
        return all;
    }

    private TenantName tenantOf(AllocationId allocation) {
        Assignment assignment = assignments.get(allocation);
        if (assignment != null) {
            return assignment.tenant();
        }
        AllocationRecord record = observed.records().get(allocation);
        if (record != null) {
            return record.tenant();
        }
        return sandboxes.getOrDefault(allocation, List.of()).getFirst().tenant();
    }
}
