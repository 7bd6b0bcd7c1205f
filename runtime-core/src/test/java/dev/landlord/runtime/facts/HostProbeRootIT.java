package dev.landlord.runtime.facts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.runtime.HostFacts;
import dev.landlord.runtime.HostFacts.CgroupMode;
import dev.landlord.runtime.Limits;
import dev.landlord.runtime.OwnerId;
import dev.landlord.runtime.RuntimeConfig;
import dev.landlord.runtime.SandboxId;
import dev.landlord.runtime.cgroup.CgroupTree;
import dev.landlord.runtime.cgroup.Cgroups;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostProbeRootIT {
    private static final Set<String> ALL = Set.of(
            "cpu.weight", "cpu.max", "memory.max", "pids.max", "cpuset", "io.read", "io.direct", "devices", "freezer");

    @TempDir
    private Path directory;

    private final RuntimeConfig config = new RuntimeConfig(
            Path.of("/nonexistent"),
            Path.of("/sys/fs/cgroup"),
            "landlord-probetest-" + ProcessHandle.current().pid(),
            null);

    private HostFacts probed(CgroupTree tree) {
        try {
            return HostProbe.probe(tree, Set.of("seccomp"), Map.of("userns", "not here"), directory);
        } finally {
            assertThat(tree.list()).isEmpty();
            assertThat(directory).isEmptyDirectory();
            tree.removeRoot();
        }
    }

    @Test
    @Tag("root")
    void aHybridHostEnforcesAll() {
        HostFacts facts = probed(Cgroups.open(config));

        assertThat(facts.missing()).containsEntry("userns", "not here");
        assertThat(facts.missing().get("io.buffered")).contains("is not counted as the writer's");
        assertThat(facts.missing()).containsKeys("io.weight", "memory.swap");
        assertThat(facts.capabilities()).containsAll(ALL).contains("seccomp", "pressure");
        assertThat(facts.cgroupMode()).isEqualTo(CgroupMode.HYBRID);
        assertThat(facts.cpus()).isEqualTo(Runtime.getRuntime().availableProcessors());
        assertThat(facts.memoryBytes()).isGreaterThan(1L << 28);
        assertThat(facts.kernel()).isEqualTo(System.getProperty("os.version"));
    }

    @Test
    @Tag("root")
    @Tag("cgroup2")
    void whatAnEarlierProbeLeftIsRemoved() {
        CgroupTree tree = Cgroups.open(config);
        tree.create(new OwnerId("host-probe"), new SandboxId("probe-1"), Limits.NONE);

        assertThat(probed(tree).capabilities()).contains("memory.max", "pids.max", "freezer");
    }

    @Test
    @Tag("root")
    void version1AloneEnforcesAll() {
        assertThat(probed(Cgroups.open(config, CgroupMode.V1)).capabilities()).containsAll(ALL);
    }

    @Test
    @Tag("root")
    void whatAHostLacksIsNamedWithTheReason() {
        HostFacts facts = probed(Cgroups.open(config, CgroupMode.V2));

        assertThat(facts.capabilities()).containsExactlyInAnyOrder("freezer", "seccomp", "devices");
        assertThat(facts.missing().get("pids.max")).contains("no controller pids");
        assertThat(facts.missing().get("memory.max")).contains("no controller memory");
        assertThat(facts.missing()).containsKeys("cpu.weight", "cpu.max", "cpuset", "io.read", "io.direct", "userns");
    }

    @Test
    @Tag("cgroup2")
    void version2EnforcesAll() {
        HostFacts facts = probed(Cgroups.open(config));

        assertThat(facts.missing()).containsKeys("userns", "io.weight", "memory.swap");
        assertThat(facts.capabilities()).containsAll(ALL).contains("io.buffered", "pressure");
    }
}
