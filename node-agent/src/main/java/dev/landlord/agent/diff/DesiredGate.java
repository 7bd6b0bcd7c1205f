package dev.landlord.agent.diff;

import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.Generation;
import dev.landlord.api.sync.Assignment;
import dev.landlord.api.sync.DesiredState;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Guards a host against losing its sandboxes to a control plane that lost its memory. A set is held when it starts a new
 * incarnation, or when allocations that run here vanish from it in numbers. An allocation that the set names as STOPPED
 * does not count: that is an order about this one, not an absence.
 */
public final class DesiredGate {
    /** So many may vanish at once on any node. */
    static final int ALWAYS_ALLOWED = 3;

    private DesiredGate() {}

    /**
     * Judges a set that arrived.
     *
     * @param accepted null when nothing was ever accepted
     * @param sandboxes of this host
     * @param known allocations that are remembered; others are orphans and never stopped
     * @param confirmed the generation that an operator confirmed, if any
     */
    public static Verdict judge(
            @Nullable DesiredState accepted,
            DesiredState incoming,
            Collection<ObservedSandbox> sandboxes,
            Set<AllocationId> known,
            @Nullable Generation confirmed) {
        String duplicate = duplicate(incoming);
        if (duplicate != null) {
            return new Verdict.Refused(duplicate);
        }
        if (accepted == null) {
            return new Verdict.Accepted();
        }
        Generation have = accepted.generation();
        Generation next = incoming.generation();
        if (next.equals(have)) {
            return again(accepted, incoming);
        }
        if (next.sameIncarnation(have) && !next.isNewerThan(have)) {
            return new Verdict.Refused("generation " + next + " is older than the accepted " + have);
        }
        if (next.equals(confirmed)) {
            return new Verdict.Accepted();
        }
        String held = reasonToHold(have, incoming, sandboxes, known);
        return held == null ? new Verdict.Accepted() : new Verdict.Held(held);
    }

    /**
     * The same one may hold terms that an agent of an older version could not remember of it. If it holds other work, two
     * stores have given the same number.
     */
    private static Verdict again(DesiredState accepted, DesiredState incoming) {
        if (incoming.equals(accepted)) {
            return new Verdict.Unchanged();
        }
        boolean sameWork =
                work(incoming).equals(work(accepted)) && incoming.frozen().equals(accepted.frozen());
        return sameWork
                ? new Verdict.Accepted()
                : new Verdict.Refused("generation " + incoming.generation()
                        + " is not what it was when it was accepted: the control plane's database is another");
    }

    private record Order(AllocationId allocation, Assignment.Desired desired, long restartCounter) {}

    private static Set<Order> work(DesiredState set) {
        return set.assignments().stream()
                .map(each -> new Order(each.allocation(), each.desired(), each.restartCounter()))
                .collect(Collectors.toSet());
    }

    private static @Nullable String duplicate(DesiredState incoming) {
        Set<AllocationId> seen = new HashSet<>();
        for (Assignment assignment : incoming.assignments()) {
            if (!seen.add(assignment.allocation())) {
                return "generation " + incoming.generation() + " names allocation " + assignment.allocation()
                        + " twice";
            }
        }
        return null;
    }

    private static @Nullable String reasonToHold(
            Generation have, DesiredState incoming, Collection<ObservedSandbox> sandboxes, Set<AllocationId> known) {
        Set<AllocationId> live = sandboxes.stream()
                .filter(ObservedSandbox::isLive)
                .map(ObservedSandbox::allocation)
                .collect(Collectors.toSet());
        Set<AllocationId> vanishing = new HashSet<>(live);
        vanishing.retainAll(known);
        incoming.assignments().forEach(assignment -> vanishing.remove(assignment.allocation()));
        String consequence = "it would stop " + vanishing.size() + " of " + live.size() + " sandboxes";
        if (!incoming.generation().sameIncarnation(have)) {
            return "generation " + incoming.generation() + " is of another incarnation than the accepted " + have + "; "
                    + consequence;
        }
        boolean many = vanishing.size() > ALWAYS_ALLOWED && vanishing.size() * 5L > live.size();
        return many ? "generation " + incoming.generation() + " leaves out running allocations; " + consequence : null;
    }
}
