package dev.landlord.runtime.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landlord.runtime.network.RemoteHost.Shop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong on the way, or was not told yet: nothing is open that should be closed, and the next attempt mends it. */
@Tag("root")
class NetworkFaultRootIT {
    private static final String[] SURROUND = {"surround", "all", "100.64.0.0/10", "100.64.0.0/22"};
    private static final Shop SHOP = new Shop(
            "shop", "100.64.0.2", 1, "TCP:80:20001,UDP:53:20053", "net_probe serve 53 & exec net_probe shop 80 shop");

    @TempDir
    private Path scratch;

    private TestNetwork network;
    private RemoteHost host;

    @BeforeEach
    void open() throws IOException {
        network = new TestNetwork(scratch, List.of("host", "world"));
        host = new RemoteHost(network, "host", scratch);
    }

    @AfterEach
    void close() {
        host.close();
        network.close();
    }

    private void nft(String... words) {
        List<String> command = new ArrayList<>(List.of("nft"));
        command.addAll(List.of(words));
        network.exec("host", command.toArray(String[]::new)).orFail();
    }

    /** A table of our name in which no element of ours fits. */
    private void putUpAnothersTable() {
        nft("delete", "table", "inet", "landlord");
        nft("add", "table", "inet", "landlord");
        for (String set : List.of("sources", "peers")) {
            nft("add", "set", "inet", "landlord", set, "{ type ether_addr; }");
        }
    }

    private String rules() {
        return network.exec("host", "nft", "list", "table", "inet", "landlord").output();
    }

    private String client(String script) {
        return host.run(new Shop("client", "100.64.0.7", 1, "", script));
    }

    @Test
    void nothingLeavesBeforeItIsKnownWhereHostsAre() throws IOException {
        network.serve("world", 9000);
        String script = "net_probe ask 10.77.0.2 9000 || echo none";
        assertThat(client(script)).isEqualTo("none");
        assertThat(host.dropped("stray")).isPositive();
        host.ask(SURROUND);
        assertThat(client(script)).startsWith("10.77.0.1:");
    }

    @Test
    void whatCouldNotBeFollowedIsTriedAgain() {
        host.ask(SURROUND);
        putUpAnothersTable();
        String[] wanted = {SURROUND[0], SURROUND[1], SURROUND[2], SURROUND[3], "peer=100.64.4.2=1"};
        assertThatThrownBy(() -> host.ask(wanted)).hasMessageContaining("surround host");
        nft("delete", "table", "inet", "landlord");
        host.ask(wanted);
        assertThat(rules()).contains("100.64.4.2 . 0x00000001");
    }

    @Test
    void anAddressIsNobodyElsesBeforeItIsTakenBack() throws IOException {
        host.ask(SURROUND);
        host.open(SHOP);
        putUpAnothersTable();
        assertThatThrownBy(() -> host.delete("shop")).hasMessageContaining("disconnect shop");
        assertThatThrownBy(() -> host.open(new Shop("other", "100.64.0.2", 2, "", "true")))
                .hasMessageContaining("100.64.0.2 is the address of shop");
        nft("delete", "table", "inet", "landlord");
        host.delete("shop");
        assertThat(host.leftovers()).isEmpty();
        assertThat(rules()).contains("counter name \"spoofed\" drop");
    }

    @Test
    void rulesThatSomebodyFlushedAreNoticed() {
        host.ask(SURROUND);
        String before = rules();
        nft("flush", "table", "inet", "landlord");
        host.ask("dropped", "all");
        assertThat(rules()).isEqualTo(before);
        nft("delete", "chain", "inet", "landlord", "to_world");
        host.ask("dropped", "all");
        assertThat(rules()).isEqualTo(before);
    }

    @Test
    void morePeersThanFitIntoOneMessageAreFollowed() {
        host.ask(SURROUND);
        List<String> words = new ArrayList<>(List.of(SURROUND));
        IntStream.range(0, 12_000).forEach(i -> words.add("peer=100.65." + i / 256 + "." + i % 256 + "=1"));
        host.ask(words.toArray(String[]::new));
        assertThat(network.exec("host", "nft", "get element inet landlord peers { 100.65.46.223 . 1 }")
                        .exit())
                .isZero();
    }

