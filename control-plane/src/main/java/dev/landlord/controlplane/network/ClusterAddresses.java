package dev.landlord.controlplane.network;

import java.util.Set;

/**
 * How the cluster's addresses are divided.
 *
 * @param cluster every address that a sandbox can have
 * @param nodePrefix size of the part that a node gets
 * @param controlPlane IPv4 addresses of the control plane that sandboxes must not reach
 */
public record ClusterAddresses(Subnet cluster, int nodePrefix, Set<String> controlPlane) {
    public ClusterAddresses {
        controlPlane = Set.copyOf(controlPlane);
        if (nodePrefix < cluster.prefix() || nodePrefix > 29) {
            throw new IllegalArgumentException("landlord.network.node-prefix must be between " + cluster.prefix()
                    + " (of cluster-cidr) and 29, was " + nodePrefix);
        }
        controlPlane.stream()
                .filter(text -> Subnet.address(text).isEmpty())
                .findFirst()
                .ifPresent(text -> {
                    throw new IllegalArgumentException(
                            "landlord.network.control-plane-addresses must be IPv4 addresses, was " + text);
                });
    }

    /** Whether others can reach a host there: neither its own loopback nor an address that a sandbox can have. */
    boolean isOfHost(String address) {
        return Subnet.address(address)
                .filter(number -> number >> 24 != 127 && !cluster.contains(new Subnet(number, 32)))
                .isPresent();
    }
}
