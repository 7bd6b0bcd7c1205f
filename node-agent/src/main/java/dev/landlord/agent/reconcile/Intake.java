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
    private final AtomicReference<@Nullable Offer> arrived = new AtomicReference<>();
    private @Nullable Offer waiting;
    private @Nullable HeldSet held;

    Intake(Confirmation confirmation) {
        this.confirmation = confirmation;
    }

    /**
     * A set as it arrived.
     *
     * @param leaseTerm of the lease within which it was asked for and answered
     */
    record Offer(DesiredState set, long leaseTerm) {}

    void offer(Offer offer) {
        arrived.set(offer);
    }

    /** The set that is to replace the accepted one now, or null. To be called in each pass: a held one may be confirmed. */
    @Nullable
    Offer take(@Nullable DesiredState accepted, Collection<ObservedSandbox> sandboxes, Set<AllocationId> known) {
        Offer fresh = arrived.getAndSet(null);
        Offer candidate = fresh == null ? waiting : fresh;
        if (candidate == null) {
            return null;
        }
        Generation confirmed = confirmation.read();
        Verdict verdict = DesiredGate.judge(accepted, candidate.set(), sandboxes, known, confirmed);
        return switch (verdict) {
            case Verdict.Accepted ok -> {
                letGo();
                if (candidate.set().generation().equals(confirmed)) {
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
                hold(candidate.set().generation(), hold.reason());
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
