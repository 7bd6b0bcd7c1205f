package dev.landlord.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.landlord.runtime.ExitRecord;
import dev.landlord.runtime.Limits;
import dev.landlord.runtime.Limits.Cpu;
import dev.landlord.runtime.Limits.HugePages;
import dev.landlord.runtime.Limits.Memory;
import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.SandboxRuntime;
import dev.landlord.runtime.SandboxSpec;
import dev.landlord.runtime.SandboxStatus.Phase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the guest has, or a test may give to it, and not to a host that others use: swap and huge pages. */
@Tag("cgroup2")
class SwapAndHugePagesV2RootIT {
    private static final Path HUGE_PAGES = Path.of("/proc/sys/vm/nr_hugepages");
    private static final long MIB = 1 << 20;
    /** Holds 32 MiB for as long as nobody reads them. */
    private static final String HOLD = "dd if=/dev/zero bs=33554432 count=1 2> /dev/null | sleep 1000";

    @TempDir
    private static Path scratch;

    private static Host host;
    private static SandboxRuntime runtime;

    @BeforeAll
    static void open() throws Exception {
        Files.writeString(HUGE_PAGES, "4");
        swap("swapon");
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
        swap("swapoff");
    }

    /** Not there for all tests: each runtime that is opened would try it. */
    private static void swap(String program) throws Exception {
        Process process = new ProcessBuilder("/bin/busybox", program, "/dev/vdb")
                .inheritIO()
                .start();
        assertThat(process.waitFor()).isZero();
    }

    @Test
    void aHostThatHasThemIsSeenToLimitThem() {
        assertThat(runtime.facts().missing()).doesNotContainKeys("memory.swap", "hugetlb.2MB");
        assertThat(runtime.facts().capabilities()).contains("memory.swap", "hugetlb.2MB");
        assertThat(runtime.facts().swapBytes()).isGreaterThan(128 * MIB);
    }

    @Test
    void whoFitsIntoMemoryAndSwapTogetherLives() throws IOException {
        SandboxSpec spec = host.spec(Host.shell("echo up; " + HOLD), with(new Memory(16 * MIB, 64 * MIB)));
        Host.startAndAwaitOutput(runtime, spec, "up");
        Host.await("16 MiB in swap", () -> swapped(spec) >= 15 * MIB);
        assertThat(runtime.usage(spec.id()).memorySwapBytes()).isBetween(15 * MIB, 64 * MIB);
        assertThat(runtime.usage(spec.id()).memoryUsageBytes()).isLessThanOrEqualTo(16 * MIB);
        assertThat(runtime.usage(spec.id()).oomKills()).isZero();
        assertThat(runtime.status(spec.id()).phase()).isEqualTo(Phase.RUNNING);
    }

    private static long swapped(SandboxSpec spec) throws IOException {
        return number(spec, "memory.swap.current");
    }

    private static long number(SandboxSpec spec, String file) throws IOException {
        return Long.parseLong(
                Files.readString(host.group("memory", spec.id()).resolve(file)).strip());
    }

    @Test
    void whoGoesBeyondBothEndsAsAWhole() {
        assertEndsAsAWhole(new Memory(16 * MIB, 8 * MIB));
    }

    @Test
    void whoMayNotSwapEndsAtItsMemory() {
        assertEndsAsAWhole(new Memory(16 * MIB, 0));
    }

    private static void assertEndsAsAWhole(Memory memory) {
        SandboxSpec spec = host.spec(Host.shell("sleep 1000 & " + HOLD + " & wait; sleep 1000"), with(memory));
        runtime.create(spec);
        runtime.start(spec.id());
        ExitRecord exit = runtime.awaitExit(spec.id(), Host.PATIENCE).orElseThrow();
        assertThat(exit.oomKilled()).isTrue();
        assertThat(exit.oomFromAbove()).isFalse();
        assertThat(exit.signal()).isEqualTo(9);
        Host.await("the last of it", () -> runtime.usage(spec.id()).pids() == 0);
    }

    @Test
    void aSliceBoundsTheSwapOfAllThatIsInIt() {
        runtime.limitOwner(Host.ALICE, with(new Memory(64 * MIB, 8 * MIB)));
        assertEndsAsAWhole(new Memory(16 * MIB, 64 * MIB));
    }

    /** The slice goes on counting it until the last of the removed group is gone. */
    @Test
    void whatASandboxHasLeftInSwapIsNotInTheWayOfItsSlice() throws IOException {
        runtime.limitOwner(Host.ALICE, with(new Memory(64 * MIB, 64 * MIB)));
        SandboxSpec spec = host.spec(Host.shell("echo up; " + HOLD), with(new Memory(16 * MIB, 64 * MIB)));
        Host.startAndAwaitOutput(runtime, spec, "up");
        Host.await("16 MiB in swap", () -> swapped(spec) >= 15 * MIB);
        runtime.delete(spec.id());
        runtime.limitOwner(Host.ALICE, with(new Memory(64 * MIB, 0)));
        SandboxSpec next = host.spec(Host.shell("echo next; sleep 1000"), with(new Memory(16 * MIB, 0)));
        Host.startAndAwaitOutput(runtime, next, "next");
    }

    @Test
    void swapComesAndGoesWhileAProgramRuns() throws IOException {
        SandboxSpec spec = host.spec(
                Host.shell("trap : TERM; echo up; sleep 1000 & wait; " + HOLD), with(new Memory(16 * MIB, 0)));
        Host.startAndAwaitOutput(runtime, spec, "up");
        runtime.updateLimits(spec.id(), with(new Memory(16 * MIB, 20 * MIB)));
        runtime.signal(spec.id(), 15);
        Host.await("16 MiB in swap", () -> swapped(spec) >= 15 * MIB);

        assertThatExceptionOfType(SandboxException.class)
                .isThrownBy(() -> runtime.updateLimits(spec.id(), with(new Memory(16 * MIB, 4 * MIB))))
                .withMessageContaining("set memory.swapMaxBytes")
                .withMessageContaining("bytes are swapped out");
        assertThat(number(spec, "memory.swap.max")).isEqualTo(20 * MIB);

        runtime.updateLimits(spec.id(), with(new Memory(8 * MIB, 40 * MIB)));
        assertThat(number(spec, "memory.current")).isLessThanOrEqualTo(8 * MIB);
        assertThat(swapped(spec)).isGreaterThan(20 * MIB);
        runtime.updateLimits(spec.id(), with(new Memory(8 * MIB, 32 * MIB)));
        assertThat(number(spec, "memory.swap.max")).isEqualTo(32 * MIB);
        assertThat(runtime.status(spec.id()).phase()).isEqualTo(Phase.RUNNING);
    }

    private static Limits with(Memory memory) {
        return new Limits(Cpu.UNLIMITED, memory, 64L, List.of(), List.of());
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
        return new Limits(Cpu.UNLIMITED, Memory.UNLIMITED, 64L, List.of(), List.of(pages));
    }
}
