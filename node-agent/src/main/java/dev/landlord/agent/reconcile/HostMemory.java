package dev.landlord.agent.reconcile;

import dev.landlord.agent.diff.AgentAction;
import dev.landlord.agent.diff.AgentAction.ForgetOwner;
import dev.landlord.agent.diff.AgentAction.FreezeOwner;
import dev.landlord.agent.diff.AgentAction.LimitOwner;
import dev.landlord.agent.diff.AgentAction.OwnerAction;
import dev.landlord.agent.diff.AgentAction.SandboxAction;
import dev.landlord.agent.diff.AgentAction.Start;
import dev.landlord.agent.diff.AgentAction.ThawOwner;
import dev.landlord.agent.diff.AgentAction.UpdateLimits;
import dev.landlord.agent.diff.AllocationRecord;
import dev.landlord.agent.diff.LeaseView;
import dev.landlord.agent.diff.Observation;
import dev.landlord.agent.diff.ObservedSandbox;
import dev.landlord.agent.diff.OwnerState;
import dev.landlord.agent.diff.RestartRules;
import dev.landlord.agent.ledger.Ledger;
import dev.landlord.agent.ledger.LedgerContent;
import dev.landlord.agent.ledger.LedgerException;
import dev.landlord.agent.sandbox.IdRange;
import dev.landlord.agent.sync.NodeState;
import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.sync.Assignment;
import dev.landlord.api.sync.DesiredState;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The loop's own knowledge: what is in the ledger or about to be, what was done to slices, what is in trouble. For the
 * loop's thread alone.
 */
final class HostMemory {
    private static final long SAVE_INTERVAL_MILLIS = 500;
    /** Before every term: what was accepted in a forgotten one must not begin. */
    private static final long NO_TERM = -1;

    private static final DesiredState NOTHING = new DesiredState(NodeState.NOTHING, List.of(), Set.of(), null);

    private final Ledger ledger;
    private final IdRange ids;
    private final Map<AllocationId, AllocationRecord> records;
    private final Map<TenantName, OwnerState> owners = new HashMap<>();
    private final Trouble<AllocationId> allocationTrouble = new Trouble<>();
    private final Trouble<TenantName> tenantTrouble = new Trouble<>();
    private Map<TenantName, Long> idBlocks;
    private @Nullable DesiredState accepted;
    private Map<AllocationId, Assignment> assignments = Map.of();
    private @Nullable DesiredState acceptedOnDisk;
    /** What the plan of this pass replaced; empty where there was nothing. */
    private final Map<AllocationId, Optional<AllocationRecord>> beforePlan = new HashMap<>();

    private boolean dirty;
    private long savedAtMillis;

    HostMemory(Ledger ledger, IdRange ids, Map<TenantName, Long> idBlocksInUse, List<ObservedSandbox> adopted) {
        this.ledger = ledger;
        this.ids = ids;
        this.records = new HashMap<>(ledger.content().records());
        // What runs under an id is stronger than what is written: a ledger that was lost must not give it away again.
        Map<TenantName, Long> blocks = new HashMap<>(ledger.content().idBlocks());
        blocks.putAll(idBlocksInUse);
        this.idBlocks = Map.copyOf(blocks);
        this.acceptedOnDisk = ledger.content().accepted();
        if (acceptedOnDisk != null) {
            follow(acceptedOnDisk, NO_TERM);
        }
        idBlocks.keySet().forEach(tenant -> owners.put(tenant, OwnerState.UNKNOWN));
        adopted.forEach(sandbox -> owners.put(sandbox.tenant(), OwnerState.UNKNOWN));
    }

    @Nullable
    DesiredState accepted() {
        return accepted;
    }

    DesiredState desired() {
        return accepted == null ? NOTHING : accepted;
    }

    Map<AllocationId, AllocationRecord> records() {
        return records;
    }

    Map<TenantName, Long> idBlocks() {
        return idBlocks;
    }

