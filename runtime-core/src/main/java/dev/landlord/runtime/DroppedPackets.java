package dev.landlord.runtime;

import java.util.Map;

/**
 * Packets of sandboxes that were dropped since the table was last put up, by the reason's name:
 * {@code spoofed}, {@code malformed}, {@code flood}, {@code host}, {@code tenant}, {@code cluster}, {@code forbidden},
 * {@code flows}, {@code stray}.
 */
public record DroppedPackets(Map<String, Long> packets) {
    public DroppedPackets {
        packets = Map.copyOf(packets);
    }
}
