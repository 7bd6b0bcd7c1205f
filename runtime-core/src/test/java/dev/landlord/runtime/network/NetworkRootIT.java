package dev.landlord.runtime.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landlord.runtime.network.RemoteHost.Shop;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two hosts with sandboxes and a third machine, "world": who reaches whom, and what becomes of what Eve sends. */
@Tag("root")
class NetworkRootIT {
    private static final int ALICE = 1;
    private static final int EVE = 2;

    @TempDir
    private static Path scratch;

    private static TestNetwork network;
    private static RemoteHost one;
    private static RemoteHost two;

    @BeforeAll
    static void open() throws IOException {
        network = new TestNetwork(scratch, List.of("one", "two", "world"));
        one = new RemoteHost(network, "one", scratch);
        two = new RemoteHost(network, "two", scratch);
        surround();
        network.exec("one", "ip", "address", "add", "169.254.169.254/32", "dev", "lo")
                .orFail();
        one.open(shop("alice-one", "100.64.0.2", ALICE, "TCP:80:20001,UDP:53:20053"));
        two.open(shop("alice-two", "100.64.4.2", ALICE, "TCP:80:20001"));
        one.open(shop("eve-one", "100.64.0.9", EVE, ""));
        for (String name : List.of("one", "two", "world")) {
            network.serve(name, 9000);
        }
        await("one", "100.64.0.2");
        await("two", "100.64.4.2");
        await("one", "100.64.0.9");
    }

    private static void surround() {
        one.ask(
                "surround",
                "all",
                "100.64.0.0/10",
                "100.64.0.0/22",
                "route=100.64.4.0/22=10.77.0.2",
                "peer=100.64.4.2=1",
                "forbidden=10.77.0.1/32",
                "forbidden=10.77.0.2/32");
        two.ask(
                "surround",
                "all",
                "100.64.0.0/10",
                "100.64.4.0/22",
                "route=100.64.0.0/22=10.77.0.1",
                "peer=100.64.0.2=1",
                "peer=100.64.0.7=1",
                "forbidden=10.77.0.1/32",
                "forbidden=10.77.0.2/32");
    }

    private static Shop shop(String name, String address, int mark, String ports) {
        return new Shop(name, address, mark, ports, "net_probe serve 53 & net_probe shop 80 " + name);
    }

    /** As the agent's health check does, from the host itself. */
    private static void await(String host, String address) {
        TestNetwork.await(
                host + " reaches " + address,
                () -> !network.buy(host, address, 80).isEmpty());
    }

    @AfterAll
    static void leavesNothing() throws IOException {
        for (RemoteHost host : List.of(one, two)) {
            for (String name : List.of("alice-one", "alice-two", "eve-one")) {
                host.delete(name);
            }
            assertThat(host.leftovers()).isEmpty();
            host.close();
        }
        network.close();
    }

    private static String alice(String script) {
        return one.run(new Shop("client", "100.64.0.7", ALICE, "", script));
    }

    private static String eve(String script) {
        return one.run(new Shop("client", "100.64.0.8", EVE, "", script));
    }

    /** Root in its own network namespace, with all that a sandbox never gets. */
    private static String unconfinedEve(String script) {
        return one.run(new Shop("client", "100.64.0.8", EVE, "", "NAMESPACES", script));
    }

    private static String buy(String address, int port) {
        return "net_probe buy " + address + " " + port + " 2> /dev/null || echo none";
    }

    private static String probe(String address, int port) {
        return "net_probe ask " + address + " " + port + " || echo none";
    }

    @Test
    void sandboxesOfOneTenantReachEachOther() {
        assertThat(alice(buy("100.64.0.2", 80))).isEqualTo("alice-one");
        assertThat(alice(probe("100.64.0.2", 53))).startsWith("100.64.0.7:");
    }

    @Test
    void theyDoSoFromHostToHostUnderTheirOwnAddresses() {
        assertThat(alice(buy("100.64.4.2", 80))).isEqualTo("alice-two");
        assertThat(alice(probe("100.64.4.2", 53))).startsWith("100.64.0.7:");
    }

    @Test
    void anotherTenantReachesNoneOfThem() {
        long before = one.dropped("tenant");
        assertThat(eve(buy("100.64.0.2", 80))).isEqualTo("none");
        assertThat(eve(probe("100.64.0.2", 53))).isEqualTo("none");
        assertThat(eve(buy("100.64.4.2", 80))).isEqualTo("none");
        assertThat(one.dropped("tenant")).isGreaterThan(before + 2);
        assertThat(eve(buy("100.64.0.9", 80))).isEqualTo("eve-one");
    }

