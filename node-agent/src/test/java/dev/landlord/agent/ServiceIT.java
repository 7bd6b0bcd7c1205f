package dev.landlord.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.agent.sync.HttpsControlPlane;
import dev.landlord.agent.variant.Variant;
import dev.landlord.api.id.AllocationId;
import dev.landlord.api.node.NodeFacts;
import dev.landlord.api.sync.AppliedLimits;
import dev.landlord.api.sync.Assignment;
import dev.landlord.api.sync.LimitDrift;
import dev.landlord.api.sync.NodeReport;
import dev.landlord.api.sync.ObservedPhase;
import dev.landlord.api.workload.Resources;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * The shipped units under systemd: what a restart, an upgrade and a shutdown do to workloads. It installs the product on
 * the machine it runs on, so that has to be one to throw away: the guest of e2e/cgroup2. Starting an agent takes half a
 * minute there; hence one installation, and tests in the order in which an operator would do these things to it.
 */
@Tag("systemd")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ServiceIT {
    private static final AllocationId QUIET = new AllocationId("serviceit01");
    private static final AllocationId POLITE = new AllocationId("serviceit02");
    private static final AllocationId GREEDY = new AllocationId("serviceit03");
    private static final AllocationId CRASHING = new AllocationId("serviceit04");
    private static final AllocationId SWAPPING = new AllocationId("serviceit05");
    private static final String AGENT = "landlord-agent.service";
    private static final String HOLDER = "landlord-sandboxes.service";

    private final HttpsControlPlane controlPlane = new HttpsControlPlane();
    private final Dispatch dispatch = new Dispatch(controlPlane);
    private final InstalledHost host = new InstalledHost();

    private final Assignment quiet = TestHost.assignment(QUIET, "alice", "exec sleep 1000000");
    private final Assignment polite = TestHost.assignment(
            POLITE, "bob", "trap 'echo thank you; exit 0' TERM; echo open; while :; do sleep 1; done");

    @BeforeAll
    void installAndStart() throws Exception {
        Process swap = new ProcessBuilder("/bin/busybox", "swapon", "/dev/vdb")
                .inheritIO()
                .start();
        assertThat(swap.waitFor()).as("swap on").isZero();
        host.install(List.of(
                "landlord.agent.node=n1",
                "landlord.agent.control-plane-url=" + controlPlane.uri(),
                "landlord.agent.join-token=" + controlPlane.joinToken(),
                "landlord.agent.metrics-port=0",
                "landlord.agent.state-dir=" + host.state(),
                "landlord.agent.limit-check-period=1s",
                "landlord.agent.network.enabled=false"));
        host.systemctl("start", AGENT).orFail();
        dispatch.awaitImages();
        dispatch.want(quiet, polite);
        dispatch.await(QUIET, observed -> observed.phase() == ObservedPhase.RUNNING);
        dispatch.await(POLITE, observed -> observed.phase() == ObservedPhase.RUNNING);
    }

    @AfterAll
    void close() {
        controlPlane.close();
    }

    @Test
    @Order(1)
    void sandboxesAreInTheHoldersGroupsAndTheAgentIsInItsOwn() throws Exception {
        assertThat(host.groupOf(host.mainPid(AGENT))).isEqualTo("/system.slice/" + AGENT);
        assertThat(host.life("alice", QUIET).processes()).hasSizeGreaterThan(1);
        assertThat(host.systemctl("is-active", HOLDER).output()).isEqualTo("active");
        host.await(
                "supervisors to leave the agent's group",
                () -> host.processesIn(Path.of("system.slice", AGENT)).equals(List.of(host.mainPid(AGENT))));
        assertThat(host.processesIn(Path.of(HOLDER, "supervisors"))).hasSize(2);
        assertThat(host.groupsThatHandDownAndHaveProcesses()).isEmpty();
    }

    @Test
    @Order(2)
    void theHostEnforcesWhatADelegatedTreeCan() {
        NodeFacts facts = controlPlane.reports.stream()
                .flatMap(report -> Stream.ofNullable(report.facts()))
                .findFirst()
                .orElseThrow();
        assertThat(facts.capabilities())
                .contains("cpu.weight", "cpu.max", "memory.max", "memory.oom.group", "pids.max", "cpuset")
                .contains("io.read", "io.direct", "io.buffered", "devices", "freezer", "pressure", "memory.swap");
        assertThat(facts.missing()).doesNotContainKeys("agent.cgroup", "agent.oom-score");
        assertThat(facts.swap()).isGreaterThan(128 << 20);
    }

    @Test
    @Order(3)
    void whoWantsTooMuchMemoryEndsAlone() throws Exception {
        InstalledHost.Life before = host.life("alice", QUIET);
        dispatch.want(quiet, polite, TestHost.assignment(GREEDY, "eve", "tail /dev/zero"));
        dispatch.await(GREEDY, observed -> observed.restarts() > 0);
        dispatch.want(quiet, polite);
        dispatch.awaitGone(GREEDY);
        assertThat(host.systemctl("is-active", HOLDER).output()).isEqualTo("active");
        assertThat(host.systemctl("is-active", AGENT).output()).isEqualTo("active");
        assertThat(host.life("alice", QUIET)).isEqualTo(before);
    }

    /** Its buffer is half as large again as its memory. */
    @Test
    @Order(3)
    void whoMaySwapLivesBeyondItsMemory() throws Exception {
        Assignment holding =
                TestHost.assignment(SWAPPING, "eve", "dd if=/dev/zero bs=50331648 count=1 | sleep 1000000");
        Resources resources = new Resources(500, 32 << 20, 48, 1 << 20, 100, 64L << 20);
        dispatch.want(quiet, polite, Variant.of(holding).resources(resources).make());
        dispatch.await(SWAPPING, observed -> observed.phase() == ObservedPhase.RUNNING);
        host.await(
                "swap to be used", () -> Long.parseLong(host.limit("eve", SWAPPING, "memory.swap.current")) > 12 << 20);
        dispatch.await(SWAPPING, observed -> observed.phase() == ObservedPhase.RUNNING && observed.restarts() == 0);
        dispatch.want(quiet, polite);
        dispatch.awaitGone(SWAPPING);
    }

    @Test
    @Order(4)
    void limitsChangeWhileAProgramRunsAndComeBackWhenRootMeddles() throws Exception {
        InstalledHost.Life before = host.life("alice", QUIET);
        Resources more = new Resources(300, 96 << 20, 48, 1 << 20, 100, 32L << 20);
        dispatch.want(Variant.of(quiet).resources(more).make(), polite);
        AppliedLimits applied = new AppliedLimits(more.cpuMillis(), more.memoryBytes(), more.pids(), more.swapBytes());
        dispatch.await(QUIET, observed -> applied.equals(observed.limits()));
        assertThat(host.limit("alice", QUIET, "cpu.max")).isEqualTo("30000 100000");
        assertThat(host.limit("alice", QUIET, "memory.max")).isEqualTo(Long.toString(96 << 20));
        assertThat(host.limit("alice", QUIET, "pids.max")).isEqualTo("49");
        assertThat(host.limit("alice", QUIET, "memory.swap.max")).isEqualTo(Long.toString(32 << 20));

        host.meddle("alice", QUIET, "pids.max", "max");
        host.await(
                "the limit to come back",
                () -> host.limit("alice", QUIET, "pids.max").equals("49"));
        LimitDrift drift = dispatch.awaitDrift(QUIET);
        assertThat(List.of(drift.file(), drift.found(), drift.wanted())).containsExactly("pids.max", "max", "49");

        dispatch.want(quiet, polite);
        host.await("the old limits", () -> host.life("alice", QUIET).equals(before));
    }

    /** By no more than the certificates last. What was to begin again by the clock as it was would wait for longer than we do. */
    @Test
    @Order(5)
    void aClockThatIsSetDisturbsNobody() throws Exception {
        InstalledHost.Life before = host.life("alice", QUIET);
        dispatch.want(quiet, polite, TestHost.assignment(CRASHING, "eve", "exit 3"));
        dispatch.awaitRestarts(CRASHING, 1);
        host.moveClock(Duration.ofMinutes(15));
        dispatch.awaitRestarts(CRASHING, 2);
        host.moveClock(Duration.ofMinutes(-15));
        dispatch.awaitRestarts(CRASHING, 2);
        dispatch.want(quiet, polite);
        dispatch.awaitGone(CRASHING);
        assertThat(host.life("alice", QUIET)).isEqualTo(before);
    }

    @Test
    @Order(6)
    void theHolderIsNotStoppedByHand() throws Exception {
        InstalledHost.Life before = host.life("alice", QUIET);
        for (String verb : List.of("restart", "stop")) {
            InstalledHost.Answer answer = host.systemctl(verb, HOLDER);
            assertThat(answer.exit()).as(verb).isNotZero();
            assertThat(answer.output()).contains("may be requested by dependency only");
        }
        assertThat(host.life("alice", QUIET)).isEqualTo(before);
    }

    /** The restarted agent is stopped again for the upgrade, before it has got to anything: so be it. */
    @Test
    @Order(7)
    void aRestartAndAnUpgradeOfTheAgentLeaveWorkloadsRunning() throws Exception {
        InstalledHost.Life before = host.life("alice", QUIET);
        long agent = host.mainPid(AGENT);
        host.systemctl("restart", AGENT).orFail();
        assertThat(host.mainPid(AGENT)).isNotEqualTo(agent);
        assertThat(host.life("alice", QUIET)).isEqualTo(before);

        host.systemctl("stop", AGENT).orFail();
        assertThat(host.systemctl("is-active", AGENT).output()).isEqualTo("inactive");
        assertThat(host.life("alice", QUIET)).isEqualTo(before);
        Path release = host.upgrade();
        int reports = controlPlane.reports.size();
        host.systemctl("start", AGENT).orFail();
        assertAdopted(dispatch.awaitReportAfter(reports));
        assertThat(host.commandLine(host.mainPid(AGENT))).contains(release + "/lib/landlord-node-agent.jar");
        assertThat(host.life("alice", QUIET)).isEqualTo(before);
        assertThat(host.groupsThatHandDownAndHaveProcesses()).isEmpty();
    }

    private void assertAdopted(NodeReport first) {
        assertThat(first.complete()).isTrue();
        assertThat(first.orphans()).isEmpty();
        assertThat(first.changed()).hasSize(2).allSatisfy(observed -> {
            assertThat(observed.phase()).isEqualTo(ObservedPhase.RUNNING);
            assertThat(observed.restarts()).isZero();
        });
    }

    @Test
    @Order(8)
    void theShutdownAsksProgramsFirst() throws Exception {
        host.systemctl("stop", AGENT).orFail();
        host.stopAsByShutdown(HOLDER);
        assertThat(host.processesBelow(Path.of(HOLDER))).isEmpty();
        assertThat(host.output(POLITE)).isEqualTo("open\nthank you\n");
    }

    @Test
    @Order(9)
    void whenTheHolderDiesWhatIsInItsGroupsRunsOn() throws Exception {
        host.systemctl("start", HOLDER).orFail();
        Process program = host.startInNewGroup(Path.of(HOLDER, "alice", "program"));
        try {
            host.kill(host.mainPid(HOLDER));
            host.await(
                    "systemd to see it",
                    () -> host.systemctl("is-active", HOLDER).output().equals("failed"));
            assertThat(program.isAlive()).isTrue();
            assertThat(host.processesBelow(Path.of(HOLDER))).containsExactly(program.pid());
        } finally {
            program.destroyForcibly();
        }
    }
}
