package dev.landlord.agent.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landlord.api.id.TenantName;
import dev.landlord.api.network.ClusterNetwork;
import dev.landlord.api.network.NodeNetwork;
import dev.landlord.runtime.Ipv4;
import dev.landlord.runtime.Ipv4Prefix;
import dev.landlord.runtime.Neighbourhood;
import dev.landlord.runtime.NetworkConfig.PortRange;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetworkPlanTest {
    private static final NetworkPlan PLAN =
            new NetworkPlan(new Uplink("192.0.2.1", "eth0"), new PortRange(20_000, 20_009), Set.of(443, 80, 20_001));

    @Test
    void offersItsRangeAndWhatIsOutsideOfIt() {
        assertThat(PLAN.config("landlord").offered())
                .containsExactly(new PortRange(20_000, 20_009), new PortRange(80, 80), new PortRange(443, 443));
        assertThat(PLAN.config("landlord").uplink()).isEqualTo("eth0");
        assertThat(PLAN.offer()).isEqualTo(new NodeNetwork("192.0.2.1", 20_000, 20_009, Set.of(80, 443, 20_001)));
    }

    @ParameterizedTest
    @CsvSource({
        "landlord, landlord",
        "landlord-demo-12/host1, landlord-demo-12-host1",
        "a.b/c, a-b-c",
        "42/7, landlord",
        "a-very-long-name-of-a-group/with-another-one, with-another-one",
    })
    void callsItsTableAfterItsControlGroups(String cgroupRoot, String table) {
        assertThat(PLAN.config(cgroupRoot).table()).endsWith(table).hasSizeLessThanOrEqualTo(24);
    }

    @Test
    void knowsOfThePeersOfTenantsThatAreHereAndOfNoOthers() {
        TenantMarks marks = new TenantMarks(Map.of(new TenantName("alice"), 655_360L));
        ClusterNetwork network = new ClusterNetwork(
                "100.64.0.0/10",
                "100.64.0.0/22",
                List.of(new ClusterNetwork.Route("100.64.4.0/22", "192.0.2.2")),
                List.of(
                        new ClusterNetwork.Peer(new TenantName("alice"), "100.64.4.2"),
                        new ClusterNetwork.Peer(new TenantName("bob"), "100.64.4.3")),
                Set.of("192.0.2.2"));
        assertThat(Neighbours.of(network, marks))
                .isEqualTo(new Neighbourhood(
                        Ipv4Prefix.parse("100.64.0.0/10"),
                        Ipv4Prefix.parse("100.64.0.0/22"),
                        Map.of(Ipv4Prefix.parse("100.64.4.0/22"), Ipv4.parse("192.0.2.2")),
                        Map.of(Ipv4.parse("100.64.4.2"), 10),
                        Set.of(Ipv4Prefix.parse("192.0.2.2/32"))));
    }

    @Test
    void refusesWhatIsNoAddress() {
        ClusterNetwork odd = new ClusterNetwork("100.64.0.0/10", "; drop", List.of(), List.of(), Set.of());
        assertThatThrownBy(() -> Neighbours.of(odd, new TenantMarks(Map.of()))).hasMessageContaining("; drop");
    }
}
