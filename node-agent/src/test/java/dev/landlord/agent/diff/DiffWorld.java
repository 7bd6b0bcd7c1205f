package dev.landlord.agent.diff;

import dev.landlord.agent.diff.ObservedSandbox.Phase;
import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.sync.DesiredState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** A host as data: applies actions as an executor would, and lets programs end. */
final class DiffWorld {
    final Map<RunKey, ObservedSandbox> sandboxes = new LinkedHashMap<>();
    final Map<AllocationId, AllocationRecord> records = new HashMap<>();
    final Map<TenantName, OwnerState> owners = new HashMap<>();
    final Map<RunKey, ResourceLimits> limits = new HashMap<>();
    long now = 1_000_000;
    LeaseView lease = new LeaseView(true, 1);

    Observation observe() {
        return new Observation(List.copyOf(sandboxes.values()), records, owners, Set.of(), Set.of(), lease);
    }

    List<AgentAction> diff(DesiredState desired) {
        return AgentDiff.diff(desired, observe(), now, 1_000);
    }

    /** Diffs and applies until nothing changes; returns all that was applied. */
    List<AgentAction> settle(DesiredState desired) {
        List<AgentAction> all = new ArrayList<>();
        for (int pass = 0; pass < 10; pass++) {
            List<AgentAction> changes =
                    diff(desired).stream().filter(DiffWorld::changes).toList();
            if (changes.isEmpty()) {
                return all;
            }
            changes.forEach(this::apply);
            all.addAll(changes);
        }
        throw new AssertionError("no fixed point after 10 passes; still " + diff(desired));
    }

    static boolean changes(AgentAction action) {
        return !(action instanceof AgentAction.WakeAt) && !(action instanceof AgentAction.KeepOrphan);
    }

    void apply(AgentAction action) {
        switch (action) {
            case AgentAction.Remember remember -> records.put(remember.allocation(), remember.record());
            case AgentAction.Forget forget -> records.remove(forget.allocation());
            case AgentAction.LimitOwner limit -> owner(limit.tenant(), state -> state.withLimits(limit.limits()));
            case AgentAction.FreezeOwner freeze -> owner(freeze.tenant(), state -> state.withFrozen(true));
            case AgentAction.ThawOwner thaw -> owner(thaw.tenant(), state -> state.withFrozen(false));
            case AgentAction.ForgetOwner forget -> owners.remove(forget.tenant());
            case AgentAction.Start start -> start(start);
            case AgentAction.Terminate ignored -> {}
            case AgentAction.Kill kill -> end(new RunKey(kill.allocation(), kill.run()), 137);
            case AgentAction.UpdateLimits update -> update(update);
            case AgentAction.Delete delete -> sandboxes.remove(new RunKey(delete.allocation(), delete.run()));
            case AgentAction.KeepOrphan ignored -> {}
            case AgentAction.WakeAt ignored -> {}
        }
    }

    private void owner(TenantName tenant, UnaryOperator<OwnerState> change) {
        owners.merge(tenant, change.apply(new OwnerState(null, false)), (old, fresh) -> change.apply(old));
    }

    private void start(AgentAction.Start start) {
        RunKey key = new RunKey(start.allocation(), start.run());
        limits.put(key, ResourceLimits.of(start.assignment()));
        sandboxes.put(
                key, new ObservedSandbox(start.allocation(), start.run(), start.tenant(), Phase.RUNNING, now, 0, null));
    }

    private void update(AgentAction.UpdateLimits update) {
        limits.put(new RunKey(update.allocation(), update.run()), update.limits());
        records.computeIfPresent(update.allocation(), (id, record) -> record.withLimits(update.limits()));
    }

    void end(RunKey key, int code) {
        sandboxes.computeIfPresent(
                key,
                (k, s) -> new ObservedSandbox(
                        s.allocation(),
                        s.run(),
                        s.tenant(),
                        Phase.EXITED,
                        s.startedAtMillis(),
                        0,
                        new Ending(s.startedAtMillis(), now, code, code == 137, "exit " + code)));
    }

    AllocationRecord record(AllocationId allocation) {
        AllocationRecord record = records.get(allocation);
        if (record == null) {
            throw new AssertionError(allocation + " is not remembered");
        }
        return record;
    }

    List<ObservedSandbox> live(Predicate<ObservedSandbox> which) {
        return sandboxes.values().stream()
                .filter(ObservedSandbox::isLive)
                .filter(which)
                .toList();
    }
}
