package dev.landlord.controlplane.reconcile;

import dev.landlord.controlplane.allocation.Allocation;
import dev.landlord.controlplane.allocation.Allocations;
import dev.landlord.controlplane.network.ClusterAddresses;
import dev.landlord.controlplane.network.NetworkMap;
import dev.landlord.controlplane.network.NetworkMap.Endpoint;
import dev.landlord.controlplane.network.NetworkMap.Member;
import dev.landlord.controlplane.node.Nodes;
import dev.landlord.controlplane.replica.Replicas;
import dev.landlord.controlplane.tenant.Plans;
import dev.landlord.controlplane.tenant.Tenants;
import dev.landlord.controlplane.workload.Workloads;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Reads the whole state within one read of the store. */
@Component
final class ClusterReader {
    final Nodes nodes;
    final Plans plans;
    final Tenants tenants;
    final Workloads workloads;
    final Allocations allocations;
    private final Replicas replicas;
    private final ClusterAddresses addresses;

    ClusterReader(
            Nodes nodes,
            Plans plans,
            Tenants tenants,
            Workloads workloads,
            Allocations allocations,
            Replicas replicas,
            ClusterAddresses addresses) {
        this.nodes = nodes;
        this.plans = plans;
        this.tenants = tenants;
        this.workloads = workloads;
        this.allocations = allocations;
        this.replicas = replicas;
        this.addresses = addresses;
    }

    /** @param previous the map of an earlier moment, if there is one */
    NetworkMap network(ClusterState state, @Nullable NetworkMap previous) {
        List<Endpoint> endpoints = new ArrayList<>();
        for (Allocation allocation : state.allocations()) {
            Long address = allocation.address();
            if (!allocation.gone() && address != null) {
                endpoints.add(new Endpoint(allocation.workload().tenant(), allocation.node(), address));
            }
        }
        return new NetworkMap(addresses(state), members(state), endpoints, previous);
    }

    /**
     * With the nodes of the state and the allocations that the tables have now.
     *
     * @param previous the map of an earlier moment
     */
    NetworkMap network(JdbcClient writer, ClusterState state, NetworkMap previous) {
        List<Member> members = members(state);
        boolean connects = members.stream().anyMatch(member -> member.address() != null);
        List<Endpoint> endpoints = connects ? allocations.endpoints(writer) : List.of();
        return new NetworkMap(addresses(state), members, endpoints, previous);
    }

    /** Sandboxes must reach no replica, and all replicas must say the same. */
    private ClusterAddresses addresses(ClusterState state) {
        return new ClusterAddresses(addresses.cluster(), addresses.nodePrefix(), state.controlPlane());
    }

    private static List<Member> members(ClusterState state) {
        return state.nodes().stream()
                .map(node -> new Member(node.name(), node.subnet(), node.address()))
                .toList();
    }

    ClusterState read(JdbcClient reader) {
        return new ClusterState(
                nodes.all(reader),
                plans.all(reader),
                tenants.all(reader),
                workloads.all(reader),
                allocations.all(reader),
                tenants.avoids(reader),
                replicas.addresses(reader));
    }
}
