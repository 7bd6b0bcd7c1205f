package dev.landlord.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.landlord.runtime.Console;
import dev.landlord.runtime.ExecSpec;
import dev.landlord.runtime.ExitRecord;
import dev.landlord.runtime.Limits;
import dev.landlord.runtime.Limits.Cpu;
import dev.landlord.runtime.Limits.IoLimit;
import dev.landlord.runtime.LogPage;
import dev.landlord.runtime.ProcessSpec;
import dev.landlord.runtime.Rlimit;
import dev.landlord.runtime.Rlimit.Resource;
import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.SandboxException.Kind;
import dev.landlord.runtime.SandboxRuntime;
import dev.landlord.runtime.SandboxSpec;
import dev.landlord.runtime.SandboxStatus.Phase;
import dev.landlord.runtime.TerminalSize;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a limit does to a real sandbox, and that one which would do nothing is refused. */
@Tag("root")
@Tag("cgroup2")
class LimitsRootIT {
    private static final Limits LITTLE = new Limits(100, null, 16L << 20, 32L, null, List.of());

    @TempDir
    private static Path scratch;

    private static Host host;
    private static SandboxRuntime runtime;

    @BeforeAll
    static void open() throws IOException {
        host = new Host(scratch);
        runtime = host.open();
    }

    @AfterEach
    void leavesNothingOnTheHost() throws IOException {
        host.clean(runtime);
    }

    @AfterAll
    static void takeDown() throws IOException {
        host.takeDown(runtime);
    }

    /** No disk of the hosts that this runs on weighs its users. */
    @Test
    void whatTheHostWasNotSeenToEnforceIsRefusedWithTheReason() throws IOException {
        String reason = Objects.requireNonNull(
                runtime.facts().missing().get("io.weight"), "this host weighs: try another limit");
        Limits weighed =
                new Limits(100, null, null, null, null, List.of(new IoLimit(8, 0, null, null, null, null, 200)));
        SandboxSpec refused = host.spec(Host.NO_PROCESS, weighed);
        assertRefused(
                Kind.UNSUPPORTED,
                "enforce io.weight in " + refused.id() + ": " + reason,
                () -> runtime.create(refused));
        assertThat(runtime.list()).isEmpty();
        assertThat(host.leftovers()).isEmpty();

        SandboxSpec running = running("sleep 1000", Host.LIMITS);
        assertRefused(
                Kind.UNSUPPORTED,
                "enforce io.weight in " + running.id() + ": " + reason,
                () -> runtime.updateLimits(running.id(), weighed));
        host.shownLimits(running.id())
                .forEach((file, text) -> assertThat(file).content().isEqualTo(text + "\n"));
    }

    /** The files that one program can have open at a time are counted by trying. */
    @Test
    void rlimitsAreOfTheProgramAndOfWhoJoinsItWhateverElseChanges() {
        String show = "ulimit -n; ulimit -Hn; ulimit -c; ulimit -f; busybox awk 'BEGIN { f = \"dev/null\";"
                + " for (n = 0; n < 200; n++) { f = \"/\" f; if ((getline x < f) < 0) break }; print n }'";
        String shown = "64\n128\n0\n2048\n61\n";
        SandboxSpec spec = host.spec(limited(
                show + "; sleep 1000",
                new Rlimit(Resource.NOFILE, 64, 128),
                new Rlimit(Resource.FSIZE, 1 << 20, Rlimit.UNLIMITED)));
        Host.startAndAwaitOutput(runtime, spec, shown);

        runtime.updateLimits(spec.id(), new Limits(100, 700L, 80L << 20, 70L, null, List.of()));
        try (Visitor visitor =
                new Visitor(runtime.exec(spec.id(), new ExecSpec(List.of("sh", "-c", show), Map.of(), false, null)))) {
            assertThat(visitor.awaitEnd().exitCode()).isZero();
            assertThat(visitor.out()).isEqualTo(shown);
        }
    }

    private static ProcessSpec limited(String script, Rlimit... rlimits) {
        return limited(0, script, rlimits);
    }

    private static ProcessSpec limited(int uid, String script, Rlimit... rlimits) {
        ProcessSpec plain = Host.shellAs(uid, script);
        return new ProcessSpec(plain.command(), plain.env(), "/", uid, uid, List.of(), Console.NONE, List.of(rlimits));
    }