    @Test
    void aHostDoesNotTakeAPeersWordForBeingAlice() {
        // 100.64.0.8 is Eve's and no peer of host two; only host one's own rules keep her from sending there at all.
        network.exec(
                        "one",
                        "nft",
                        "insert",
                        "rule",
                        "inet",
                        "landlord",
                        "leaving",
                        "ip",
                        "daddr",
                        "100.64.4.2",
                        "accept")
                .orFail();
        long before = two.dropped("cluster");
        assertThat(eve(buy("100.64.4.2", 80))).isEqualTo("none");
        assertThat(two.dropped("cluster")).isGreaterThan(before);
        one.restart();
    }

    @Test
    void noAddressOfAHostIsReached() {
        long host = one.dropped("host");
        long forbidden = one.dropped("forbidden");
        assertThat(eve(probe("10.77.0.1", 9000))).isEqualTo("none");
        assertThat(one.dropped("host")).isGreaterThan(host);
        assertThat(eve(probe("169.254.169.254", 9000))).isEqualTo("none");
        assertThat(eve(probe("169.254.1.1", 9000))).isEqualTo("none");
        assertThat(eve(probe("10.77.0.2", 9000))).isEqualTo("none");
        assertThat(one.dropped("forbidden")).isGreaterThan(forbidden + 2);
        assertThat(network.ask("world", "10.77.0.2", 9000)).startsWith("10.77.0.3:");
    }

    @Test
    void theWorldIsReachedUnderTheHostsAddress() {
        assertThat(eve(probe("10.77.0.3", 9000))).startsWith("10.77.0.1:");
    }

    @Test
    void aPublishedPortIsReachedByEveryone() {
        assertThat(network.buy("world", "10.77.0.1", 20001)).isEqualTo("alice-one");
        assertThat(network.buy("two", "10.77.0.1", 20001)).isEqualTo("alice-one");
        assertThat(network.buy("one", "10.77.0.1", 20001)).isEqualTo("alice-one");
        assertThat(network.ask("world", "10.77.0.1", 20053)).startsWith("10.77.0.3:");
        assertThat(eve(buy("10.77.0.1", 20001))).isEqualTo("alice-one");
        assertThat(eve(buy("10.77.0.2", 20001))).isEqualTo("alice-two");
        assertThat(alice(buy("10.77.0.2", 20001))).isEqualTo("alice-two");
    }

    @Test
    void aSandboxReachesItselfByItsPublishedPort() {
        String script =
                "net_probe shop 80 me & i=0; until net_probe buy 10.77.0.1 20077 2> /dev/null || [ $i -ge 300 ];"
                        + " do i=$((i + 1)); sleep 0.1; done";
        assertThat(one.run(new Shop("client", "100.64.0.7", ALICE, "TCP:80:20077", script)))
                .isEqualTo("me");
    }

    @Test
    void whatIsNotPublishedIsNotReached() {
        assertThat(network.buy("world", "10.77.0.1", 80)).isEmpty();
        assertThat(network.ask("world", "10.77.0.1", 53)).isEmpty();
        network.exec("world", "ip", "route", "add", "100.64.0.0/22", "via", "10.77.0.1")
                .orFail();
        long before = one.dropped("stray");
        assertThat(network.buy("world", "100.64.0.2", 80)).isEmpty();
        assertThat(one.dropped("stray")).isGreaterThan(before);
    }

    @Test
    void anOutsiderIsNoAliceByHerAddress() {
        network.exec("world", "ip", "address", "add", "100.64.4.3/32", "dev", "lo")
                .orFail();
        network.exec("world", "ip", "route", "replace", "100.64.0.0/22", "via", "10.77.0.1", "src", "100.64.4.3")
                .orFail();
        long before = one.dropped("cluster");
        assertThat(network.buy("world", "100.64.0.2", 80)).isEmpty();
        assertThat(one.dropped("cluster")).isGreaterThan(before);
        network.exec("world", "ip", "route", "delete", "100.64.0.0/22").orFail();
    }

    @Test
    void rootInsideCannotSendRawOrChangeItsLinks() {
        assertThat(eve("ping -c 1 100.64.0.2 2>&1")).contains("denied");
        assertThat(eve("arping -c 1 -I eth0 100.64.0.2 2>&1"))
                .containsAnyOf("not supported", "not permitted", "denied");
        assertThat(eve("ip address add 100.64.0.2/32 dev lo 2>&1")).contains("not permitted");
        assertThat(eve("ip link set eth0 down 2>&1")).contains("not permitted");
        assertThat(eve("sysctl -w net.ipv4.ip_forward=1 2>&1")).containsAnyOf("Read-only", "denied");
    }

    @Test
    void insideThereIsOneAddressOneWayOutAndNoIpv6() {
        assertThat(eve("ip -o address show dev eth0"))
                .contains("inet 100.64.0.8/32")
                .doesNotContain("inet6");
        assertThat(eve("ip route")).isEqualTo("default via 169.254.1.1 dev eth0 onlink");
        assertThat(network.exec("one", "cat", "/proc/net/if_inet6").output()).doesNotContain(" ll");
    }

