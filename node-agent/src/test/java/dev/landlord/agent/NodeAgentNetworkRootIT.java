package dev.landlord.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landlord.agent.sync.HttpsControlPlane;
import dev.landlord.api.id.AllocationId;
import dev.landlord.api.network.Attachment;
import dev.landlord.api.network.ClusterNetwork;
import dev.landlord.api.network.PublishedPort;
import dev.landlord.api.sync.ObservedPhase;
import dev.landlord.api.workload.Protocol;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent on a host that connects sandboxes: what it is told by its control plane, and what the world meets then. */
@Tag("root")
class NodeAgentNetworkRootIT {
    private static final AllocationId SHOP = new AllocationId("agentnet01");
    private static final String PORT = "20001";
    private static final ClusterNetwork CLUSTER = new ClusterNetwork(
            "100.64.0.0/10", "100.64.0.0/22", List.of(), List.of(), Set.of(HostNamespaces.HOST_ADDRESS));
    private static final Attachment ATTACHMENT =
            new Attachment("100.64.0.2", List.of(new PublishedPort("http", Protocol.TCP, 80, 20_001)));

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit fills it
    private Path directory;

    private HostNamespaces namespaces;
    private TestHost host;

    @BeforeEach
    void open() {
        namespaces = new HostNamespaces();
        // The agent speaks to it over the loopback of its host.
        HttpsControlPlane controlPlane = namespaces.onHost(HttpsControlPlane::new);
        host = new TestHost(directory, controlPlane, namespaces.enterHost());
    }

    @AfterEach
    void close() {
        host.close();
        namespaces.close();
    }

    private AgentProcess start() throws IOException {
        return host.start("network.enabled=true", "network.host-address=" + HostNamespaces.HOST_ADDRESS);
    }

    private String buy() {
        return namespaces.world(
                "curl", "-sS", "--max-time", "20", "http://" + HostNamespaces.HOST_ADDRESS + ":" + PORT);
    }

    private String awaitShop() throws InterruptedException {
        for (int i = 0; i < 300; i++) {
            try {
                return buy();
            } catch (IllegalStateException notYet) {
                Thread.sleep(100);
            }
        }
        return buy();
    }

    @Test
    void aReplicaIsReachedBehindItsPortAndItsNetworkGoesWithIt() throws Exception {
        try (AgentProcess agent = start()) {
            host.awaitImages();
            Set<String> before = traces();
            host.want(
                    CLUSTER,
                    TestHost.assignment(
                            SHOP, "alice", "echo open > /tmp/index.html; exec httpd -f -p 80 -h /tmp", ATTACHMENT));
            host.await(SHOP, observed -> observed.phase() == ObservedPhase.RUNNING);
            assertThat(awaitShop()).isEqualTo("open\n");
            assertThat(String.join("\n", traces())).contains("link ll64400002", "100.64.0.2 dev ll64400002", "20001");
            forgedSendersAreDroppedAndCounted(agent);
            agent.kill();
            assertThat(buy()).as("without an agent").isEqualTo("open\n");
            int asked = host.controlPlane.desiredQueries.size();
            try (AgentProcess next = start()) {
                // A set that is there earlier would be the answer to its predecessor, and lost with it.
                host.awaitAskedAfter(asked);
                assertThat(buy()).as("with its successor").isEqualTo("open\n");
                String namespace = networkNamespace(program());
                host.want(CLUSTER);
                host.awaitGone(SHOP);
                host.awaitNoGroups();
                awaitTraces(before);
                assertThatThrownBy(this::buy).isInstanceOf(IllegalStateException.class);
                assertThat(networkNamespaces()).doesNotContain(namespace);
                next.terminate();
            }
        }
        host.removeGroups();
    }

    /** From the sandbox's own namespace, but with all the rights that its programs never have. */
    private void forgedSendersAreDroppedAndCounted(AgentProcess agent) throws IOException, InterruptedException {
        String inside = "--net=/proc/" + program() + "/ns/net";
        HostNamespaces.run("nsenter", inside, "ip", "address", "add", "100.64.0.9/32", "dev", "lo");
        HostNamespaces.run("nsenter", inside, "busybox", "ping", "-c", "1", "-W", "5", HostNamespaces.WORLD_ADDRESS);
        assertThatThrownBy(() -> HostNamespaces.run(
                        "nsenter", inside, "busybox", "ping", "-c", "2", "-W", "1", "-I", "100.64.0.9", "10.88.0.2"))
                .hasMessageContaining("100% packet loss");
        String counter = "landlord_agent_dropped_packets_total{reason=\"spoofed\"} 2.0";
        for (int i = 0; i < 300 && !scrape(agent).contains(counter); i++) {
            Thread.sleep(100);
        }
        assertThat(scrape(agent))
                .contains(counter)
                .contains("landlord_agent_dropped_packets_total{reason=\"host\"} 0.0");
    }

    private String scrape(AgentProcess agent) throws IOException, InterruptedException {
        String authorization = "Authorization: Bearer " + HttpsControlPlane.SCRAPE_TOKEN;
        String address = "https://127.0.0.1:" + agent.metricsPort() + "/metrics";
        return namespaces.host("curl", "--silent", "--insecure", "--header", authorization, address);
    }

    private String program() throws IOException {
        Path sandboxes = directory.resolve("state/sandboxes");
        try (Stream<Path> all = Files.list(sandboxes)) {
            return Files.readString(all.findFirst().orElseThrow().resolve("run"))
                    .split(" ", -1)[2];
        }
    }

    /** Everything of sandboxes' networks on the host, but for the rules that never change. */
    private Set<String> traces() {
        Set<String> found = new TreeSet<>();
        namespaces
                .host("ip", "-o", "link", "show")
                .lines()
                .forEach(line -> found.add("link " + line.split(" ", -1)[1]));
        namespaces.host("ip", "route", "show", "table", "all").lines().forEach(found::add);
        namespaces.host("ip", "rule", "show").lines().forEach(found::add);
        namespaces.host("ip", "neigh", "show", "nud", "permanent").lines().forEach(found::add);
        Pattern.compile("\"ll[^,}]*|tcp \\. 20001[^,}]*")
                .matcher(namespaces.host("nft", "list", "ruleset"))
                .results()
                .map(MatchResult::group)
                // What the rules note by themselves of who sends goes by itself, a minute later.
                .filter(element -> !element.contains(" limit rate "))
                .forEach(found::add);
        // What the agent is told of its own part of the cluster stays.
        found.removeIf(line -> line.startsWith("unreachable 100.64.0.0/22 proto 76"));
        return found;
    }

    /** A link that was cut off goes within a second or so. */
    private void awaitTraces(Set<String> wanted) throws InterruptedException {
        for (int i = 0; i < 300 && !traces().equals(wanted); i++) {
            Thread.sleep(100);
        }
        assertThat(traces()).isEqualTo(wanted);
    }

    private static Set<String> networkNamespaces() throws IOException {
        Set<String> found = new TreeSet<>();
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            for (Path process : processes.toList()) {
                if (process.getFileName().toString().matches("\\d+")) {
                    found.add(networkNamespace(process.getFileName().toString()));
                }
            }
        }
        return found;
    }

    /** Empty for a process that has gone, or is not for us to look at. */
    private static String networkNamespace(String pid) {
        try {
            return Objects.toString(Files.readSymbolicLink(Path.of("/proc", pid, "ns/net")));
        } catch (FileSystemException unseen) {
            return "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
