package dev.landlord.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.runtime.ExitRecord;
import dev.landlord.runtime.Limits;
import dev.landlord.runtime.SandboxRuntime;
import dev.landlord.runtime.SandboxSpec;
import dev.landlord.runtime.SandboxStatus.Phase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The memory of the guest, unlike that of any other host, is a test's to take to the last page. Huge pages take most of it
 * at once; somebody outside all sandboxes takes the rest, until the kernel has ended the largest that it may end.
 */
@Tag("cgroup2")
class HostOutOfMemoryV2RootIT {
    private static final Path HUGE_PAGES = Path.of("/proc/sys/vm/nr_hugepages");
    private static final Path OOM_SCORE = Path.of("/proc/self/oom_score_adj");
    private static final long HUGE_PAGE_KIB = 2048;
    private static final long LEFT_KIB = 192 << 10;
    private static final String LARGE = "echo up; dd if=/dev/zero bs=100663296 count=1 2> /dev/null | sleep 1000";

    @TempDir
    private Path scratch;

    private Path taken;
    private String scoreBefore;
    private Host host;
    private SandboxRuntime runtime;

    @BeforeEach
    void open() throws Exception {
        taken = Files.createDirectory(scratch.resolve("taken"));
        call("mount", "-t", "tmpfs", "-o", "size=8g", "taken", taken.toString());
        scoreBefore = Files.readString(OOM_SCORE);
        Files.writeString(OOM_SCORE, "-500"); // as an agent; whoever we start outside a sandbox has it too
        host = new Host(scratch);
        runtime = host.open();
    }

    @AfterEach
    void leavesNothingOnTheHost() throws Exception {
        call("umount", taken.toString());
        Files.writeString(HUGE_PAGES, "0");
        Files.writeString(OOM_SCORE, scoreBefore);
        host.takeDown(runtime);
    }

    private static String call(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }

    @Test
    void whoIsStruckByTheWantOfItsHostIsKnownAndTheOthersStay() throws Exception {
        Limits enough = new Limits(100, null, 512L << 20, 32L, null, List.of());
        SandboxSpec small = host.spec(Host.shell("echo up; sleep 1000"), enough);
        SandboxSpec large = host.spec(Host.shell(LARGE), enough);
        Host.startAndAwaitOutput(runtime, small, "up");
        Host.startAndAwaitOutput(runtime, large, "up");
        Host.await("it to be large", () -> runtime.usage(large.id()).memoryRssBytes() > 95 << 20);
        long free = Host.kibibytes(Files.readString(Path.of("/proc/meminfo")), "MemFree");
        Files.writeString(HUGE_PAGES, Long.toString(Math.max(0, (free - LEFT_KIB) / HUGE_PAGE_KIB)));

        takeTheRestWhile(host.group("memory", large.id()).resolve("memory.events"), "oom_kill 0");

        ExitRecord exit = runtime.awaitExit(large.id(), Host.PATIENCE).orElseThrow();
        assertThat(exit.oomKilled()).isTrue();
        assertThat(exit.oomFromAbove()).isTrue();
        assertThat(exit.signal()).isEqualTo(9);
        Host.await("the last of it", () -> runtime.usage(large.id()).pids() == 0);
        assertThat(runtime.awaitExit(small.id(), Duration.ofSeconds(5))).isEmpty();
        assertThat(runtime.status(small.id()).phase()).isEqualTo(Phase.RUNNING);
        assertThat(runtime.usage(small.id()).oomKills()).isZero();
    }

    /** By a small program of its own: ours may have to be read from the disk again by the time it is to look. */
    private void takeTheRestWhile(Path file, String line) throws Exception {
        String script = "n=0; while [ $n -lt 256 ] && /bin/busybox grep -q '^" + line + "$' " + file + "; do"
                + " /bin/busybox head -c 16777216 /dev/zero > " + taken + "/$n; n=$((n+1)); done; echo took $n bites";
        assertThat(call("/bin/busybox", "sh", "-c", script)).startsWith("took ").doesNotContain("256");
    }
}
