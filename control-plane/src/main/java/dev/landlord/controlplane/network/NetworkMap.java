package dev.landlord.controlplane.network;

import dev.landlord.api.id.NodeName;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.network.ClusterNetwork;
import dev.landlord.api.network.ClusterNetwork.Peer;
import dev.landlord.api.network.ClusterNetwork.Route;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Who is where in the cluster's network at one moment, and what of it each node must know. */
public final class NetworkMap {
    private static final Comparator<Endpoint> ORDER =
            Comparator.comparing((Endpoint endpoint) -> endpoint.tenant.value()).thenComparingLong(Endpoint::address);

    private final ClusterAddresses addresses;
    private final List<Member> members;
    private final Map<NodeName, Member> byName = new HashMap<>();
    private final Map<TenantName, List<Endpoint>> byTenant = new HashMap<>();
    private final Map<NodeName, TreeMap<String, TenantName>> tenants = new HashMap<>();

    /**
     * A node.
     *
     * @param subnet null when it has none
     * @param address null until it has told that it connects sandboxes, and where
     */
    public record Member(
            NodeName node,
            @Nullable Subnet subnet,
            @Nullable String address) {}

    /** A sandbox. */
    public record Endpoint(TenantName tenant, NodeName node, long address) {}

    /** @param previous lists that are as they were are taken from it, so that comparing them costs nothing */
    public NetworkMap(
            ClusterAddresses addresses, List<Member> members, List<Endpoint> endpoints, @Nullable NetworkMap previous) {
        this.addresses = addresses;
        // Also those for which no addresses are left: sandboxes must not reach their hosts either.
        List<Member> located = members.stream()
                .filter(member -> member.address != null)
                .sorted(Comparator.comparing(member -> member.node.value()))
                .toList();
        this.members = previous != null && previous.members.equals(located) ? previous.members : located;
        this.members.forEach(member -> byName.put(member.node, member));
        endpoints.stream().sorted(ORDER).forEach(endpoint -> {
            byTenant.computeIfAbsent(endpoint.tenant, name -> new ArrayList<>()).add(endpoint);
            tenants.computeIfAbsent(endpoint.node, name -> new TreeMap<>())
                    .put(endpoint.tenant.value(), endpoint.tenant);
        });
        if (previous != null) {
            byTenant.replaceAll(
                    (tenant, now) -> now.equals(previous.endpoints(tenant)) ? previous.endpoints(tenant) : now);
        }
    }

    /**
     * Something that is equal as long as {@link #of} is, and costs less to compare. It may differ although the network of
     * the node is the same.
     */
    public Object sign(NodeName node) {
        Member own = byName.get(node);
        if (own == null) {
            return List.of();
        }
        List<Object> sign = new ArrayList<>(List.of(addresses, members));
        tenants.getOrDefault(node, new TreeMap<>()).values().forEach(tenant -> sign.add(endpoints(tenant)));
        return sign;
    }

    /** Null when the node does not connect sandboxes. */
    public @Nullable ClusterNetwork of(NodeName node) {
        Member own = byName.get(node);
        if (own == null || own.subnet == null) {
            return null;
        }
        List<Endpoint> away = tenants.getOrDefault(node, new TreeMap<>()).values().stream()
                .flatMap(tenant -> endpoints(tenant).stream())
                .filter(endpoint -> !endpoint.node.equals(node))
                .toList();
        List<Peer> peers = away.stream()
                .map(endpoint -> new Peer(endpoint.tenant, Subnet.text(endpoint.address)))
                .toList();
        Set<String> hosts = new HashSet<>(addresses.controlPlane());
        members.stream()
                .map(Member::address)
                .filter(Objects::nonNull)
                .filter(addresses::isOfHost)
                .forEach(hosts::add);
        return new ClusterNetwork(
                addresses.cluster().toString(), own.subnet.toString(), routes(own, away), peers, hosts);
    }

    /** To the nodes with a peer, and no others: with as many routes as nodes, each that joins would cost all of them. */
    private List<Route> routes(Member own, List<Endpoint> away) {
        Set<NodeName> nodes = away.stream().map(Endpoint::node).collect(Collectors.toSet());
        List<Route> routes = new ArrayList<>();
        for (Member member : members) {
            if (nodes.contains(member.node)
                    && member.subnet != null
                    && member.address != null
                    && !member.address.equals(own.address)
                    && addresses.isOfHost(member.address)) {
                routes.add(new Route(member.subnet.toString(), member.address));
            }
        }
        return routes;
    }

    private List<Endpoint> endpoints(TenantName tenant) {
        return byTenant.getOrDefault(tenant, List.of());
    }
}
