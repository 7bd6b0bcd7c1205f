package dev.landlord.runtime;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Packets of sandboxes that were dropped since the table was last put up.
 *
 * @param packets by the reason, one of {@link #REASONS}; other names are left out
 */
public record DroppedPackets(Map<String, Long> packets) {
    public static final Set<String> REASONS =
            Set.of("spoofed", "malformed", "flood", "host", "tenant", "cluster", "forbidden", "flows", "stray");

    public DroppedPackets {
        Map<String, Long> known = new HashMap<>(packets);
        known.keySet().retainAll(REASONS);
        packets = Map.copyOf(known);
    }
}
