package dev.landlord.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.agent.sync.HttpsControlPlane;
import dev.landlord.agent.sync.PinnedTls;
import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.Generation;
import dev.landlord.api.id.ImageName;
import dev.landlord.api.node.NodeFacts;
import dev.landlord.api.problem.ProblemCode;
import dev.landlord.api.sync.NodeReport;
import dev.landlord.api.sync.ObservedAllocation;
import dev.landlord.api.sync.ObservedPhase;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent, a real kernel, and a control plane that says what the test wants. */
@Tag("root")
class NodeAgentRootIT {
    private static final AllocationId A = new AllocationId("agentit01");
    private static final AllocationId B = new AllocationId("agentit02");

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit fills it
    private Path directory;

    private TestHost host;

    @BeforeEach
    void open() {
        host = new TestHost(directory, new HttpsControlPlane(), List.of());
    }

    @AfterEach
    void close() {
        host.close();
    }

    @Test
    void livesThroughItsOwnDeathAndLeavesNothingBehind() throws Exception {
        ObservedAllocation before;
        try (AgentProcess agent = host.start()) {
            NodeFacts facts = host.awaitImages();
            assertThat(facts.images()).containsKey(new ImageName("busybox"));
            assertThat(facts.metricsAddress()).isEqualTo("127.0.0.1:" + agent.metricsPort());
            host.want(
                    TestHost.assignment(A, "alice", "echo hello; while :; do sleep 1; done"),
                    TestHost.assignment(B, "bob", "exec sleep 1000"));
            before = host.await(A, observed -> observed.phase() == ObservedPhase.RUNNING);
            host.await(B, observed -> observed.phase() == ObservedPhase.RUNNING);
            checkListener(agent);
            agent.kill();
        }
        int reportsBefore = host.controlPlane.reports.size();
        int queriesBefore = host.controlPlane.desiredQueries.size();
        try (AgentProcess agent = host.start()) {
            agent.metricsPort();
            host.awaitAskedAfter(queriesBefore + 1);
            assertThat(host.controlPlane.desiredQueries.get(queriesBefore)).startsWith("generation=it:1&");
            assertThat(host.controlPlane.desiredQueries.get(queriesBefore + 1))
                    .as("whoever wrote its ledger may have understood less of the set")
                    .startsWith("generation=none:0&");
            while (host.controlPlane.reports.size() == reportsBefore) {
                Thread.sleep(10);
            }
            NodeReport first = host.controlPlane.reports.get(reportsBefore);
            assertThat(first.complete()).isTrue();
            assertThat(first.previousRun())
                    .isEqualTo(host.controlPlane.reports.getFirst().agentRun())
                    .isNotEqualTo(first.agentRun());
            assertThat(first.accepted()).isEqualTo(new Generation("it", 1));
            assertThat(first.orphans()).isEmpty();
            assertThat(first.changed()).contains(before).hasSize(2).allSatisfy(observed -> {
                assertThat(observed.phase()).isEqualTo(ObservedPhase.RUNNING);
                assertThat(observed.restarts()).isZero();
            });
            host.want();
            host.awaitGone(A);
            host.awaitGone(B);
            host.awaitNoGroups();
            assertThat(agent.terminate()).isIn(0, 143);
        }
        assertThat(directory.resolve("state/sandboxes")).isEmptyDirectory();
        host.removeGroups();
    }

    private void checkListener(AgentProcess agent) throws IOException, InterruptedException {
        var trust = PinnedTls.trusting(host.controlPlane.authority.certificate());
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
    void renewsItsCertificateAndGoesOnReporting() throws Exception {
        // Long enough for an agent that starts slowly.
        host.controlPlane.certificateLife = Duration.ofSeconds(45);
        try (AgentProcess agent = host.start()) {
            agent.metricsPort();
            for (int i = 0; i < 12_000 && host.controlPlane.shown.size() < 2; i++) {
                Thread.sleep(10);
            }
            assertThat(host.controlPlane.shown).hasSize(2);
            // It is shown before it is counted.
            String renewed = "landlord_agent_certificate_renewals_total{outcome=\"ok\"} 1.0";
            for (int i = 0; i < 3_000 && !metrics(agent).contains(renewed); i++) {
                Thread.sleep(10);
            }
            assertThat(metrics(agent))
                    .contains(renewed)
                    .contains("landlord_agent_certificate_renewals_total{outcome=\"failed\"} 0.0")
                    .contains("landlord_agent_reports_total{outcome=\"failed\"} 0.0");
            agent.kill();
        }
        int before = host.controlPlane.reports.size();
        host.controlPlane.certificateLife = Duration.ofHours(1);
        try (AgentProcess agent = host.start()) {
            for (int i = 0; i < 6_000 && host.controlPlane.reports.size() == before; i++) {
                Thread.sleep(10);
            }
            assertThat(host.controlPlane.reports).hasSizeGreaterThan(before);
            assertThat(agent.terminate()).isIn(0, 143);
        }
        host.removeGroups();
    }

    private String metrics(AgentProcess agent) throws IOException, InterruptedException {
        return agent.get(
                        PinnedTls.trusting(host.controlPlane.authority.certificate()),
                        "/metrics",
                        "Bearer " + HttpsControlPlane.SCRAPE_TOKEN)
                .body();
    }

    @Test
    void aSecondAgentIsToldWhatItSharesWithTheFirst() throws Exception {
        try (AgentProcess first = host.start()) {
            first.metricsPort();
            try (AgentProcess second = host.start()) {
                assertThat(second.awaitExit()).isEqualTo(1);
                assertThat(second.output())
                        .contains("landlord-agent: landlord.agent.state-dir: another agent uses "
                                + directory.resolve("state"));
            }
            host.controlPlane.refuse(ProblemCode.NODE_ALREADY_JOINED);
            try (AgentProcess third = host.start(directory.resolve("other"))) {
                assertThat(third.awaitExit()).isEqualTo(1);
                assertThat(third.output())
                        .contains("landlord-agent: node n1 cannot join")
                        .contains("409");
            }
            first.terminate();
        }
        host.removeGroups();
    }

    @Test
    void aWrongPropertyIsOneLineThatNamesIt() throws Exception {
        for (Map.Entry<String, String> bad : Map.of(
                        "colour=red", "landlord.agent.colour: unknown property",
                        "id-base=7", "landlord.agent.id-base: must be a positive multiple of 65536, was 7",
                        "metrics-port=x", "landlord.agent.metrics-port: ",
                        "sandbox-cpus=0-7000", "landlord.agent.sandbox-cpus: must be among the CPUs that are online, ",
                        "sandbox-cpus=all", "landlord.agent.sandbox-cpus: must be a list of CPUs such as 1-7",
                        "node=UPPER", "landlord.agent.node: must match")
                .entrySet()) {
            try (AgentProcess agent = host.start(bad.getKey())) {
                assertThat(agent.awaitExit()).as(bad.getKey()).isEqualTo(1);
                assertThat(agent.output()).contains("landlord-agent: " + bad.getValue());
            }
        }
        host.removeGroups();
    }
}
