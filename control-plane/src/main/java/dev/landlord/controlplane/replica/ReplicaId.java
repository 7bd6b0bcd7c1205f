package dev.landlord.controlplane.replica;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Names one process of the control plane, and no later one: a process that was started again must not go on in the term of
 * the one before.
 */
public record ReplicaId(String value) {
    static ReplicaId random() {
        return new ReplicaId(
                "r-" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong()));
    }
}