    /** The least that tenants may ask for. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1000})
    void fewFilesAndProcessesAreEnoughForAProgramAndWhoJoinsIt(int uid) {
        SandboxSpec spec = host.spec(limited(
                uid,
                "echo up; exec sleep 1000",
                new Rlimit(Resource.NOFILE, 32, 32),
                new Rlimit(Resource.NPROC, 4, 4)));
        Host.startAndAwaitOutput(runtime, spec, "up");
        ExecSpec look =
                new ExecSpec(List.of("sh", "-c", "ulimit -n; exec id -u"), Map.of(), true, new TerminalSize(24, 80));
        try (Visitor visitor = new Visitor(runtime.exec(spec.id(), look))) {
            assertThat(visitor.awaitEnd().exitCode()).isZero();
            assertThat(visitor.out()).isEqualTo("32\r\n" + uid + "\r\n");
        }
    }

    /** Our init is the program's user too, whoever that is. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1000})
    void aProgramThatItsRlimitsDoNotLetStartSaysSo(int uid) {
        SandboxSpec two = host.spec(limited(uid, "echo up; exec sleep 1000", new Rlimit(Resource.NPROC, 2, 2)));
        Host.startAndAwaitOutput(runtime, two, "up");
        SandboxSpec one = host.spec(limited(uid, "echo up; exec sleep 1000", new Rlimit(Resource.NPROC, 1, 1)));
        assertThatExceptionOfType(SandboxException.class)
                .isThrownBy(() -> {
                    runtime.create(one);
                    runtime.start(one.id());
                })
                .withMessage("exec fork: Resource temporarily unavailable");
    }

    @Test
    void moreProcessesReachARunningProgram() {
        SandboxSpec spec = host.spec(
                Host.shell("trap go=1 TERM; echo up; while [ -z \"$go\" ]; do sleep 0.1; done;"
                        + " for n in $(seq 60); do sleep 1000 & done; wait"),
                new Limits(100, null, 64L << 20, 32L, null, List.of()));
        Host.startAndAwaitOutput(runtime, spec, "up");
        runtime.updateLimits(spec.id(), new Limits(100, null, 64L << 20, 128L, null, List.of()));
        runtime.signal(spec.id(), 15);
        Host.await("60 more", () -> runtime.usage(spec.id()).pids() > 60);
    }

    private static void assertRefused(Kind kind, String message, ThrowingCallable call) {
        assertThatExceptionOfType(SandboxException.class)
                .isThrownBy(call)
                .withMessage(message)
                .satisfies(e -> assertThat(e.kind()).isEqualTo(kind));
    }

    @Test
    void whoOnlySleepsGoesWithWhoTookTheMemory() throws IOException {
        assertThat(runtime.facts().capabilities()).contains("memory.oom.group");
        SandboxSpec spec = running("sleep 1000 & (tail /dev/zero) & wait; sleep 1000", LITTLE);
        ExitRecord exit = runtime.awaitExit(spec.id(), Host.PATIENCE).orElseThrow();
        assertThat(exit.oomKilled()).isTrue();
        assertThat(exit.oomFromAbove()).isFalse();
        assertThat(exit.signal()).isEqualTo(9);
        Host.await("the last of it", () -> runtime.usage(spec.id()).pids() == 0);
    }

    /** The supervisor is on its own then, as is the kernel on version 2; what it recorded is found later. */
    @Test
    void aSandboxOutOfMemoryGoesAsAWholeWithoutARuntime() throws IOException {
        SandboxSpec spec = running("trap : TERM; sleep 1000 & wait; (tail /dev/zero) & wait; sleep 1000", LITTLE);
        ProcessHandle supervisor =
                ProcessHandle.of(runtime.status(spec.id()).supervisorPid()).orElseThrow();
        runtime.signal(spec.id(), 15);
        runtime.close();
        assertThat(supervisor.onExit()).succeedsWithin(Host.PATIENCE);
        runtime = host.open();
        runtime.adopt();
        ExitRecord exit = runtime.awaitExit(spec.id(), Host.PATIENCE).orElseThrow();
        assertThat(exit.oomKilled()).isTrue();
        assertThat(exit.signal()).isEqualTo(9);
        assertThat(runtime.status(spec.id()).phase()).isEqualTo(Phase.EXITED);
    }

