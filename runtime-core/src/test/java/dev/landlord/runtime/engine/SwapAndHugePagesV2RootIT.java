package dev.landlord.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.runtime.Limits;
import dev.landlord.runtime.Limits.Cpu;
import dev.landlord.runtime.Limits.HugePages;
import dev.landlord.runtime.Limits.Memory;
import dev.landlord.runtime.SandboxRuntime;
import dev.landlord.runtime.SandboxSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a test may give to the guest, and not to a host that others use: swap and huge pages. */
@Tag("cgroup2")
class SwapAndHugePagesV2RootIT {
    private static final Path HUGE_PAGES = Path.of("/proc/sys/vm/nr_hugepages");
    private static final int SWAP_BYTES = 128 << 20;

    @TempDir
    private static Path scratch;

    private static Host host;
    private static SandboxRuntime runtime;

    @BeforeAll
    static void open() throws Exception {
        Path swap = scratch.resolve("swap");
        Files.write(swap, new byte[SWAP_BYTES]);
        call("chmod", "600", swap.toString());
        call("/usr/sbin/mkswap", swap.toString());
        call("/usr/sbin/swapon", swap.toString());
        Files.writeString(HUGE_PAGES, "4");
        host = new Host(scratch);
        runtime = host.open();
    }

    @AfterEach
    void leavesNothingOnTheHost() throws IOException {
        host.clean(runtime);
    }

    @AfterAll
    static void takeDown() throws Exception {
        host.takeDown(runtime);
        Files.writeString(HUGE_PAGES, "0");
        call("/usr/sbin/swapoff", scratch.resolve("swap").toString());
    }

    private static void call(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }

    @Test
    void aHostThatHasThemIsSeenToLimitThem() {
        assertThat(runtime.facts().missing()).doesNotContainKeys("memory.swap", "hugetlb.2MB");
        assertThat(runtime.facts().capabilities()).contains("memory.swap", "hugetlb.2MB");
    }

    @Test
    void whatDoesNotFitIntoMemoryGoesToSwapAsFarAsThatIsAllowed() {
        String keep = "dd if=/dev/zero of=/dev/null bs=33554432 count=1 2> /dev/null && echo kept";
        assertThat(host.run(runtime, host.spec(Host.shell(keep), with(new Memory(16L << 20, 64L << 20))))
                        .out())
                .isEqualTo("kept\n");
        assertThat(host.run(runtime, host.spec(Host.shell(keep), with(new Memory(16L << 20, 4L << 20))))
                        .exit()
                        .oomKilled())
                .isTrue();
    }

    private static Limits with(Memory memory) {
        return new Limits(Cpu.UNLIMITED, memory, 64L, List.of(), List.of(), List.of());
    }

    @Test
    void hugePagesAreLimitedWhileItRuns() throws IOException {
        Limits two = with(new HugePages("2MB", 4L << 20));
        SandboxSpec spec = host.spec(Host.shell("echo up; sleep 1000"), two);
        Host.startAndAwaitOutput(runtime, spec, "up");
        Path file = host.group("hugetlb", spec.id()).resolve("hugetlb.2MB.max");
        assertThat(file).hasContent("4194304");
        runtime.updateLimits(spec.id(), with(new HugePages("2MB", 0)));
        assertThat(file).hasContent("0");
    }

    private static Limits with(HugePages pages) {
        return new Limits(Cpu.UNLIMITED, Memory.UNLIMITED, 64L, List.of(), List.of(pages), List.of());
    }
}
