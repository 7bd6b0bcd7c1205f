package dev.landlord.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landlord.runtime.LogPage;
import dev.landlord.runtime.LogPolicy;
import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.SandboxException.Kind;
import dev.landlord.runtime.SandboxRuntime;
import dev.landlord.runtime.SandboxSpec;
import dev.landlord.runtime.SandboxStatus.Phase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that is full, and one that takes no more writes: what runs goes on, what cannot start says why, and it heals. */
@Tag("root")
class DiskFaultRootIT {
    private static final int ENOSPC = 28;
    private static final int EROFS = 30;
    private static final int SIGTERM = 15;
    private static final String SEVEN =
            "trap 'exit 7' TERM; echo up; while :; do echo a line of output; sleep 0.01; done";

    @TempDir
    private Path scratch;

    private SmallDisk disk;
    private Host host;
    private SandboxRuntime runtime;

    @BeforeEach
    void open() throws Exception {
        disk = SmallDisk.mountedAt(scratch.resolve("state"), scratch.resolve("disk"));
        host = new Host(scratch);
        runtime = host.open();
    }

    @AfterEach
    void leavesNothingOnTheHost() throws Exception {
        try {
            host.takeDown(runtime);
        } finally {
            disk.unmount();
        }
    }

    @Test
    void aFullDiskEndsNothingAndLosesNoEnd() throws Exception {
        SandboxSpec one = running();
        SandboxSpec other = running();
        disk.fill();
        refusesToCreate(Kind.EXHAUSTED, ENOSPC, "No space left on device");

        runtime.close();
        runtime = host.open();
        runtime.adopt();
        assertThat(runtime.status(one.id()).phase()).isEqualTo(Phase.RUNNING);
        runtime.signal(one.id(), SIGTERM);
        assertThat(runtime.awaitExit(one.id(), Host.PATIENCE).orElseThrow().exitCode())
                .as("from the record on the disk")
                .isEqualTo(7);

        disk.free();
        long seen = endOfOutput(other);
        Host.await("more output", () -> endOfOutput(other) > seen);
        assertThat(host.run(runtime, host.spec(Host.shell("exit 3"))).exit().exitCode())
                .isEqualTo(3);
    }

    @Test
    void aDiskThatTakesNoWritesEndsNothingAndCanBeRepaired() throws Exception {
        SandboxSpec heard = running();
        SandboxSpec found = running();
        disk.fail();
        refusesToCreate(Kind.HOST_FAULT, EROFS, "Read-only file system");
        assertThat(runtime.stop(heard.id(), Host.PATIENCE).exitCode()).isEqualTo(7);
        assertThatThrownBy(() -> runtime.delete(heard.id()))
                .isInstanceOfSatisfying(
                        SandboxException.class, e -> assertThat(e.errno()).isEqualTo(EROFS))
                .hasMessageContaining("delete")
                .hasMessageContaining(heard.id().value());

        runtime.close();
        runtime = host.open();
        runtime.adopt();
        assertThat(runtime.status(found.id()).phase()).isEqualTo(Phase.RUNNING);
        runtime.stop(found.id(), Duration.ofSeconds(10));
        assertThat(runtime.status(found.id()).phase())
                .as("nobody heard it and it could not be written")
                .isEqualTo(Phase.LOST);

        disk.repair();
        runtime.delete(heard.id());
        runtime.delete(found.id());
        assertThat(host.run(runtime, host.spec(Host.shell("exit 3"))).exit().exitCode())
                .isEqualTo(3);
    }

    private SandboxSpec running() {
        SandboxSpec spec = host.spec(Host.shell(SEVEN), LogPolicy.DEFAULT); // no rotation, which would make room
        Host.startAndAwaitOutput(runtime, spec, "up");
        return spec;
    }

    private void refusesToCreate(Kind kind, int errno, String reason) throws Exception {
        Set<String> before = host.leftovers();
        SandboxSpec spec = host.spec(Host.NO_PROCESS);
        assertThatThrownBy(() -> runtime.create(spec))
                .isInstanceOfSatisfying(SandboxException.class, e -> {
                    assertThat(e.kind()).isEqualTo(kind);
                    assertThat(e.errno()).isEqualTo(errno);
                })
                .hasMessageContaining(spec.id().value())
                .hasMessageContaining(reason);
        assertThat(host.leftovers()).isEqualTo(before);
    }

    private long endOfOutput(SandboxSpec spec) {
        long end = 0;
        LogPage page = runtime.logs(spec.id(), LogPage.Stream.STDOUT, end, 1 << 20);
        while (page.bytes().length > 0) {
            end = page.nextOffset();
            page = runtime.logs(spec.id(), LogPage.Stream.STDOUT, end, 1 << 20);
        }
        return end;
    }
}