    /** All sandboxes of a slice are told when it is out of memory. */
    @Test
    void whoIsNotStruckInASliceWithoutMemoryRunsOn() throws IOException {
        runtime.limitOwner(Host.ALICE, new Limits(100, null, 32L << 20, null, null, List.of()));
        SandboxSpec neighbour = running("sleep 1000", Limits.NONE);
        SandboxSpec greedy = running("sleep 1000 & (tail /dev/zero) & wait; sleep 1000", Limits.NONE);
        ExitRecord exit = runtime.awaitExit(greedy.id(), Host.PATIENCE).orElseThrow();
        assertThat(exit.oomKilled()).isTrue();
        assertThat(exit.oomFromAbove()).as("its slice's").isFalse();
        assertThat(exit.signal()).isEqualTo(9);
        assertThat(runtime.awaitExit(neighbour.id(), Duration.ofSeconds(5)))
                .as("longer than its supervisor looks for a reason")
                .isEmpty();
    }

    /** As on a host that is out of memory, which no test may bring about: the group above all slices has too little. */
    @Test
    void whoIsStruckWithinItsOwnLimitsIsKnown() throws IOException {
        boolean v2 = host.hasVersion2Alone();
        Limits enough = new Limits(100, null, 512L << 20, 32L, null, List.of());
        SandboxSpec spec = running("trap : TERM; sleep 1000 & wait; (tail /dev/zero) & wait; sleep 1000", enough);
        Path all = Objects.requireNonNull(host.group("memory", spec.id()).getParent())
                .resolveSibling(v2 ? "memory.max" : "memory.limit_in_bytes");
        Files.writeString(all, Long.toString(64L << 20));
        try {
            runtime.signal(spec.id(), 15);
            ExitRecord exit = runtime.awaitExit(spec.id(), Host.PATIENCE).orElseThrow();
            assertThat(exit.oomKilled()).isTrue();
            assertThat(exit.oomFromAbove()).isTrue();
            assertThat(exit.signal()).isEqualTo(9);
        } finally {
            Files.writeString(all, v2 ? "max" : "-1");
        }
    }

    /** Rests, so that time is saved up, and then wants more than its cap. */
    @Test
    void onlyWhoMaySaveUpTimeUsesItLater() throws IOException {
        String script = "while :; do sleep 0.12; i=0; while [ $i -lt 9000 ]; do i=$((i+1)); done; done";
        SandboxSpec saver = running(script, withCpu(new Cpu(100, 100L, 10_000L, null)));
        SandboxSpec other = running(script, withCpu(new Cpu(100, 100L, null, null)));
        Host.await("a burst", () -> cpuStat(saver, "nr_bursts") > 0);
        Host.await("the cap", () -> cpuStat(other, "nr_throttled") > 2);
        assertThat(cpuStat(other, "nr_bursts")).isZero();
    }

    private static Limits withCpu(Cpu cpu) {
        return new Limits(cpu, Host.LIMITS.memory(), 64L, List.of(), List.of());
    }

    private static long cpuStat(SandboxSpec spec, String key) throws IOException {
        return Files.readAllLines(host.group("cpu", spec.id()).resolve("cpu.stat")).stream()
                .filter(line -> line.startsWith(key + " "))
                .mapToLong(line -> Long.parseLong(line.substring(key.length() + 1)))
                .findFirst()
                .orElseThrow();
    }

    /** A sandbox can make no device node, and opens none but ours, so a process of the host is put into its group. */
    @Test
    void theListOfDevicesHoldsForItsGroupAndDoesNotHinderIt() throws Exception {
        assertThat(runtime.facts().capabilities()).contains("devices");
        SandboxSpec spec = running(
                "for d in null zero full random urandom ptmx; do (: < /dev/$d) && echo $d; done; sleep 1000",
                Host.LIMITS);
        Host.await(
                "all devices",
                () -> Host.output(runtime, spec.id(), LogPage.Stream.STDOUT)
                        .equals("up\nnull\nzero\nfull\nrandom\nurandom\nptmx\n"));
        Process stranger = new ProcessBuilder(
                        "sh", "-c", "read go; (: < /dev/zero) && echo zero; (: < /dev/kmsg) && echo kmsg; echo end")
                .redirectErrorStream(true)
                .start();
        Files.writeString(host.group("devices", spec.id()).resolve("cgroup.procs"), Long.toString(stranger.pid()));
        stranger.getOutputStream().write('\n');
        stranger.getOutputStream().close();
        assertThat(new String(stranger.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .startsWith("zero\n")
                .contains("/dev/kmsg: Operation not permitted\nend\n");
    }

    private static SandboxSpec running(String script, Limits limits) {
        SandboxSpec spec = host.spec(Host.shell("echo up; " + script), limits);
        Host.startAndAwaitOutput(runtime, spec, "up");
        return spec;
    }
}
