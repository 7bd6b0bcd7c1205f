package dev.landlord.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.agent.sync.HttpsControlPlane;
import dev.landlord.api.id.AllocationId;
import dev.landlord.api.sync.LimitDrift;
import dev.landlord.api.sync.ObservedPhase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** CPUs that the host keeps for itself, seen from inside of a sandbox of a real agent. On a machine with two or more. */
@Tag("root")
class SandboxCpusRootIT {
    private static final AllocationId A = new AllocationId("cpusit001");
    private static final String LOOKS = "while :; do grep Cpus_allowed_list /proc/self/status; sleep 0.2; done";
    private static final Path CGROUPS = Path.of("/sys/fs/cgroup");

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

    /** The agent that comes with another list moves what runs. */
    @Test
    void sandboxesRunOnTheCpusThatAreTheirsAlone() throws Exception {
        String all = Files.readString(Path.of("/sys/devices/system/cpu/online")).strip();
        try (AgentProcess agent = host.start("sandbox-cpus=1", "limit-check-period=1s")) {
            assertThat(host.awaitImages().cpuMillis()).as("less the reserve").isEqualTo(900);
            host.want(TestHost.assignment(A, "alice", LOOKS));
            host.await(A, observed -> observed.phase() == ObservedPhase.RUNNING);
            awaitCpus("1");

            Files.writeString(listOf("alice"), all + "\n");
            awaitDrift();
            assertThat(Files.readString(listOf("alice"))).isEqualTo("1\n");
            awaitCpus("1");
            assertThat(agent.terminate()).isIn(0, 143);
        }
        try (AgentProcess agent = host.start("sandbox-cpus=0")) {
            awaitCpus("0");
            assertThat(agent.terminate()).isIn(0, 143);
        }
        try (AgentProcess agent = host.start()) {
            awaitCpus(all);
            assertThat(host.await(A, observed -> observed.phase() == ObservedPhase.RUNNING)
                            .restarts())
                    .isZero();
            host.want();
            host.awaitGone(A);
            host.awaitNoGroups();
            assertThat(agent.terminate()).isIn(0, 143);
        }
        host.removeGroups();
    }

    private Path listOf(String group) {
        Path v1 = CGROUPS.resolve("cpuset").resolve(host.cgroupRoot()).resolve(group + "/cpuset.cpus");
        return Files.exists(v1) ? v1 : CGROUPS.resolve(host.cgroupRoot()).resolve(group + "/cpuset.cpus");
    }

    private void awaitDrift() throws InterruptedException {
        for (int i = 0; i < 3_000; i++) {
            for (LimitDrift drift : host.controlPlane.reports.getLast().drifts()) {
                if (drift.limit().equals("cpu.cpuset") && drift.allocation() == null && drift.failure() == null) {
                    return;
                }
            }
            Thread.sleep(10);
        }
        throw new AssertionError("no such drift is reported");
    }

    /** By what it says from now on. */
    private void awaitCpus(String list) throws IOException, InterruptedException {
        Path output = directory.resolve("state/sandboxes/cpusit001-r1/stdout.0");
        String wanted = "Cpus_allowed_list:\t" + list;
        int before = lines(output).size();
        List<String> said = List.of();
        for (int i = 0; i < 3_000 && !(said.size() > before && said.getLast().equals(wanted)); i++) {
            Thread.sleep(10);
            said = lines(output);
        }
        assertThat(said).hasSizeGreaterThan(before).endsWith(wanted);
    }

    private static List<String> lines(Path output) throws IOException {
        return Files.exists(output) ? Files.readAllLines(output) : List.of();
    }
}
