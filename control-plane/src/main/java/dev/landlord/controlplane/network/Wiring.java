package dev.landlord.controlplane.network;

import java.util.List;

/**
 * What an allocation holds of its node's network.
 *
 * @param host number of its address within the node's subnet, 0 for none
 * @param ports one per published port of the workload, in that order
 */
public record Wiring(int host, List<HostPort> ports) {
    public static final Wiring NONE = new Wiring(0, List.of());

    public Wiring {
        ports = List.copyOf(ports);
    }
}
