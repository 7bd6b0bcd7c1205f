package dev.landlord.runtime.engine;

import dev.landlord.runtime.HostFacts;
import dev.landlord.runtime.Isolation;
import dev.landlord.runtime.Limits;
import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.SandboxException.Kind;
import dev.landlord.runtime.SandboxId;
import dev.landlord.runtime.SandboxSpec;
import org.jspecify.annotations.Nullable;

/** Holds what is asked for against what this host was seen to enforce: a kernel also takes limits that nothing acts on. */
final class Enforcement {
    /** Null while the host is still tried: a trial needs what it is to verify. */
    private volatile @Nullable HostFacts facts;

    void verified(HostFacts found) {
        facts = found;
    }

    HostFacts facts() {
        HostFacts found = facts;
        if (found == null) {
            throw new IllegalStateException("the host is not tried yet");
        }
        return found;
    }

    void refuseIfImpossible(SandboxSpec spec) {
        if (spec.isolation() == Isolation.FULL) { // the others are for the lesson, and have no limits
            refuseUnlessVerified(spec.id(), spec.limits());
        }
    }

    /** @throws SandboxException {@code UNSUPPORTED} that names the first capability that is missing, and why it is */
    void refuseUnlessVerified(SandboxId id, Limits limits) {
        HostFacts found = facts;
        if (found == null) {
            return;
        }
        for (String need : limits.needs()) {
            if (!found.capabilities().contains(need)) {
                String reason = found.missing().getOrDefault(need, "this host was not seen to enforce it");
                throw new SandboxException(Kind.UNSUPPORTED, "enforce " + need + " in", id.value(), reason);
            }
        }
    }
}