    /** Null for one that is only remembered. */
    @Nullable
    Assignment assignment(AllocationId id) {
        return assignments.get(id);
    }

    /** Everything that is to run here or to be remembered, in the order of the desired set. */
    Set<AllocationId> allocations() {
        Set<AllocationId> all = new LinkedHashSet<>(assignments.keySet());
        all.addAll(records.keySet());
        return all;
    }

    /**
     * From now on this set is followed; its tenants get their blocks of ids.
     *
     * @param leaseTerm in which it was given
     */
    void follow(DesiredState next, long leaseTerm) {
        accepted = next;
        Map<AllocationId, Assignment> byId = new LinkedHashMap<>();
        next.assignments().forEach(assignment -> byId.put(assignment.allocation(), assignment));
        assignments = byId;
        assignIds();
        byId.values().stream()
                .filter(assignment -> assignment.process().endsWithLease())
                .forEach(assignment -> records.computeIfAbsent(
                        assignment.allocation(), id -> AllocationRecord.bound(assignment, leaseTerm)));
        dirty = true;
    }

    /** Tenants that found no free block earlier may find one now. */
    void assignIds() {
        Set<TenantName> present = new LinkedHashSet<>();
        assignments.values().forEach(assignment -> present.add(assignment.tenant()));
        if (idBlocks.keySet().containsAll(present)) {
            return;
        }
        Map<TenantName, Long> next = ids.assign(idBlocks, present);
        dirty |= !next.equals(idBlocks);
        idBlocks = next;
        next.keySet().forEach(tenant -> owners.putIfAbsent(tenant, new OwnerState(null, false)));
    }

    Observation observation(List<ObservedSandbox> sandboxes, Lanes lanes, LeaseView lease, long now) {
        Set<AllocationId> busyAllocations = new HashSet<>(lanes.busyAllocations());
        busyAllocations.addAll(allocationTrouble.resting(now));
        Set<TenantName> busyTenants = new HashSet<>(lanes.busyTenants());
        busyTenants.addAll(tenantTrouble.resting(now));
        return new Observation(sandboxes, records, owners, busyAllocations, busyTenants, lease);
    }

    /** Takes the ledger's part of a plan. */
    void remember(List<AgentAction> actions) {
        beforePlan.clear();
        for (AgentAction action : actions) {
            if (action instanceof AgentAction.Remember remember) {
                AllocationRecord before = records.put(remember.allocation(), remember.record());
                beforePlan.putIfAbsent(remember.allocation(), Optional.ofNullable(before));
                dirty = true;
            } else if (action instanceof AgentAction.Forget forget) {
                AllocationRecord before = records.remove(forget.allocation());
                beforePlan.putIfAbsent(forget.allocation(), Optional.ofNullable(before));
                dirty = true;
            }
        }
    }

    /** True while the set that is followed is not in the ledger yet. */
    boolean followsUnsaved() {
        return !Objects.equals(accepted, acceptedOnDisk);
    }

    /**
     * Before a plan is carried out. If it cannot be written down it will not be carried out, so nothing of it may be
     * remembered: a program would count as asked to end, and be killed for not having done so.
     */
    void saveOrUnlearn(long now) {
        try {
            saveIfChanged(now);
        } catch (LedgerException e) {
            beforePlan.forEach((id, before) ->
                    before.ifPresentOrElse(record -> records.put(id, record), () -> records.remove(id)));
            throw e;
        }
    }

    void saveIfChanged(long now) {
        if (dirty) {
            ledger.save(new LedgerContent(accepted, idBlocks, records));
            dirty = false;
            acceptedOnDisk = accepted;
            savedAtMillis = now;
        }
    }

    /**
     * For what a successor would find out by itself, only later: at once when things are quiet, and now and then while
     * they are not.
     */
    void saveInTime(boolean quiet, long now) {
        if (quiet || Math.abs(now - savedAtMillis) >= SAVE_INTERVAL_MILLIS) {
            saveIfChanged(now);
        }
    }

