package dev.landlord.agent.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.landlord.api.id.ImageName;
import dev.landlord.api.node.NodeFacts;
import dev.landlord.runtime.HostFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InventoryTest {
    private static final long GIB = 1L << 30;

    /** The real files: they give their whole number to the first read only. */
    @Test
    void theRealMachineAllowsMoreThanAHandfulOfProcesses() {
        assertThat(Machine.of(1, Path.of("/proc")).pids()).isGreaterThan(300);
    }

    @Test
    void readsTheMachineFromProcfs(@TempDir Path proc) throws IOException {
        Files.createDirectories(proc.resolve("sys/kernel"));
        Files.writeString(proc.resolve("sys/kernel/pid_max"), "4194304\n");
        Files.writeString(proc.resolve("sys/kernel/threads-max"), "192000\n");
        Files.writeString(proc.resolve("meminfo"), "MemFree:  1 kB\nMemTotal:       24683520 kB\nMemX: 2 kB\n");
        assertThat(Machine.of(2, proc)).isEqualTo(new Machine(2000, 24_683_520L * 1024, 192_000));
    }

    @Test
    void keepsAReserveForTheHostUnlessTheShareIsConfigured() {
        Machine large = new Machine(64_000, 256 * GIB, 4_000_000);
        assertThat(Share.of(large, null, null, null))
                .isEqualTo(new Share(60_800, 256 * GIB - 256 * GIB / 20, 3_600_000));
        Machine small = new Machine(1_000, GIB, 4_000);
        assertThat(Share.of(small, null, null, null)).isEqualTo(new Share(900, 768L << 20, 3_000));
        assertThat(Share.of(small, 500L, 1_000_000L, 10L)).isEqualTo(new Share(500, 1_000_000, 10));
    }

    @Test
    void cpuAndProcessesMayBeSoldTwiceButMemoryMayNot() {
        Machine machine = new Machine(1_000, GIB, 4_000);
        assertThat(Share.of(machine, 10_000L, null, 40_000L)).isEqualTo(new Share(10_000, 768L << 20, 40_000));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Share.of(machine, null, 2 * GIB, null))
                .withMessage("landlord.agent.share.memory-bytes: the machine has only 1073741824, was 2147483648");
    }

    @Test
    void theCpusOfSandboxesAreAmongThoseOfTheHost() {
        assertThat(SandboxCpus.of("1-7", "0-7\n")).isEqualTo(new SandboxCpus("1-7", 7));
        assertThat(SandboxCpus.of("1,3-4,4", "0-4,9")).isEqualTo(new SandboxCpus("1,3-4,4", 3));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SandboxCpus.of("1-4", "0-3\n"))
                .withMessage("must be among the CPUs that are online, 0-3, was 1-4 with 4");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "one", "1-", "-1", "3-1", "1,,2", "1;2", "0x1", "1-2-3", "99999"})
    void whatIsNoListOfCpusIsRefused(String list) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SandboxCpus.of(list, "0-7"))
                .withMessage("must be a list of CPUs such as 1-7 or 2,4-6, was \"" + list + "\"");
    }

    @Test
    void saysWhatWasVerifiedAndWhichImagesAreThereOrWhyNot() {
        HostFacts host = new HostFacts(
                2,
                GIB,
                GIB / 2,
                "6.18",
                HostFacts.CgroupMode.HYBRID,
                Set.of("pids.max", "cpu.max"),
                Map.of("io", "no controller"));
        Inventory inventory = new Inventory(host, new Share(1, 2, 3), "0.1", null, Map.of("agent.cgroup", "none"));
        assertThat(inventory.facts().images()).isEmpty();
        inventory.listensAt("127.0.0.1:7710");
        inventory.imagesBuilt(new Inventory.Images(Map.of("busybox", "sha256:00"), Map.of("shop", "broken tar")));
        NodeFacts facts = inventory.facts();
        assertThat(facts.cgroupMode()).isEqualTo("hybrid");
        assertThat(facts.capabilities())
                .containsExactly(
                        "assignment.cpuBurstPercent",
                        "assignment.ioWeight",
                        "assignment.rlimits",
                        "assignment.swapBytes",
                        "cpu.max",
                        "pids.max");
        assertThat(facts.swapBytes())
                .as("swap that nobody was seen to be held to")
                .isNull();
        assertThat(facts.images()).containsOnly(Map.entry(new ImageName("busybox"), "sha256:00"));
        assertThat(facts.missing())
                .containsOnly(
                        Map.entry("io", "no controller"),
                        Map.entry("agent.cgroup", "none"),
                        Map.entry("image.shop", "broken tar"));
        assertThat(facts.metricsAddress()).isEqualTo("127.0.0.1:7710");
    }

    @Test
    void swapIsOfferedInWholeWhereALimitOfItWasSeenToHold() {
        HostFacts host =
                new HostFacts(2, GIB, GIB / 2, "6.18", HostFacts.CgroupMode.V2, Set.of("memory.swap"), Map.of());
        assertThat(new Inventory(host, new Share(1, 2, 3), "0.1", null, Map.of())
                        .facts()
                        .swap())
                .isEqualTo(GIB / 2);
    }

    @Test
    void aLineOfTheCatalogueThatIsTooLongCostsNoReport() {
        HostFacts host = new HostFacts(2, GIB, 0, "6.18", HostFacts.CgroupMode.V2, Set.of(), Map.of());
        Inventory inventory = new Inventory(host, new Share(1, 2, 3), "0.1", null, Map.of());
        inventory.imagesBuilt(new Inventory.Images(Map.of(), Map.of("x".repeat(10_000), "y".repeat(10_000))));
        assertThat(inventory.facts().missing()).hasSize(1).allSatisfy((name, reason) -> {
            assertThat(name).startsWith("image.x").hasSizeLessThan(256);
            assertThat(reason).startsWith("y").hasSizeLessThan(4_096);
        });
    }
}