    /** A trial that its process did not survive leaves a directory, and in it the address that the next trial needs. */
    @Test
    void aHostThatDiedInItsTrialConnectsSandboxesWhenItIsBack() throws IOException {
        host.kill();
        Path trial = Files.createDirectories(scratch.resolve("state-host/sandboxes/host-trial-1"));
        Files.writeString(trial.resolve("connection"), "1 192.0.2.254 -1\n");
        host.start();
        assertThat(trial).doesNotExist();
    }

    @Test
    void whatIsNoUplinkAnyMoreDoesNotForwardAnyMore() throws IOException {
        host.kill();
        network.exec("host", "ip", "link", "add", "side", "up", "type", "veth", "peer", "behind")
                .orFail();
        network.exec("host", "sysctl", "-qw", "net.ipv4.conf.side.forwarding=1").orFail();
        Path mark = Files.createFile(scratch.resolve("state-host/network/guarded.side"));
        Files.createFile(scratch.resolve("state-host/network/guarded.gone"));
        host.start();
        assertThat(network.exec("host", "sysctl", "-n", "net.ipv4.conf.side.forwarding")
                        .output())
                .isEqualTo("0");
        assertThat(network.exec("host", "sysctl", "-n", "net.ipv4.conf.eth0.forwarding")
                        .output())
                .isEqualTo("1");
        assertThat(mark).doesNotExist();
    }

    /** The host has noted that nobody is behind the port, and would not look again as long as datagrams come. */
    @Test
    void whoSentDatagramsTooEarlyReachesTheShopWhenItOpens() {
        host.ask(SURROUND);
        assertThat(network.ask("world", "10.77.0.1", 20_053, 5555)).isEmpty();
        assertThat(network.connections("host")).anyMatch(line -> line.contains("sport=5555 dport=20053"));
        host.open(SHOP);
        TestNetwork.await(
                "an answer",
                () -> network.ask("world", "10.77.0.1", 20_053, 5555).startsWith("10.77.0.2:5555"));
    }

    @Test
    void aStreamThatNobodyAnswersIsOneConnection() {
        host.ask(SURROUND);
        // Four times as many as connections may be opened in a burst.
        assertThat(client("net_probe stream 10.77.0.2 9000 16000; echo sent")).isEqualTo("sent");
        assertThat(host.dropped("flows")).isZero();
        assertThat(host.dropped("flood")).isZero();
    }

    @Test
    void nobodyComplainsAboutConnectionsOfOthers() throws IOException {
        host.ask(SURROUND);
        network.serve("world", 9000);
        host.open(new Shop(
                "victim", "100.64.0.2", 1, "", "while :; do net_probe ask 10.77.0.2 9000 7777 && echo; sleep 1; done"));
        TestNetwork.await("the victim", () -> !host.logs("victim").isEmpty());
        String script = "net_probe complain 10.77.0.2 9000 100.64.0.2 7777; ip address";
        long before = complaintsHeard();
        host.run(new Shop("eve", "100.64.0.9", 2, "", "NAMESPACES", script));
        assertThat(host.dropped("malformed")).isEqualTo(1);
        assertThat(complaintsHeard()).isEqualTo(before);
        host.run(new Shop("own", "100.64.0.9", 2, "", "NAMESPACES", OWN_COMPLAINT));
        assertThat(complaintsHeard()).isEqualTo(before + 1);
    }

    /** Of a connection of one's own it is heard. */
    private static final String OWN_COMPLAINT =
            "net_probe ask 10.77.0.2 9000 7778; net_probe complain 10.77.0.2 9000 100.64.0.9 7778";

    private long complaintsHeard() {
        List<String> icmp = network.exec("world", "cat", "/proc/net/snmp")
                .output()
                .lines()
                .filter(line -> line.startsWith("Icmp:"))
                .toList();
        int column = List.of(icmp.get(0).split(" ", -1)).indexOf("InDestUnreachs");
        return Long.parseLong(icmp.get(1).split(" ", -1)[column]);
    }
}
