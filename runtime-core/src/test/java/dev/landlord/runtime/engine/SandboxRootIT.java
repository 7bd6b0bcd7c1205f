package dev.landlord.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landlord.runtime.ExitRecord;
import dev.landlord.runtime.Isolation;
import dev.landlord.runtime.Limits;
import dev.landlord.runtime.LogPage;
import dev.landlord.runtime.OwnerId;
import dev.landlord.runtime.ProcessSpec;
import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.SandboxException.Kind;
import dev.landlord.runtime.SandboxId;
import dev.landlord.runtime.SandboxRuntime;
import dev.landlord.runtime.SandboxSpec;
import dev.landlord.runtime.SandboxStatus.Phase;
import dev.landlord.runtime.cgroup.Cgroups;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The life of a sandbox: how it starts, ends, is limited, and what is left of it. */
@Tag("root")
@Tag("cgroup2")
class SandboxRootIT {
    @TempDir
    private static Path scratch;

    private static Host host;
    private static SandboxRuntime runtime;

    /** Once: a runtime that opens tries out what the host can, and that takes longer than most of these tests. */
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

    @Test
    void runsAProgramAndTellsHowItEnded() {
        Host.Outcome outcome = host.run(runtime, host.spec(Host.shell("echo $GREETING; echo oops >&2; exit 3")));
        assertThat(outcome.out()).isEqualTo("hello\n");
        assertThat(outcome.err()).isEqualTo("oops\n");
        assertThat(outcome.exit().exitCode()).isEqualTo(3);
        assertThat(outcome.exit().signal()).isZero();
    }

    @Test
    void startsInItsGroupsWithItsLimits() {
        SandboxSpec spec = host.spec(Host.shell("cat /proc/self/cgroup; exit 4"));
        runtime.create(spec);
        host.shownLimits(spec.id())
                .forEach((file, text) -> assertThat(file).content().isEqualTo(text + "\n"));
        runtime.start(spec.id());
        assertThat(runtime.awaitExit(spec.id(), Host.PATIENCE).orElseThrow().exitCode())
                .isEqualTo(4);
        assertThat(Host.output(runtime, spec.id(), LogPage.Stream.STDOUT).lines())
                .isNotEmpty()
                .allMatch(line -> line.endsWith(":/"));
    }

    @Test
    void aCodeAbove128IsNotTakenForASignal() {
        ExitRecord byCode = host.run(runtime, host.spec(Host.shell("exit 137"))).exit();
        ExitRecord bySignal =
                host.run(runtime, host.spec(Host.shell("kill -9 $$"))).exit();
        assertThat(byCode.exitCode()).isEqualTo(137);
        assertThat(byCode.signal()).isZero();
        assertThat(bySignal.exitCode()).isEqualTo(137);
        assertThat(bySignal.signal()).isEqualTo(9);
    }

    @Test
    void withoutInitTheProgramItselfIsPid1() {
        SandboxSpec spec = host.spec(Host.shell("echo $$"), Host.LIMITS, false, Isolation.FULL);
        assertThat(host.run(runtime, spec).out()).isEqualTo("1\n");
    }

    /**
     * Twice-forked processes whose parents have gone; a dead one that nobody reaps counts against the limit of 64. The shell
     * counts by itself: {@code ls} complains of each that goes between the listing and the look at it.
     */
    @Test
    void orphansAreReaped() {
        String orphans = "for round in $(seq 1 20); do for i in $(seq 1 25); do (true & true); done;"
                + " while set -- /proc/[0-9]*; [ $# -gt 3 ]; do sleep 0.01; done; done; echo up; sleep 1000";
        SandboxSpec spec = host.spec(Host.shell(orphans));
        Host.startAndAwaitOutput(runtime, spec, "up");
        assertThat(Host.output(runtime, spec.id(), LogPage.Stream.STDERR)).isEmpty();
        Host.await("the last ones", () -> runtime.usage(spec.id()).pids() <= 3);
    }

    @Test
    void aCommandThatIsNotInTheImageIsNamed() {
        SandboxSpec spec = host.spec(new ProcessSpec(List.of("nosuch"), Map.of("PATH", "/bin"), "/", 0, 0, List.of()));
        runtime.create(spec);
        assertThatThrownBy(() -> runtime.start(spec.id())).isInstanceOfSatisfying(SandboxException.class, e -> {
            assertThat(e.kind()).isEqualTo(Kind.INVALID);
            assertThat(e).hasMessage("exec nosuch: No such file or directory");
        });
        assertThat(runtime.status(spec.id()).phase()).isEqualTo(Phase.EXITED);
    }

