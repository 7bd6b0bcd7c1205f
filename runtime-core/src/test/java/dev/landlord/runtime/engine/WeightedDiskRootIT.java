package dev.landlord.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landlord.runtime.Limits;
import dev.landlord.runtime.Limits.IoLimit;
import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.SandboxException.Kind;
import dev.landlord.runtime.SandboxRuntime;
import dev.landlord.runtime.SandboxSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The share of a contended disk, on a disk whose scheduler gives shares, and on one whose scheduler does not. */
@Tag("root")
@Tag("cgroup2")
class WeightedDiskRootIT {
    private static final String WEIGHT = "io.weight";

    @TempDir
    private Path scratch;

    private SmallDisk disk;
    private Host host;

    @BeforeEach
    void mount() throws Exception {
        disk = SmallDisk.mountedAt(scratch.resolve("state"), scratch.resolve("disk"), 64);
        host = new Host(scratch);
    }

    @AfterEach
    void leavesNothingOnTheHost() throws Exception {
        disk.scheduleBy("none");
        disk.unmount();
    }

    private Limits weighing(int weight) throws IOException, InterruptedException {
        String[] number = disk.number().split(":", -1);
        IoLimit io =
                new IoLimit(Integer.parseInt(number[0]), Integer.parseInt(number[1]), null, null, null, null, weight);
        return new Limits(100, null, null, null, null, List.of(io));
    }

    /** That is tried with readers when a runtime opens; the sandbox shows that it gets the weight that was tried. */
    @Test
    void aDiskThatWeighsIsSeenToAndItsWeightsAreSetAndChanged() throws Exception {
        disk.beAsSlowAsADisk();
        disk.scheduleBy("bfq");
        SandboxRuntime runtime = host.open();
        try {
            assertThat(runtime.facts().missing()).doesNotContainKey(WEIGHT);
            assertThat(runtime.facts().capabilities()).contains(WEIGHT);
            SandboxSpec spec = host.spec(Host.shell("echo up; sleep 1000"), weighing(1000));
            Host.startAndAwaitOutput(runtime, spec, "up");
            Path file = host.group("blkio", spec.id())
                    .resolve(host.hasVersion2Alone() ? "io.bfq.weight" : "blkio.bfq.weight_device");
            assertThat(file).content().contains(disk.number() + " 109\n");
            runtime.updateLimits(spec.id(), weighing(10_000));
            assertThat(file).content().contains(disk.number() + " 1000\n");
            runtime.updateLimits(spec.id(), Limits.NONE);
            assertThat(file).content().doesNotContain(disk.number());
        } finally {
            host.takeDown(runtime);
        }
    }

    @Test
    void aDiskThatDoesNotIsNamedAndWhoNeedsItIsRefused() throws Exception {
        disk.scheduleBy("none");
        SandboxRuntime runtime = host.open();
        try {
            assertThat(runtime.facts().capabilities()).doesNotContain(WEIGHT);
            assertThat(runtime.facts().missing().get(WEIGHT))
                    .startsWith("verify io.weight: the scheduler of loop")
                    .contains(" does not weigh, bfq would: [none]");
            SandboxSpec spec = host.spec(Host.NO_PROCESS, weighing(1000));
            assertThatThrownBy(() -> runtime.create(spec))
                    .isInstanceOfSatisfying(
                            SandboxException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNSUPPORTED))
                    .hasMessageStartingWith("enforce io.weight in " + spec.id() + ": ")
                    .hasMessageContaining("bfq would: [none]");
        } finally {
            host.takeDown(runtime);
        }
    }
}
