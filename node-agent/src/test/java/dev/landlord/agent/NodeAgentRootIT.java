package dev.landlord.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.agent.sync.HttpsControlPlane;
import dev.landlord.agent.sync.PinnedTls;
import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.Generation;
import dev.landlord.api.id.ImageName;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.id.WorkloadName;
import dev.landlord.api.node.NodeFacts;
import dev.landlord.api.problem.ProblemCode;
import dev.landlord.api.sync.Assignment;
import dev.landlord.api.sync.DesiredReply;
import dev.landlord.api.sync.DesiredState;
import dev.landlord.api.sync.NodeReport;
import dev.landlord.api.sync.ObservedAllocation;
import dev.landlord.api.sync.ObservedPhase;
import dev.landlord.api.workload.ProcessSpec;
import dev.landlord.api.workload.Resources;
import dev.landlord.api.workload.RestartPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent, a real kernel, and a control plane that says what the test wants. */
@Tag("root")
class NodeAgentRootIT {
    private static final AllocationId A = new AllocationId("agentit01");
    private static final AllocationId B = new AllocationId("agentit02");
    private static final Path CGROUPS = Path.of("/sys/fs/cgroup");

    private final HttpsControlPlane controlPlane = new HttpsControlPlane();
    private final String cgroupRoot =
            "landlord-agent-" + ProcessHandle.current().pid() + "-" + System.nanoTime();

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit fills it
    private Path directory;

    private long generation;

    @AfterEach
    void close() {
        controlPlane.close();
    }

    private AgentProcess start(String... more) throws IOException {
        return start(directory.resolve("state"), more);
    }

    private AgentProcess start(Path state, String... more) throws IOException {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("node", "n1");
        properties.put("control-plane-url", controlPlane.uri().toString());
        properties.put("join-token", controlPlane.joinToken());
        properties.put("state-dir", state.toString());
        properties.put("cgroup-root", cgroupRoot);
        properties.put("id-base", "3221225472");
        properties.put("id-count", "1048576");
        properties.put("metrics-port", "0");
        // The firewall of this machine is not the test's: see NetworkRootIT, which makes namespaces of its own.
        properties.put("network.enabled", "false");
        for (String one : more) {
            int equals = one.indexOf('=');
            properties.put(one.substring(0, equals), one.substring(equals + 1));
        }
        List<String> arguments = properties.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .toList();
        return AgentProcess.start(state, directory.resolve("agent.log"), arguments);
    }

    private static Assignment assignment(AllocationId id, String tenant, String script) {
        return new Assignment(
                id,
                new TenantName(tenant),
                new WorkloadName("shop"),
                0,
                Assignment.Desired.RUNNING,
                new ProcessSpec(new ImageName("busybox"), List.of("sh", "-c", script), Map.of(), "0", "/", true),
                new Resources(200, 64 << 20, 32, 1 << 20, 100),
                100,
                new RestartPolicy(RestartPolicy.Mode.ALWAYS, 100, 1_000),
                0,
                500,
                null,
                null);
    }

    private void want(Assignment... assignments) {
        DesiredState set =
                new DesiredState(new Generation("it", ++generation), Arrays.asList(assignments), Set.of(), null);
        controlPlane.desired.add(new DesiredReply(set, List.of()));
    }

    private ObservedAllocation await(AllocationId id, Predicate<ObservedAllocation> condition)
            throws InterruptedException {
        for (int i = 0; i < 6_000; i++) {
            Optional<ObservedAllocation> last = lastOf(id);
            if (last.isPresent() && condition.test(last.get())) {
                return last.get();
            }
            Thread.sleep(10);
        }
        throw new AssertionError(id + " does not come to this; last " + lastOf(id));
    }

    private Optional<ObservedAllocation> lastOf(AllocationId id) {
        return controlPlane.reports.stream()
                .flatMap(report -> report.changed().stream())
                .filter(observed -> observed.allocation().equals(id))
                .reduce((first, second) -> second);
    }

    private NodeFacts awaitImages() throws InterruptedException {
        for (int i = 0; i < 6_000; i++) {
            for (NodeReport report : controlPlane.reports) {
                NodeFacts facts = report.facts();
                if (facts != null && !facts.images().isEmpty()) {
                    return facts;
                }
            }
            Thread.sleep(10);
        }
        throw new AssertionError("no images are reported");
    }

    private void awaitGone(AllocationId id) throws InterruptedException {
        for (int i = 0; i < 3_000; i++) {
            if (controlPlane.reports.stream().anyMatch(report -> report.gone().contains(id))) {
                return;
            }
            Thread.sleep(10);
        }
        throw new AssertionError(id + " does not go");
    }

    private void awaitNoGroups() throws IOException, InterruptedException {
        for (int i = 0; i < 1_000 && !groupsLeft().isEmpty(); i++) {
            Thread.sleep(10);
        }
        assertThat(groupsLeft()).isEmpty();
    }

    private List<Path> groupsLeft() throws IOException {
        try (Stream<Path> hierarchies = Files.list(CGROUPS)) {
            return hierarchies
                    .map(hierarchy -> hierarchy.resolve(cgroupRoot))
                    .filter(Files::exists)
                    .flatMap(NodeAgentRootIT::tenants)
                    .toList();
        }
    }