    @Test
    void aForgedSenderIsDroppedAndCounted() {
        long before = one.dropped("spoofed");
        assertThat(unconfinedEve("ip address add 100.64.0.7/32 dev lo; ping -c 2 -W 1 -I 100.64.0.7 100.64.0.2"))
                .contains("100% packet loss");
        assertThat(unconfinedEve("ip address add 10.77.0.3/32 dev lo; ping -c 2 -W 1 -I 10.77.0.3 10.77.0.1"))
                .contains("100% packet loss");
        assertThat(one.dropped("spoofed")).isEqualTo(before + 4);
        assertThat(unconfinedEve("ping -c 1 -W 1 100.64.0.9")).contains(" 0% packet loss");
    }

    @Test
    void fragmentsAndOtherProtocolsAreDropped() {
        long before = one.dropped("malformed");
        assertThat(unconfinedEve("ping -c 1 -W 1 -s 3000 100.64.0.9")).contains("100% packet loss");
        assertThat(unconfinedEve("ip -6 address add fd00::8/64 dev eth0; ping6 -c 1 -W 1 fd00::1 2>&1"))
                .contains("100% packet loss");
        assertThat(one.dropped("malformed")).isGreaterThanOrEqualTo(before + 3);
        assertThat(unconfinedEve("ip link set eth0 arp on; arping -c 2 -w 2 -I eth0 10.77.0.1 2>&1"))
                .contains("Received 0");
    }

    @Test
    void aFloodOfConnectionsFillsOnlyItsOwnShare() {
        long before = one.dropped("flows");
        assertThat(eve("net_probe flows 10.77.0.3 30000 1000; sleep 1; " + probe("10.77.0.3", 9000)))
                .isEqualTo("none");
        assertThat(one.dropped("flows")).isGreaterThanOrEqualTo(before + 900);
        assertThat(alice(probe("10.77.0.3", 9000))).startsWith("10.77.0.1:");
    }

    @Test
    void aFloodHoldsNoMoreEntriesThanItMay() {
        one.open(new Shop(
                "flood", "100.64.0.8", EVE, "", "net_probe flows 10.77.0.3 30000 1000; echo sent; sleep 1000"));
        TestNetwork.await("the flood", () -> one.logs("flood").contains("sent"));
        assertThat(network.connections("one").filter(line -> line.contains("src=100.64.0.8 ")))
                .hasSizeBetween(90, 110);
        one.delete("flood");
        assertThat(network.connections("one").filter(line -> line.contains("100.64.0.8")))
                .isEmpty();
    }

    @Test
    void anAddressOrPortThatIsTakenIsRefusedAndNothingIsLeft() {
        assertThatThrownBy(() -> one.open(shop("second", "100.64.0.2", EVE, "")))
                .hasMessageContaining("100.64.0.2 is the address of alice-one");
        assertThatThrownBy(() -> one.open(shop("second", "100.64.0.99", EVE, "TCP:80:20001")))
                .hasMessageContaining("TCP port 20001 is published by alice-one");
        assertThat(network.buy("world", "10.77.0.1", 20001)).isEqualTo("alice-one");
        assertThat(network.exec("one", "ip", "link", "show", "ll64400063").exit())
                .isNotZero();
    }

    @Test
    void aHostThatDidNotForwardForwardsForSandboxesOnly() {
        network.exec("one", "ip", "link", "add", "side", "up", "type", "veth", "peer", "behind")
                .orFail();
        network.exec("one", "ip", "link", "set", "behind", "up").orFail();
        network.exec("one", "ip", "address", "add", "10.78.0.1/24", "dev", "side")
                .orFail();
        network.exec("world", "ip", "route", "add", "10.78.0.0/24", "via", "10.77.0.1")
                .orFail();
        network.exec("world", "ping", "-c", "1", "-W", "1", "10.78.0.2");
        assertThat(network.exec("one", "ip", "neigh", "show", "dev", "side").output())
                .isEmpty();
    }

    @Test
    void aTableThatSomebodyFlushedIsPutUpAnew() {
        network.exec("one", "nft", "flush", "ruleset").orFail();
        one.ask("dropped", "all");
        assertThat(eve(buy("100.64.0.2", 80))).isEqualTo("none");
        assertThat(alice(buy("100.64.0.2", 80))).isEqualTo("alice-one");
        network.exec("one", "nft", "flush", "ruleset").orFail();
        assertThat(eve(buy("100.64.0.2", 80))).isEqualTo("none");
        assertThat(network.buy("world", "10.77.0.1", 20001)).isEqualTo("alice-one");
    }
}