    @Test
    void aWorkdirThatIsNotThereLeavesNothing() {
        SandboxSpec spec = host.spec(new ProcessSpec(List.of("true"), Map.of(), "/no/where", 0, 0, List.of()));
        assertThatThrownBy(() -> runtime.create(spec))
                .isInstanceOfSatisfying(
                        SandboxException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INVALID))
                .hasMessageContaining("enter workdir /no/where: No such file or directory");
        assertThat(runtime.list()).isEmpty();
    }

    @Test
    void anImageThatIsNotThereIsNamed() {
        SandboxSpec good = host.spec(Host.NO_PROCESS);
        SandboxSpec spec = new SandboxSpec(
                good.id(),
                good.owner(),
                good.ids(),
                Path.of("/no/image"),
                good.process(),
                "h",
                good.limits(),
                4096,
                16,
                4096,
                true,
                good.logs(),
                Isolation.FULL,
                null,
                null);
        assertThatThrownBy(() -> runtime.create(spec))
                .hasMessageContaining("create /no/image: no such image directory");
    }

    @Test
    void anIdIsUsedOnce() {
        SandboxSpec spec = host.spec(Host.shell("sleep 100"));
        runtime.create(spec);
        assertThatThrownBy(() -> runtime.create(spec))
                .isInstanceOfSatisfying(
                        SandboxException.class, e -> assertThat(e.kind()).isEqualTo(Kind.ALREADY_EXISTS));
        assertThat(runtime.start(spec.id()).phase()).isEqualTo(Phase.RUNNING);
    }

    @Test
    void stopAsksFirst() {
        SandboxSpec spec = host.spec(Host.shell("trap 'echo bye; exit 7' TERM; echo up; while :; do sleep 0.05; done"));
        Host.startAndAwaitOutput(runtime, spec, "up");
        assertThat(runtime.stop(spec.id(), Host.PATIENCE).exitCode()).isEqualTo(7);
        assertThat(Host.output(runtime, spec.id(), LogPage.Stream.STDOUT)).isEqualTo("up\nbye\n");
    }

    @Test
    void stopKillsWhatDoesNotListenEvenFrozen() {
        SandboxSpec spec = host.spec(Host.shell("trap '' TERM; echo up; while :; do sleep 0.05; done"));
        Host.startAndAwaitOutput(runtime, spec, "up");
        runtime.freeze(spec.id());
        assertThat(runtime.status(spec.id()).phase()).isEqualTo(Phase.FROZEN);
        assertThat(runtime.stop(spec.id(), Duration.ofMillis(100)).signal()).isEqualTo(9);
    }

    @Test
    void aFrozenOwnerUsesNoProcessorUntilThawed() throws InterruptedException {
        SandboxSpec spec = host.spec(Host.shell("echo up; while :; do :; done"));
        Host.startAndAwaitOutput(runtime, spec, "up");
        runtime.freezeOwner(Host.ALICE);
        long before = settledCpu(spec);
        Thread.sleep(300);
        assertThat(cpu(spec)).isEqualTo(before);
        runtime.thawOwner(Host.ALICE);
        long deadline = System.nanoTime() + Host.PATIENCE.toNanos();
        while (cpu(spec) == before && System.nanoTime() < deadline) {
            Thread.sleep(10);
        }
        assertThat(cpu(spec)).isGreaterThan(before);
    }

    /** A process counts as frozen a few instructions before it has left the processor. */
    private long settledCpu(SandboxSpec spec) throws InterruptedException {
        long deadline = System.nanoTime() + Host.PATIENCE.toNanos();
        while (true) {
            long before = cpu(spec);
            Thread.sleep(100);
            if (cpu(spec) == before) {
                return before;
            }
            assertThat(System.nanoTime())
                    .as("waiting for a processor to be left")
                    .isLessThan(deadline);
        }
    }

    private long cpu(SandboxSpec spec) {
        return runtime.usage(spec.id()).cpuUsageNanos();
    }

    @Test
    void memoryEndsOnlyTheSandboxThatWantsTooMuch() {
        SandboxSpec neighbour = host.spec(Host.shell("echo up; sleep 1000"));
        Host.startAndAwaitOutput(runtime, neighbour, "up");
        Limits small = new Limits(100, null, 16L << 20, 32L, null, List.of());
        Host.Outcome outcome = host.run(runtime, host.spec(Host.shell("tail /dev/zero; sleep 1000"), small));
        assertThat(outcome.exit().oomKilled()).isTrue();
        assertThat(outcome.exit().signal()).isEqualTo(9);
        assertThat(runtime.status(neighbour.id()).phase()).isEqualTo(Phase.RUNNING);
    }

    @Test
    void processesAreBounded() {
        Limits few = new Limits(100, null, 64L << 20, 8L, null, List.of());
        String bomb = "for i in $(seq 1 30); do sleep 100 & done; wait";
        Host.Outcome outcome = host.run(runtime, host.spec(Host.shell(bomb), few));
        assertThat(outcome.err()).contains("can't fork");
    }

    @Test
    void theWritableLayerIsBounded() {
        String fill = "dd if=/dev/zero of=/big bs=1M count=64 2>&1 | grep -o 'No space left on device'; wc -c < /big";
        Host.Outcome outcome = host.run(runtime, host.spec(Host.shell(fill)));
        assertThat(outcome.out()).startsWith("No space left on device\n");
        assertThat(Long.parseLong(
                        outcome.out().lines().skip(1).findFirst().orElseThrow().strip()))
                .isLessThanOrEqualTo(4 << 20);
        String files = "i=0; while touch /f$i 2>/dev/null; do i=$((i+1)); [ $i -lt 1000 ] || break; done; echo $i";
        assertThat(Integer.parseInt(
                        host.run(runtime, host.spec(Host.shell(files))).out().strip()))
                .isLessThan(256);
    }

    @Test
    void limitsChangeWhileItRuns() {
        SandboxSpec spec = host.spec(Host.shell("echo up; sleep 1000"));
        Host.startAndAwaitOutput(runtime, spec, "up");
        runtime.updateLimits(spec.id(), new Limits(200, 500L, 32L << 20, 16L, null, List.of()));
        assertThat(runtime.usage(spec.id()).memoryMaxBytes()).isEqualTo(32L << 20);
        assertThat(runtime.status(spec.id()).phase()).isEqualTo(Phase.RUNNING);
    }

    @Test
    void outputIsKeptInBoundedFilesWithTrueOffsets() {
        SandboxSpec spec = host.spec(Host.shell("seq 1 10000; echo the-end"));
        runtime.create(spec);
        runtime.start(spec.id());
        assertThat(runtime.awaitExit(spec.id(), Host.PATIENCE)).isPresent();
        LogPage oldest = runtime.logs(spec.id(), LogPage.Stream.STDOUT, 0, 100);
        assertThat(oldest.offset()).isGreaterThan(0);
        LogPage last = runtime.logs(spec.id(), LogPage.Stream.STDOUT, 48_894, 100);
        assertThat(new String(last.bytes(), java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo("the-end\n");
    }

    /** The test's policy is 1 MiB per second; a second's worth may come at once, and pipes hold a little. */
    @Test
    void whoWritesFasterThanIsKeptHasToWait() {
        SandboxSpec spec = host.spec(Host.shell("head -c 4194304 /dev/zero; exit 3"));
        runtime.create(spec);
        long startedAt = runtime.start(spec.id()).startedAtEpochMillis();
        ExitRecord exit = runtime.awaitExit(spec.id(), Host.PATIENCE).orElseThrow();
        assertThat(exit.exitCode()).isEqualTo(3);
        assertThat(exit.endedAtEpochMillis() - startedAt).isGreaterThan(2000);
        LogPage last = runtime.logs(spec.id(), LogPage.Stream.STDOUT, 4_194_303, 100);
        assertThat(last.nextOffset()).as("nothing was lost").isEqualTo(4_194_304);
    }

    /** Else the check behind each of these tests could not fail. */
    @Test
    void whatASandboxHasOnTheHostIsSeen() throws IOException {
        SandboxSpec spec = host.spec(Host.NO_PROCESS);
        runtime.create(spec);
        assertThat(host.leftovers())
                .anyMatch(found -> found.startsWith("group ") && found.endsWith("/" + spec.id()))
                .anyMatch(found -> found.startsWith("directory ") && found.endsWith("/" + spec.id()))
                .contains("process " + runtime.status(spec.id()).supervisorPid());
    }

    @Test
    void aSecondRuntimeFindsWhatTheFirstOneLeft() {
        SandboxSpec running = host.spec(Host.shell("echo up; sleep 1000"));
        Host.startAndAwaitOutput(runtime, running, "up");
        int program = runtime.status(running.id()).programPid();
        SandboxSpec ended = host.spec(Host.shell("exit 5"));
        runtime.create(ended);
        runtime.start(ended.id());
        assertThat(runtime.awaitExit(ended.id(), Host.PATIENCE)).isPresent();
        SandboxSpec parked = host.spec(Host.shell("true"));
        runtime.create(parked);

        runtime.close();
        runtime = host.open();
        runtime.adopt();
        assertThat(runtime.status(running.id()).phase()).isEqualTo(Phase.RUNNING);
        assertThat(runtime.status(running.id()).programPid()).isEqualTo(program);
        assertThat(runtime.awaitExit(ended.id(), Duration.ZERO).orElseThrow().exitCode())
                .isEqualTo(5);
        runtime.signal(running.id(), 15);
        assertThat(runtime.awaitExit(running.id(), Host.PATIENCE).orElseThrow().signal())
                .isEqualTo(15);
        assertThatThrownBy(() -> runtime.status(parked.id())).hasMessageContaining("no such sandbox");
    }

    @Test
    void whatACrashTornOnTheDiskDoesNotKeepTheRestFromBeingFound() throws IOException {
        SandboxSpec running = host.spec(Host.shell("echo up; sleep 1000"));
        Host.startAndAwaitOutput(runtime, running, "up");
        runtime.close();
        Path sandboxes = host.config.stateDirectory().resolve("sandboxes");
        Path torn = Files.createDirectory(sandboxes.resolve("torn"));
        Files.writeString(torn.resolve("run"), "1 77 78 17000000000x0 alice FULL\n");
        Path stranger = Files.createDirectory(sandboxes.resolve("lost+found"));
        try {
            runtime = host.open();
            assertThat(runtime.adopt())
                    .singleElement()
                    .satisfies(found -> assertThat(found.phase()).isEqualTo(Phase.RUNNING));
            assertThat(torn).doesNotExist();
        } finally {
            Files.delete(stranger);
        }
    }

    @Test
    void frozenByItselfAndByItsOwnerItIsFrozenUntilBothLetGo() {
        SandboxSpec spec = host.spec(Host.shell("echo up; sleep 1000"));
        Host.startAndAwaitOutput(runtime, spec, "up");
        runtime.freeze(spec.id());
        runtime.freezeOwner(Host.ALICE);
        runtime.thawOwner(Host.ALICE);
        assertThat(runtime.status(spec.id()).phase()).isEqualTo(Phase.FROZEN);
        runtime.freezeOwner(Host.ALICE);
        runtime.close();
        runtime = host.open();
        runtime.adopt();
        runtime.thaw(spec.id());
        assertThat(runtime.status(spec.id()).phase())
                .as("adopted, and its owner still frozen")
                .isEqualTo(Phase.FROZEN);
        runtime.thawOwner(Host.ALICE);
        assertThat(runtime.status(spec.id()).phase()).isEqualTo(Phase.RUNNING);
    }

    @Test
    void anAgentThatDiedInItsTrialIsCleanedUpAfter() throws IOException {
        runtime.close();
        String name = "host-trial-" + ProcessHandle.current().pid();
        Files.createDirectory(host.config.stateDirectory().resolve("sandboxes").resolve(name));
        Cgroups.open(host.config).create(new OwnerId("host-trial"), new SandboxId(name), Limits.NONE);
        runtime = host.open();
        assertThat(runtime.facts().missing()).doesNotContainKeys("userns", "overlay.idmap", "seccomp");
    }

    @Test
    void aKilledSupervisorTakesItsProgramWithIt() {
        SandboxSpec spec = host.spec(Host.shell("echo up; sleep 1000"));
        Host.startAndAwaitOutput(runtime, spec, "up");
        ProcessHandle supervisor =
                ProcessHandle.of(runtime.status(spec.id()).supervisorPid()).orElseThrow();
        ProcessHandle program =
                ProcessHandle.of(runtime.status(spec.id()).programPid()).orElseThrow();
        assertThat(supervisor.destroyForcibly()).isTrue();
        assertThat(runtime.awaitExit(spec.id(), Host.PATIENCE)).isPresent();
        assertThat(runtime.status(spec.id()).phase()).isEqualTo(Phase.LOST);
        assertThat(program.onExit()).succeedsWithin(Host.PATIENCE);
    }
}