    private static Stream<Path> tenants(Path root) {
        try (Stream<Path> all = Files.list(root)) {
            return all.filter(Files::isDirectory).filter(path -> !path.endsWith("supervisors")).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void removeGroups() throws IOException {
        try (Stream<Path> hierarchies = Files.list(CGROUPS)) {
            for (Path hierarchy : hierarchies.toList()) {
                Files.deleteIfExists(hierarchy.resolve(cgroupRoot).resolve("supervisors"));
                Files.deleteIfExists(hierarchy.resolve(cgroupRoot));
            }
        }
        Files.deleteIfExists(CGROUPS.resolve(cgroupRoot).resolve("supervisors"));
        Files.deleteIfExists(CGROUPS.resolve(cgroupRoot));
    }

    @Test
    void livesThroughItsOwnDeathAndLeavesNothingBehind() throws Exception {
        ObservedAllocation before;
        try (AgentProcess agent = start()) {
            NodeFacts facts = awaitImages();
            assertThat(facts.images()).containsKey(new ImageName("busybox"));
            assertThat(facts.metricsAddress()).isEqualTo("127.0.0.1:" + agent.metricsPort());
            want(
                    assignment(A, "alice", "echo hello; while :; do sleep 1; done"),
                    assignment(B, "bob", "exec sleep 1000"));
            before = await(A, observed -> observed.phase() == ObservedPhase.RUNNING);
            await(B, observed -> observed.phase() == ObservedPhase.RUNNING);
            checkListener(agent);
            agent.kill();
        }
        int reportsBefore = controlPlane.reports.size();
        try (AgentProcess agent = start()) {
            agent.metricsPort();
            while (controlPlane.reports.size() == reportsBefore) {
                Thread.sleep(10);
            }
            NodeReport first = controlPlane.reports.get(reportsBefore);
            assertThat(first.complete()).isTrue();
            assertThat(first.previousRun())
                    .isEqualTo(controlPlane.reports.getFirst().agentRun())
                    .isNotEqualTo(first.agentRun());
            assertThat(first.accepted()).isEqualTo(new Generation("it", 1));
            assertThat(first.orphans()).isEmpty();
            assertThat(first.changed()).contains(before).hasSize(2).allSatisfy(observed -> {
                assertThat(observed.phase()).isEqualTo(ObservedPhase.RUNNING);
                assertThat(observed.restarts()).isZero();
            });
            want();
            awaitGone(A);
            awaitGone(B);
            awaitNoGroups();
            assertThat(agent.terminate()).isIn(0, 143);
        }
        assertThat(directory.resolve("state/sandboxes")).isEmptyDirectory();
        removeGroups();
    }

    private void checkListener(AgentProcess agent) throws IOException, InterruptedException {
        var trust = PinnedTls.trusting(controlPlane.authority.certificate());
        String token = "Bearer " + HttpsControlPlane.SCRAPE_TOKEN;
        assertThat(agent.get(trust, "/metrics", "Bearer wrong").statusCode()).isEqualTo(401);
        assertThat(agent.get(trust, "/health", "Basic x").statusCode()).isEqualTo(401);
        assertThat(agent.get(trust, "/health", token).body()).contains("\"status\":\"UP\"");
        assertThat(agent.get(trust, "/actuator", token).statusCode()).isEqualTo(404);
        String metrics = agent.get(trust, "/metrics", token).body();
        assertThat(metrics)
                .contains("container_memory_usage_bytes{allocation=\"agentit01\"")
                .contains("tenant=\"bob\"")
                .contains("landlord_agent_passes_total{outcome=\"ok\"}");
        assertThat(metrics.lines().filter(line -> line.startsWith("container_cpu_usage_seconds_total{")))
                .hasSize(2);
    }

    @Test
    void aSecondAgentIsToldWhatItSharesWithTheFirst() throws Exception {
        try (AgentProcess first = start()) {
            first.metricsPort();
            try (AgentProcess second = start()) {
                assertThat(second.awaitExit()).isEqualTo(1);
                assertThat(second.output())
                        .contains("landlord-agent: landlord.agent.state-dir: another agent uses "
                                + directory.resolve("state"));
            }
            controlPlane.refuse(ProblemCode.NODE_ALREADY_JOINED);
            try (AgentProcess third = start(directory.resolve("other"))) {
                assertThat(third.awaitExit()).isEqualTo(1);
                assertThat(third.output())
                        .contains("landlord-agent: node n1 cannot join")
                        .contains("409");
            }
            first.terminate();
        }
        removeGroups();
    }

    @Test
    void aWrongPropertyIsOneLineThatNamesIt() throws Exception {
        for (Map.Entry<String, String> bad : Map.of(
                        "colour=red", "landlord.agent.colour: unknown property",
                        "id-base=7", "landlord.agent.id-base: must be a positive multiple of 65536, was 7",
                        "metrics-port=x", "landlord.agent.metrics-port: ",
                        "node=UPPER", "landlord.agent.node: must match")
                .entrySet()) {
            try (AgentProcess agent = start(bad.getKey())) {
                assertThat(agent.awaitExit()).as(bad.getKey()).isEqualTo(1);
                assertThat(agent.output()).contains("landlord-agent: " + bad.getValue());
            }
        }
        removeGroups();
    }
}