    void absorb(List<Outcome> outcomes, long now) {
        for (Outcome outcome : outcomes) {
            switch (outcome) {
                case Outcome.OwnerDone done -> absorbOwner(done, now);
                case Outcome.AllocationDone done -> absorbAllocation(done, now);
                case Outcome.Repaired same -> {
                    // What was written is what was remembered.
                }
            }
        }
        allocationTrouble.keepOnly(id -> records.containsKey(id) || assignments.containsKey(id));
        tenantTrouble.keepOnly(owners::containsKey);
    }

    private void absorbOwner(Outcome.OwnerDone outcome, long now) {
        outcome.done().forEach(this::ownerChanged);
        if (outcome.failure() == null) {
            tenantTrouble.succeeded(outcome.tenant());
        } else {
            tenantTrouble.failed(outcome.tenant(), outcome.failure(), now);
        }
    }

    private void ownerChanged(OwnerAction action) {
        OwnerState before = owners.getOrDefault(action.tenant(), new OwnerState(null, false));
        switch (action) {
            case LimitOwner limit -> owners.put(limit.tenant(), before.withLimits(limit.limits()));
            case FreezeOwner freeze -> owners.put(freeze.tenant(), before.withFrozen(true));
            case ThawOwner thaw -> owners.put(thaw.tenant(), before.withFrozen(false));
            case ForgetOwner forget -> forgetOwner(forget.tenant());
        }
    }

    private void forgetOwner(TenantName tenant) {
        owners.remove(tenant);
        Map<TenantName, Long> left = new HashMap<>(idBlocks);
        dirty |= left.remove(tenant) != null;
        idBlocks = Map.copyOf(left);
        // It may have come back while its slice was being removed.
        assignIds();
    }

    private void absorbAllocation(Outcome.AllocationDone outcome, long now) {
        AllocationId id = outcome.allocation();
        for (SandboxAction action : outcome.done()) {
            if (action instanceof UpdateLimits update) {
                change(id, record -> record.withLimits(update.limits()));
            }
        }
        Outcome.Failed failed = outcome.failed();
        if (failed == null) {
            allocationTrouble.succeeded(id);
        } else if (failed.action() instanceof Start start) {
            change(id, record -> failedStart(record, start, failed, now));
        } else {
            allocationTrouble.failed(id, failed.reason(), now);
        }
    }

    private AllocationRecord failedStart(AllocationRecord record, Start start, Outcome.Failed failed, long now) {
        return record.run() == start.run()
                ? RestartRules.couldNotStart(
                        record, assignments.get(record.allocation()), failed.reason(), failed.hopeless(), now)
                : record;
    }

    private void change(AllocationId id, UnaryOperator<AllocationRecord> how) {
        AllocationRecord before = records.get(id);
        if (before != null) {
            records.put(id, how.apply(before));
            dirty = true;
        }
    }

    boolean frozen(TenantName tenant) {
        OwnerState state = owners.get(tenant);
        return state != null && Boolean.TRUE.equals(state.frozen());
    }

    @Nullable
    TenantName tenantOf(AllocationId id) {
        AllocationRecord record = records.get(id);
        Assignment assignment = assignments.get(id);
        return record != null ? record.tenant() : assignment == null ? null : assignment.tenant();
    }

    /** The newest failure that stands in the way of an allocation, its own or its tenant's. */
    @Nullable
    String trouble(AllocationId id) {
        String own = allocationTrouble.message(id);
        TenantName tenant = tenantOf(id);
        return own != null || tenant == null ? own : tenantTrouble.message(tenant);
    }

    /** When something that failed may be tried again. */
    long nextTry(long now) {
        return Math.min(allocationTrouble.nextTry(now), tenantTrouble.nextTry(now));
    }
}
