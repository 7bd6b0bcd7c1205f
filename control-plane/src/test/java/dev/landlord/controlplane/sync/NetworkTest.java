package dev.landlord.controlplane.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.network.Attachment;
import dev.landlord.api.network.ClusterNetwork;
import dev.landlord.api.network.ClusterNetwork.Peer;
import dev.landlord.api.network.ClusterNetwork.Route;
import dev.landlord.api.network.PublishedPort;
import dev.landlord.api.sync.Assignment;
import dev.landlord.api.sync.DesiredState;
import dev.landlord.api.sync.ObservedAllocation;
import dev.landlord.api.sync.ObservedHealth;
import dev.landlord.api.sync.ObservedPhase;
import dev.landlord.api.workload.HealthCheck;
import dev.landlord.api.workload.Protocol;
import dev.landlord.controlplane.Answer;
import dev.landlord.controlplane.RunningControlPlane;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What nodes are told of addresses, ports and each other, and what tenants see of it. */
@Timeout(60)
class NetworkTest {
    private static final String SHOP = "{\"image\":\"busybox\",\"command\":[\"httpd\"],\"replicas\":%d,"
            + "\"ports\":[{\"port\":8080,\"hostPort\":80},{\"port\":53,\"protocol\":\"udp\",\"name\":\"dns\"}]}";

    @TempDir
    Path folder;

    private RunningControlPlane controlPlane;
    private Customers customers;

    @BeforeEach
    void start() throws IOException {
        controlPlane = RunningControlPlane.start(
                folder,
                "network.cluster-cidr=100.64.0.0/21",
                "bind-address=127.0.0.1",
                "network.control-plane-addresses=10.0.0.9");
        customers = new Customers(controlPlane);
    }

    @AfterEach
    void stop() {
        controlPlane.close();
    }

    @Test
    void replicaHasAnAddressOfItsNodeAndPortsThatNobodyElseHas() throws IOException {
        ScriptedAgent agent = ScriptedAgent.joined(controlPlane, "n1", "busybox", "10.0.0.1");
        customers.tenant("alice");
        put("alice/shop", SHOP.formatted(1));
        DesiredState desired = agent.awaitSet(set -> set.assignments().size() == 1);
        Attachment attachment =
                Objects.requireNonNull(desired.assignments().getFirst().attachment());
        assertThat(attachment.address()).isEqualTo("100.64.0.2");
        assertThat(attachment.ports().getFirst()).isEqualTo(new PublishedPort("tcp-8080", Protocol.TCP, 8080, 80));
        PublishedPort dns = attachment.ports().get(1);
        assertThat(dns.hostPort()).isBetween(20_000, 29_999);
        agent.obey(desired);
        Answer shown = controlPlane.operator("GET", "/api/v1/tenants/alice/allocations", null);
        assertThat(shown.text("/items/0/address")).isEqualTo("100.64.0.2");
        assertThat(shown.json().at("/items/0/ports").toString())
                .isEqualTo("[{\"name\":\"tcp-8080\",\"protocol\":\"tcp\",\"port\":8080,\"hostPort\":80,\"address\":"
                        + "\"10.0.0.1\"},{\"name\":\"dns\",\"protocol\":\"udp\",\"port\":53,\"hostPort\":"
                        + dns.hostPort() + ",\"address\":\"10.0.0.1\"}]");
        assertThat(controlPlane.operator("GET", "/api/v1/nodes/n1", null).text("/subnet"))
                .isEqualTo("100.64.0.0/22");

        put("alice/other", SHOP.formatted(1));
        customers.awaitStatus("alice/other", answer -> answer.body().contains("port 80/tcp is taken"));
        controlPlane.operator("DELETE", Customers.path("alice/shop"), null);
        agent.obey(agent.awaitSet(set -> set.assignments().getFirst().desired() == Assignment.Desired.STOPPED));
        agent.obey(agent.awaitSet(set -> set.assignments().isEmpty()));
        DesiredState after = agent.awaitSet(set -> set.assignments().size() == 1);
        Attachment next = Objects.requireNonNull(after.assignments().getFirst().attachment());
        assertThat(next.ports().getFirst().hostPort()).isEqualTo(80);
    }

