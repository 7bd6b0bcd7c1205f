package dev.landlord.controlplane.credential;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.springframework.stereotype.Component;

/** How often callers of the node API were turned away, and why. Thread-safe. */
@Component
public final class NodeRefusals {
    /** Few, since each becomes a label of a metric. */
    public enum Reason {
        NO_CERTIFICATE,
        NOT_OF_A_NODE,
        EXPIRED,
        REVOKED,
        /** A node's own certificate, and another node's path. */
        OTHER_NODE;

        /** Lower case with dashes. */
        public String wire() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private final Map<Reason, LongAdder> counts = new EnumMap<>(Reason.class);

    NodeRefusals() {
        for (Reason reason : Reason.values()) {
            counts.put(reason, new LongAdder());
        }
    }

    public void count(Reason reason) {
        adder(reason).increment();
    }

    public long of(Reason reason) {
        return adder(reason).sum();
    }

    private LongAdder adder(Reason reason) {
        LongAdder adder = counts.get(reason);
        if (adder == null) {
            throw new IllegalStateException("no count for " + reason);
        }
        return adder;
    }
}
