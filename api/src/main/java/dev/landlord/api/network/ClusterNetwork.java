package dev.landlord.api.network;

import dev.landlord.api.id.TenantName;
import java.util.List;
import java.util.Set;

/**
 * What a node must know of the others to connect its sandboxes.
 *
 * @param cluster every address that a sandbox can have, as a prefix
 * @param subnet the part of it that belongs to this node
 * @param routes to the sandboxes of other nodes
 * @param peers sandboxes on other nodes of tenants that are also on this one
 * @param hosts addresses of nodes and of the control plane; sandboxes reach nothing there but published ports
 */
public record ClusterNetwork(String cluster, String subnet, List<Route> routes, List<Peer> peers, Set<String> hosts) {
    public ClusterNetwork {
        routes = List.copyOf(routes);
        peers = List.copyOf(peers);
        hosts = Set.copyOf(hosts);
    }

    /**
     * The sandboxes of another node.
     *
     * @param subnet prefix
     * @param via the node's own address
     */
    public record Route(String subnet, String via) {}

    /** A sandbox on another node. */
    public record Peer(TenantName tenant, String address) {}
}