    @Test
    void workloadWithoutANetworkHasNoAddressAndNeedsNoCapability() throws IOException {
        ScriptedAgent agent = ScriptedAgent.joined(controlPlane, "n1", "busybox", "10.0.0.1");
        customers.tenant("alice");
        put("alice/job", "{\"image\":\"busybox\",\"command\":[\"true\"],\"network\":\"none\"}");
        DesiredState desired = agent.awaitSet(set -> set.assignments().size() == 1);
        assertThat(desired.assignments().getFirst().attachment()).isNull();
        assertThat(controlPlane
                        .operator("GET", "/api/v1/tenants/alice/allocations", null)
                        .json()
                        .at("/items/0/address")
                        .isNull())
                .isTrue();
    }

    @Test
    void nodesKnowRoutesAndPeersOfTheirOwnTenantsOnly() throws IOException {
        ScriptedAgent first = ScriptedAgent.joined(controlPlane, "n1", "busybox", "10.0.0.1");
        ScriptedAgent second = ScriptedAgent.joined(controlPlane, "n2", "busybox", "10.0.0.2");
        ClusterNetwork empty = Objects.requireNonNull(first.awaitSet(
                        set -> set.network() != null && set.network().hosts().size() == 3)
                .network());
        assertThat(empty.cluster()).isEqualTo("100.64.0.0/21");
        assertThat(empty.subnet()).isEqualTo("100.64.0.0/22");
        assertThat(empty.routes()).as("nobody here has kin there").isEmpty();
        assertThat(empty.hosts()).containsExactlyInAnyOrder("10.0.0.1", "10.0.0.2", "10.0.0.9");

        customers.tenant("alice");
        put("alice/shop", SHOP.formatted(2));
        TenantName alice = new TenantName("alice");
        DesiredState ofFirst = first.awaitSet(set -> peers(set).size() == 1);
        assertThat(peers(ofFirst)).containsExactly(new Peer(alice, "100.64.4.2"));
        assertThat(Objects.requireNonNull(ofFirst.network()).routes())
                .containsExactly(new Route("100.64.4.0/22", "10.0.0.2"));
        first.obey(ofFirst);
        DesiredState ofSecond = second.awaitSet(set -> peers(set).size() == 1);
        assertThat(peers(ofSecond)).containsExactly(new Peer(alice, "100.64.0.2"));
        second.obey(ofSecond);

        controlPlane.operator("POST", "/api/v1/nodes/n2:cordon", null);
        customers.tenant("bob");
        put("bob/shop", "{\"image\":\"busybox\",\"command\":[\"true\"]}");
        assertThat(peers(first.awaitSet(set -> set.assignments().size() == 2))).hasSize(1);
        assertThat(second.askDesired(second.seen(), 300).status())
                .as("Bob is no concern of the second node")
                .isEqualTo(204);
    }

    /** Or the first packets of a new replica would be dropped by the node of its kin, which does not know it yet. */
    @Test
    void nodesOfKinAreToldOfANewReplicaBeforeItsOwnNodeIs() throws IOException {
        ScriptedAgent first = ScriptedAgent.joined(controlPlane, "n1", "busybox", "10.0.0.1");
        ScriptedAgent second = ScriptedAgent.joined(controlPlane, "n2", "busybox", "10.0.0.2");
        customers.tenant("alice");
        place("one", first, 1, second);
        for (int each = 1; each <= 4; each++) {
            place("second" + each, second, each, first);
            assertThat(peersToldNow(first)).hasSize(each);
            place("first" + each, first, each + 1, second);
            assertThat(peersToldNow(second)).hasSize(each + 1);
        }
    }

    private void place(String name, ScriptedAgent node, int itsReplicas, ScriptedAgent other) throws IOException {
        node.reportChanged(List.of(), List.of());
        other.reportChanged(List.of(), List.of());
        controlPlane.operator("POST", "/api/v1/nodes/" + other.node + ":cordon", null);
        controlPlane.operator("POST", "/api/v1/nodes/" + node.node + ":uncordon", null);
        put("alice/" + name, "{\"image\":\"busybox\",\"command\":[\"true\"]}");
        node.awaitSet(set -> set.assignments().size() == itsReplicas);
    }

    /** What is not there yet is not waited for. */
    private static List<Peer> peersToldNow(ScriptedAgent agent) throws IOException {
        return peers(Objects.requireNonNull(
                agent.accept(agent.askDesired(agent.seen(), 0)).desired()));
    }

