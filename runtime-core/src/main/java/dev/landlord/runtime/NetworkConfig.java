package dev.landlord.runtime;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How this host connects sandboxes.
 *
 * @param table name of our table in nftables, for example {@code landlord}; one runtime per network namespace and name
 * @param uplink device on the way to the world and to other hosts, or null if sandboxes stay among themselves
 * @param offered ports of hosts that lead to sandboxes
 */
public record NetworkConfig(String table, @Nullable String uplink, List<PortRange> offered, FlowBounds bounds) {
    public NetworkConfig {
        offered = List.copyOf(offered);
        if (!table.matches("[a-z][a-z0-9-]{0,30}")) {
            throw new IllegalArgumentException("table must match [a-z][a-z0-9-]{0,30}, was " + table);
        }
        if (uplink != null && !uplink.matches("[A-Za-z0-9][A-Za-z0-9_.-]{0,14}")) {
            throw new IllegalArgumentException("uplink must be the name of a device, was " + uplink);
        }
    }

    /** Both inclusive. */
    public record PortRange(int first, int last) {
        public PortRange {
            if (first < 1 || last > 65_535 || first > last) {
                throw new IllegalArgumentException("a range of ports lies in 1..65535, was " + first + "-" + last);
            }
        }
    }

    /**
     * What one sandbox can take of what all share: the table of connections and the processor.
     *
     * @param outgoing connections that it has opened
     * @param incoming connections to its published ports
     * @param newPerSecond connections that it opens; twice as many in a burst
     * @param packetsPerSecond that it sends, large ones before they are cut; twice as many in a burst
     */
    public record FlowBounds(int outgoing, int incoming, int newPerSecond, int packetsPerSecond) {
        public static final FlowBounds DEFAULT = new FlowBounds(2048, 8192, 500, 50_000);

        public FlowBounds {
            if (outgoing < 1 || incoming < 1 || newPerSecond < 1 || packetsPerSecond < 1) {
                throw new IllegalArgumentException("bounds of flows must be positive");
            }
        }
    }
}
