package dev.landlord.runtime;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What this host must know of the others to connect its sandboxes.
 *
 * @param cluster all addresses that a sandbox of any host can have, or null while it is not known
 * @param subnet those of this host; packets to one that nobody has are refused
 * @param routes to the sandboxes of other hosts: their subnet, and the host
 * @param peers sandboxes on other hosts and the tenant's mark that they have here
 * @param forbidden addresses of hosts: sandboxes reach nothing there but ports that hosts offer
 */
public record Neighbourhood(
        @Nullable Ipv4Prefix cluster,
        @Nullable Ipv4Prefix subnet,
        Map<Ipv4Prefix, Ipv4> routes,
        Map<Ipv4, Integer> peers,
        Set<Ipv4Prefix> forbidden) {
    public static final Neighbourhood NONE = new Neighbourhood(null, null, Map.of(), Map.of(), Set.of());

    public Neighbourhood {
        routes = Map.copyOf(routes);
        peers = Map.copyOf(peers);
        forbidden = Set.copyOf(forbidden);
    }
}