    @Test
    void addressesThatWereGivenCannotBeTakenAwayByASetting() throws IOException {
        ScriptedAgent.joined(controlPlane, "n1", "one", "10.0.0.1");
        controlPlane.close();
        assertThatThrownBy(() -> RunningControlPlane.start(folder, "network.cluster-cidr=10.64.0.0/16"))
                .rootCause()
                .hasMessage("landlord.network.cluster-cidr 10.64.0.0/16 does not have 100.64.0.0/22, which node n1 was"
                        + " given.");
        controlPlane =
                RunningControlPlane.start(folder, "network.cluster-cidr=100.64.0.0/16", "network.node-prefix=24");
        ScriptedAgent.joined(controlPlane, "n2", "two", "10.0.0.2");
        assertThat(controlPlane.operator("GET", "/api/v1/nodes/n1", null).text("/subnet"))
                .as("another size takes nothing from anybody")
                .isEqualTo("100.64.0.0/22");
        assertThat(controlPlane.operator("GET", "/api/v1/nodes/n2", null).text("/subnet"))
                .isEqualTo("100.64.4.0/24");
    }

    @Test
    void nodeForWhichNoAddressesAreLeftTakesNoWorkloadsWithANetwork() throws IOException {
        ScriptedAgent.joined(controlPlane, "n1", "one", "10.0.0.1");
        ScriptedAgent.joined(controlPlane, "n2", "two", "10.0.0.2");
        ScriptedAgent.joined(controlPlane, "n3", "three", "10.0.0.3");
        assertThat(controlPlane.operator("GET", "/api/v1/events", null).body()).contains("node-without-addresses");
        customers.tenant("alice");
        put("alice/shop", SHOP.formatted(1).replace("busybox", "three"));
        customers.awaitStatus("alice/shop", answer -> answer.body().contains("no free address"));
    }

    @Test
    void replicaIsHealthyWhenItsCheckPassesAndItsPredecessorStaysUntilThen() throws IOException {
        ScriptedAgent agent = ScriptedAgent.joined(controlPlane, "n1", "busybox", "10.0.0.1");
        customers.tenant("alice");
        String spec = "{\"image\":\"busybox\",\"command\":[\"%s\"],\"health\":{\"kind\":\"http\",\"port\":8080}}";
        put("alice/shop", spec.formatted("one"));
        DesiredState desired = agent.awaitSet(set -> set.assignments().size() == 1);
        assertThat(desired.assignments().getFirst().health())
                .isEqualTo(new HealthCheck(HealthCheck.Kind.HTTP, 8080, "/", 1000, 1000, 1, 3));
        AllocationId one = desired.assignments().getFirst().allocation();
        agent.reportChanged(List.of(running(one, ObservedHealth.STARTING)), List.of());
        assertThat(customers.get("alice/shop").text("/status/running")).isEqualTo("1");
        assertThat(customers.get("alice/shop").text("/status/healthy")).isEqualTo("0");
        agent.reportChanged(List.of(running(one, ObservedHealth.HEALTHY)), List.of());
        assertThat(customers.get("alice/shop").text("/status/healthy")).isEqualTo("1");

        put("alice/shop", spec.formatted("two"));
        AllocationId two = agent.awaitSet(set -> set.assignments().size() == 2).assignments().stream()
                .map(Assignment::allocation)
                .filter(id -> !id.equals(one))
                .findFirst()
                .orElseThrow();
        agent.reportChanged(List.of(running(two, ObservedHealth.UNHEALTHY)), List.of());
        customers.awaitStatus("alice/shop", answer -> answer.body().contains("replica 0, which is not healthy yet"));
        assertThat(agent.askDesired(agent.seen(), 1500).status())
                .as("running for long enough is not enough")
                .isEqualTo(204);
        agent.reportChanged(List.of(running(two, ObservedHealth.HEALTHY)), List.of());
        DesiredState replaced = agent.awaitSet(set ->
                set.assignments().stream().anyMatch(assignment -> assignment.desired() == Assignment.Desired.STOPPED));
        assertThat(replaced.assignments().stream()
                        .filter(assignment -> assignment.desired() == Assignment.Desired.STOPPED)
                        .map(Assignment::allocation))
                .containsExactly(one);
        String events = controlPlane
                .operator("GET", "/api/v1/tenants/alice/events", null)
                .body();
        assertThat(events).contains("replica-healthy", "replica-unhealthy");
    }

    private static ObservedAllocation running(AllocationId id, ObservedHealth health) {
        return new ObservedAllocation(id, ObservedPhase.RUNNING, 1000, 0, null, false, health, null, null, null);
    }

    private static List<Peer> peers(DesiredState set) {
        return set.network() == null ? List.of() : set.network().peers();
    }

    private void put(String workload, String body) throws IOException {
        Answer answer = controlPlane.operator("PUT", Customers.path(workload), body);
        assertThat(answer.status()).as(answer.body()).isBetween(200, 201);
    }
}
