package dev.landlord.agent.network;

import dev.landlord.api.network.NodeNetwork;
import dev.landlord.runtime.NetworkConfig;
import dev.landlord.runtime.NetworkConfig.FlowBounds;
import dev.landlord.runtime.NetworkConfig.PortRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * How this host connects sandboxes, as its operator has decided. Pure.
 *
 * @param range from which host ports are given
 * @param extraPorts that may be asked for by number
 */
public record NetworkPlan(Uplink uplink, PortRange range, Set<Integer> extraPorts) {
    private static final int MAX_TABLE_NAME = 24;

    public NetworkPlan {
        extraPorts = Set.copyOf(extraPorts);
    }

    /** @param cgroupRoot which no other runtime of this host has; the firewall table is called after it */
    public NetworkConfig config(String cgroupRoot) {
        List<PortRange> offered = new ArrayList<>(List.of(range));
        for (int port : new TreeSet<>(extraPorts)) {
            if (port < range.first() || port > range.last()) {
                offered.add(new PortRange(port, port));
            }
        }
        return new NetworkConfig(tableName(cgroupRoot), uplink.device(), offered, FlowBounds.DEFAULT);
    }

    private static String tableName(String cgroupRoot) {
        String name = cgroupRoot.replaceAll("[^a-z0-9]+", "-").replaceAll("^[^a-z]+", "");
        String end = name.substring(Math.max(0, name.length() - MAX_TABLE_NAME)).replaceAll("^[^a-z]+", "");
        return end.isEmpty() ? "landlord" : end;
    }

    /** What the control plane is told. */
    public NodeNetwork offer() {
        return new NodeNetwork(uplink.address(), range.first(), range.last(), extraPorts);
    }
}
