package dev.landlord.agent.network;

import dev.landlord.api.network.ClusterNetwork;
import dev.landlord.runtime.Ipv4;
import dev.landlord.runtime.Ipv4Prefix;
import dev.landlord.runtime.Neighbourhood;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** From what a control plane says of the cluster to what the runtime understands. Pure. */
final class Neighbours {
    private Neighbours() {}

    /** @throws IllegalArgumentException naming what is not an address */
    static Neighbourhood of(ClusterNetwork network, TenantMarks marks) {
        Map<Ipv4Prefix, Ipv4> routes = new HashMap<>();
        network.routes().forEach(route -> routes.put(Ipv4Prefix.parse(route.subnet()), Ipv4.parse(route.via())));
        Map<Ipv4, Integer> peers = new HashMap<>();
        network.peers()
                .forEach(peer ->
                        marks.of(peer.tenant()).ifPresent(mark -> peers.put(Ipv4.parse(peer.address()), mark)));
        return new Neighbourhood(
                Ipv4Prefix.parse(network.cluster()),
                Ipv4Prefix.parse(network.subnet()),
                routes,
                peers,
                network.hosts().stream()
                        .map(address -> Ipv4Prefix.of(Ipv4.parse(address)))
                        .collect(Collectors.toSet()));
    }
}
