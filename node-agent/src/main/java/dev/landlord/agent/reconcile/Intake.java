package dev.landlord.agent.reconcile;

import dev.landlord.agent.diff.DesiredGate;
import dev.landlord.agent.diff.ObservedSandbox;
import dev.landlord.agent.diff.Verdict;
import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.Generation;
import dev.landlord.api.sync.DesiredState;
import dev.landlord.api.sync.NodeReport.HeldSet;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where desired sets arrive, from any thread; the loop takes the newest and lets the gate judge it. */
final class Intake {
    private static final Logger LOG = LoggerFactory.getLogger(Intake.class);

    private final Confirmation confirmation;
    private final AtomicReference<@Nullable DesiredState> arrived = new AtomicReference<>();
    private @Nullable DesiredState waiting;
    private @Nullable HeldSet held;

    Intake(Confirmation confirmation) {
        this.confirmation = confirmation;
    }

    void offer(DesiredState desired) {
        arrived.set(desired);
    }

    /** The set that is to replace the accepted one now, or null. To be called in each pass: a held one may be confirmed. */
    @Nullable
    DesiredState take(@Nullable DesiredState accepted, Collection<ObservedSandbox> sandboxes, Set<AllocationId> known) {
        DesiredState fresh = arrived.getAndSet(null);
        DesiredState candidate = fresh == null ? waiting : fresh;
        if (candidate == null) {
            return null;
        }
        Generation confirmed = confirmation.read();
        Verdict verdict = DesiredGate.judge(accepted, candidate, sandboxes, known, confirmed);
        return switch (verdict) {
            case Verdict.Accepted ok -> {
                letGo();
                if (candidate.generation().equals(confirmed)) {
                    confirmation.usedUp();
                }
                yield candidate;
            }
            case Verdict.Unchanged same -> {
                letGo();
                yield null;
            }
            case Verdict.Refused refused -> {
                LOG.warn("desired set refused: {}", refused.reason());
                if (candidate.equals(waiting)) {
                    letGo();
                }
                yield null;
            }
            case Verdict.Held hold -> {
                waiting = candidate;
                hold(candidate.generation(), hold.reason());
                yield null;
            }
        };
    }

    private void letGo() {
        waiting = null;
        held = null;
    }

    private void hold(Generation generation, String reason) {
        HeldSet next = new HeldSet(generation, reason + "; " + confirmation.howTo(generation));
        if (!next.equals(held)) {
            LOG.warn("desired set held: {}", next.reason());
        }
        held = next;
    }

    @Nullable
    HeldSet held() {
        return held;
    }
}
