package dev.landlord.api.network;

import java.util.Set;

/**
 * What a node offers to those who want to be reached.
 *
 * @param address IPv4 of the node, where published ports are reached and other nodes route to
 * @param firstPort of the range from which host ports are given
 * @param lastPort inclusive
 * @param extraPorts that may be asked for by number although they are outside of the range
 */
public record NodeNetwork(String address, int firstPort, int lastPort, Set<Integer> extraPorts) {
    public NodeNetwork {
        extraPorts = Set.copyOf(extraPorts);
    }

    /** Whether a tenant may have this port of the node. */
    public boolean offers(int port) {
        return (port >= firstPort && port <= lastPort) || extraPorts.contains(port);
    }
}
