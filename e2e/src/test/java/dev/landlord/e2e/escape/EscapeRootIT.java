package dev.landlord.e2e.escape;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.e2e.host.BusyboxRoot;
import dev.landlord.e2e.host.CProgram;
import dev.landlord.e2e.host.Footprint;
import dev.landlord.e2e.host.HostInventory;
import dev.landlord.e2e.host.HostInventory.Kind;
import dev.landlord.e2e.host.HostSweep;
import dev.landlord.runtime.IdBlock;
import dev.landlord.runtime.Isolation;
import dev.landlord.runtime.Limits;
import dev.landlord.runtime.LogPage.Stream;
import dev.landlord.runtime.LogPolicy;
import dev.landlord.runtime.OwnerId;
import dev.landlord.runtime.ProcessSpec;
import dev.landlord.runtime.RuntimeConfig;
import dev.landlord.runtime.SandboxId;
import dev.landlord.runtime.SandboxRuntime;
import dev.landlord.runtime.SandboxSpec;
import dev.landlord.runtime.engine.LinuxSandboxRuntime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@Tag("root")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EscapeRootIT {
    private static final long MIB = 1L << 20;

    private final Footprint footprint;
    private final HostInventory before;
    private final SandboxRuntime runtime;
    private final Path image;

    EscapeRootIT() throws IOException {
        Path scratch = Files.createTempDirectory("landlord-escape-");
        footprint = Footprint.of("landlord-escape", scratch);
        before = HostInventory.take(footprint);
        image = BusyboxRoot.make(scratch.resolve("image"));
        runtime = new LinuxSandboxRuntime(
                new RuntimeConfig(scratch.resolve("runtime"), Path.of("/sys/fs/cgroup"), footprint.cgroupRoot(), null));
        runtime.adopt();
    }

    @BeforeAll
    void compileEve() {
        CProgram.compileStatic(Path.of("src/test/c/eve.c").toAbsolutePath(), image.resolve("bin/eve"));
    }

    @AfterAll
    void leavesNothingOnTheHost() throws IOException {
        runtime.close();
        HostInventory after = HostInventory.take(footprint);
        HostSweep.sweep(footprint);
        assertThat(after.beyond(before, Kind.PROCESS)).isEmpty();
        assertThat(after.beyond(before, Kind.NAMESPACE)).isEmpty();
    }

    @Test
    void rootInsideIsRefusedEveryWayOut() {
        assertThat(eve(Isolation.FULL, 0))
                .allMatch(line -> line.endsWith(" refused"))
                .hasSizeGreaterThan(40);
    }

    @Test
    void anOrdinaryUserInsideIsRefusedEveryWayOut() {
        assertThat(eve(Isolation.FULL, 1000))
                .allMatch(line -> line.endsWith(" refused"))
                .hasSizeGreaterThan(40);
    }

    /** That the probe can tell: what holds her above is the confinement, not a fault of the probe. */
    @Test
    void withNamespacesAloneSeveralWaysAreOpen() {
        assertThat(eve(Isolation.NAMESPACES, 0))
                .contains("unshare_user done", "mount_tmpfs done", "keyctl_session done", "packet_socket done");
    }

    private List<String> eve(Isolation isolation, int user) {
        SandboxId id = new SandboxId("eve-" + Long.toString(System.nanoTime(), 36));
        runtime.create(new SandboxSpec(
                id,
                new OwnerId("eve"),
                new IdBlock(footprint.firstId(), IdBlock.DEFAULT_SIZE),
                image,
                new ProcessSpec(List.of("/bin/eve"), Map.of("PATH", "/bin"), "/", user, user, List.of()),
                "eve",
                new Limits(100, 1000L, 64 * MIB, 64L, null, List.of()),
                8 * MIB,
                1000,
                MIB,
                true,
                LogPolicy.DEFAULT,
                isolation,
                null,
                null));
        try {
            runtime.start(id);
            assertThat(runtime.awaitExit(id, Duration.ofSeconds(30))).isPresent();
            String output =
                    new String(runtime.logs(id, Stream.STDOUT, 0, 65_536).bytes(), StandardCharsets.UTF_8);
            return output.lines().filter(line -> !line.contains(" tries, ")).toList();
        } finally {
            runtime.delete(id);
        }
    }
}
