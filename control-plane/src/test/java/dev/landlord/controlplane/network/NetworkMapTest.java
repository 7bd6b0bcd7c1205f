package dev.landlord.controlplane.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.api.id.NodeName;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.network.ClusterNetwork;
import dev.landlord.api.network.ClusterNetwork.Peer;
import dev.landlord.api.network.ClusterNetwork.Route;
import dev.landlord.controlplane.network.NetworkMap.Endpoint;
import dev.landlord.controlplane.network.NetworkMap.Member;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class NetworkMapTest {
    private static final ClusterAddresses ADDRESSES =
            new ClusterAddresses(Subnet.parse("100.64.0.0/10"), 22, Set.of("10.9.9.9"));
    private static final NodeName N1 = new NodeName("n1");
    private static final NodeName N2 = new NodeName("n2");
    private static final NodeName N3 = new NodeName("n3");
    private static final TenantName ALICE = new TenantName("alice");
    private static final TenantName EVE = new TenantName("eve");
    private static final List<Member> MEMBERS = List.of(
            new Member(N3, null, "10.0.0.3"),
            new Member(N2, Subnet.parse("100.64.4.0/22"), "10.0.0.2"),
            new Member(N1, Subnet.parse("100.64.0.0/22"), "10.0.0.1"),
            new Member(new NodeName("n4"), Subnet.parse("100.64.12.0/22"), null));
    private static final Endpoint FIRST = endpoint(ALICE, N1, "100.64.0.2");
    private static final Endpoint SECOND = endpoint(ALICE, N2, "100.64.4.2");
    private static final Endpoint THIRD = endpoint(EVE, N2, "100.64.4.3");

    @Test
    void nodeKnowsTheOthersThatConnectAndThePeersOfItsTenants() {
        NetworkMap map = map(List.of(THIRD, SECOND, FIRST), null);
        assertThat(map.of(N1))
                .isEqualTo(new ClusterNetwork(
                        "100.64.0.0/10",
                        "100.64.0.0/22",
                        List.of(new Route("100.64.4.0/22", "10.0.0.2")),
                        List.of(new Peer(ALICE, "100.64.4.2")),
                        Set.of("10.0.0.1", "10.0.0.2", "10.0.0.3", "10.9.9.9")));
        assertThat(Objects.requireNonNull(map.of(N2)).peers()).containsExactly(new Peer(ALICE, "100.64.0.2"));
        assertThat(map.of(N3)).as("it has no addresses").isNull();
        assertThat(map.of(new NodeName("n4"))).as("it has not told where it is").isNull();
    }

    @Test
    void nodesOnOneHostNeedNoRoutesToEachOther() {
        NetworkMap map = new NetworkMap(
                ADDRESSES,
                List.of(
                        new Member(N1, Subnet.parse("100.64.0.0/22"), "10.0.0.1"),
                        new Member(N2, Subnet.parse("100.64.4.0/22"), "10.0.0.1")),
                List.of(FIRST, SECOND),
                null);
        assertThat(Objects.requireNonNull(map.of(N1)).routes()).isEmpty();
    }

    @Test
    void nodesWithoutPeersHereAndSuchAsCannotBeReachedAreNotRoutedTo() {
        Subnet other = Subnet.parse("100.64.4.0/22");
        List<Endpoint> kin = List.of(FIRST, SECOND);
        assertThat(map(List.of(FIRST, THIRD), null).of(N1))
                .extracting(ClusterNetwork::routes, ClusterNetwork::hosts)
                .containsExactly(List.of(), Set.of("10.0.0.1", "10.0.0.2", "10.0.0.3", "10.9.9.9"));
        for (String nowhere : List.of("127.0.0.1", "100.64.9.9")) {
            List<Member> members =
                    List.of(new Member(N1, Subnet.parse("100.64.0.0/22"), "10.0.0.1"), new Member(N2, other, nowhere));
            ClusterNetwork network = Objects.requireNonNull(new NetworkMap(ADDRESSES, members, kin, null).of(N1));
            assertThat(network.routes()).as(nowhere).isEmpty();
            assertThat(network.hosts()).as(nowhere).containsExactlyInAnyOrder("10.0.0.1", "10.9.9.9");
        }
    }

    @Test
    void signChangesForTheNodesConcernedOnly() {
        NetworkMap before = map(List.of(FIRST, SECOND), null);
        NetworkMap after = map(List.of(FIRST, SECOND, THIRD), before);
        assertThat(after.sign(N1)).isEqualTo(before.sign(N1));
        assertThat(after.sign(N2)).isNotEqualTo(before.sign(N2));
        NetworkMap moved = map(List.of(FIRST, endpoint(ALICE, N2, "100.64.4.9"), THIRD), after);
        assertThat(moved.sign(N1)).isNotEqualTo(after.sign(N1));

        List<Member> fewer = new ArrayList<>(MEMBERS);
        fewer.remove(1);
        assertThat(new NetworkMap(ADDRESSES, fewer, List.of(FIRST, SECOND), before).sign(N1))
                .isNotEqualTo(before.sign(N1));
    }

    private static NetworkMap map(List<Endpoint> endpoints, @Nullable NetworkMap previous) {
        return new NetworkMap(ADDRESSES, MEMBERS, endpoints, previous);
    }

    private static Endpoint endpoint(TenantName tenant, NodeName node, String address) {
        return new Endpoint(tenant, node, Subnet.address(address).orElseThrow());
    }
}
