package dev.landlord.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landlord.runtime.ExecSpec;
import dev.landlord.runtime.HostFacts.CgroupMode;
import dev.landlord.runtime.Isolation;
import dev.landlord.runtime.ProcessSpec;
import dev.landlord.runtime.SandboxRuntime;
import dev.landlord.runtime.SandboxSpec;
import dev.landlord.runtime.TerminalSize;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Further programs where control groups are version 2 alone: they are born in the group of their sandbox. What else there is to
 * try of them, and has to do with no group, ExecRootIT tries on version 1.
 */
@Tag("cgroup2")
class ExecV2RootIT {
    private static final List<String> WAIT = List.of("sh", "-c", "echo up; exec sleep 1000");

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
    void isConfinedAsTheProgramOfTheSandboxIs() throws IOException {
        SandboxSpec spec =
                host.spec(Host.shellAs(1000, "echo up; exec sleep 1000"), Host.LIMITS, false, Isolation.FULL);
        Host.startAndAwaitOutput(runtime, spec, "up");
        int main = runtime.status(spec.id()).programPid();
        ExecSpec exec = new ExecSpec(WAIT, Map.of(), true, new TerminalSize(24, 80));
        try (Visitor visitor = new Visitor(runtime.exec(spec.id(), exec))) {
            visitor.awaitOutput("up");
            int guest = Confinement.otherProcessOf(main);
            assertThat(Confinement.of(guest, "sleep")).isEqualTo(Confinement.of(main, "sleep"));
        }
        assertThat(Confinement.processesBeside(main)).isEmpty();
    }

    @Test
    void aFrozenSandboxRefusesAndADeletedOneTakesItAlong() {
        SandboxSpec spec = host.spec(Host.shell("echo up; exec sleep 1000"));
        Host.startAndAwaitOutput(runtime, spec, "up");
        ExecSpec exec = new ExecSpec(WAIT, Map.of(), false, null);
        runtime.freeze(spec.id());
        assertThatThrownBy(() -> runtime.exec(spec.id(), exec)).hasMessageContaining("it is FROZEN");
        runtime.thaw(spec.id());
        try (Visitor visitor = new Visitor(runtime.exec(spec.id(), exec))) {
            visitor.awaitOutput("up");
            runtime.delete(spec.id());
            assertThat(visitor.awaitEnd().signal()).isEqualTo(9);
        }
    }

    /** The directory of the group that a program is born in is open for a moment in the process that becomes it. */
    @Test
    void noDescriptorOfTheHelperIsAWorkdir() {
        for (int fd = 0; fd < 32; fd++) {
            SandboxSpec spec = host.spec(
                    new ProcessSpec(List.of("pwd"), Map.of("PATH", "/bin"), "/proc/self/fd/" + fd, 0, 0, List.of()));
            assertThatThrownBy(() -> runtime.create(spec)).hasMessageContaining("enter workdir /proc/self/fd/" + fd);
        }
    }
}
