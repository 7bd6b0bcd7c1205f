package dev.landlord.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.runtime.HostFacts.CgroupMode;
import dev.landlord.runtime.Limits;
import dev.landlord.runtime.LogPage;
import dev.landlord.runtime.SandboxRuntime;
import dev.landlord.runtime.SandboxSpec;
import dev.landlord.runtime.SandboxStatus.Phase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real sandboxes where control groups are version 2 alone: start, limits read back, freeze, kill. */
@Tag("cgroup2")
class SandboxV2RootIT {
    @TempDir
    private Path scratch;

    private Host host;
    private SandboxRuntime runtime;

    @BeforeEach
    void open() throws IOException {
        host = new Host(scratch);
        runtime = host.open();
        assertThat(runtime.facts().cgroupMode()).isEqualTo(CgroupMode.V2);
    }

    @AfterEach
    void leavesNothingOnTheHost() throws IOException {
        host.takeDown(runtime);
    }

    @Test
    void startsBornInItsGroupWithItsLimits() throws IOException {
        SandboxSpec spec = host.spec(Host.shell("cat /proc/self/cgroup; exit 4"));
        runtime.create(spec);
        Path group = Path.of(
                "/sys/fs/cgroup", host.config.cgroupRoot(), "alice", spec.id().value());
        assertThat(Files.readString(group.resolve("memory.max")).strip()).isEqualTo(Long.toString(64L << 20));
        assertThat(Files.readString(group.resolve("memory.swap.max")).strip()).isEqualTo("0");
        assertThat(Files.readString(group.resolve("memory.oom.group")).strip()).isEqualTo("1");
        assertThat(Files.readString(group.resolve("pids.max")).strip()).isEqualTo("64");
        assertThat(Files.readString(group.resolve("cpu.max")).strip()).isEqualTo("100000 100000");
        runtime.start(spec.id());
        assertThat(runtime.awaitExit(spec.id(), Host.PATIENCE).orElseThrow().exitCode())
                .isEqualTo(4);
        assertThat(Host.output(runtime, spec.id(), LogPage.Stream.STDOUT)).isEqualTo("0::/\n");
    }

    @Test
    void freezesThawsAndKillsAForkingProgram() throws InterruptedException, IOException {
        SandboxSpec spec = host.spec(Host.shell("trap '' TERM; echo up; while :; do sleep 0.1; done"));
        Host.startAndAwaitOutput(runtime, spec, "up");
        runtime.freeze(spec.id());
        host.awaitSupervisorInItsGroup(runtime.status(spec.id()).supervisorPid());
        assertThat(runtime.status(spec.id()).phase()).isEqualTo(Phase.FROZEN);
        long before = runtime.usage(spec.id()).cpuUsageNanos();
        Thread.sleep(500);
        assertThat(runtime.usage(spec.id()).cpuUsageNanos()).isEqualTo(before);
        runtime.thaw(spec.id());
        assertThat(runtime.stop(spec.id(), Duration.ofMillis(200)).signal()).isEqualTo(9);
    }

    @Test
    void memoryEndsTheWholeSandbox() {
        Limits small = new Limits(100, null, 16L << 20, 32L, null, List.of());
        Host.Outcome outcome = host.run(
                runtime, host.spec(Host.shell("yes | tr '\\n' x | head -c 200000000 | grep n; sleep 1000"), small));
        assertThat(outcome.exit().oomKilled()).isTrue();
        assertThat(outcome.exit().signal()).isEqualTo(9);
    }
}
