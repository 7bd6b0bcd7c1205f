package dev.landlord.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.runtime.ExitRecord;
import dev.landlord.runtime.Limits;
import dev.landlord.runtime.ProcessSpec;
import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.SandboxException.Kind;
import dev.landlord.runtime.SandboxRuntime;
import dev.landlord.runtime.SandboxSpec;
import dev.landlord.runtime.SandboxStatus;
import dev.landlord.runtime.SandboxStatus.Phase;
import dev.landlord.runtime.linux.Linux;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A host without pids or memory, with processes that do not die, with pids that come back, and with a storm of restarts. */
@Tag("root")
class HostFaultRootIT {
    private static final int EAGAIN = 11;
    private static final int ENOMEM = 12;
    private static final int STORM = 1000;

    @TempDir
    private Path scratch;

    private Host host;
    private SandboxRuntime runtime;

    @BeforeEach
    void open() throws IOException {
        host = new Host(scratch);
        runtime = host.open();
    }

    @AfterEach
    void leavesNothingOnTheHost() throws IOException {
        host.takeDown(runtime);
    }

    @Test
    @Tag("cgroup2")
    void withoutPidsNothingStartsAndWhatRunsGoesOn() throws Exception {
        SandboxSpec spec = running("echo up; sleep 1000");
        Set<String> before = host.leftovers();
        int refused = 0;
        try (PidsGroup group = PidsGroup.aroundThisProcess()) {
            // None for the supervisor, then one, and so none for its child; this process itself may end a thread
            // meanwhile.
            for (int room = 0; room <= 2; room++) {
                group.leaveRoomFor(room);
                refused += isRefusedForWantOfPids() ? 1 : 0;
            }
        }
        assertThat(refused).isGreaterThanOrEqualTo(1);
        assertThat(host.leftovers()).isEqualTo(before);
        assertThat(runtime.status(spec.id()).phase()).isEqualTo(Phase.RUNNING);
        assertThat(isRefusedForWantOfPids()).isFalse();
    }

    private boolean isRefusedForWantOfPids() {
        SandboxSpec spec = host.spec(Host.NO_PROCESS);
        try {
            runtime.create(spec);
            runtime.delete(spec.id());
            return false;
        } catch (SandboxException e) {
            assertThat(e.kind()).as(e.getMessage()).isEqualTo(Kind.EXHAUSTED);
            assertThat(e.errno()).isEqualTo(EAGAIN);
            assertThat(e.operation()).isIn("launch", "clone");
            return true;
        }
    }

    /** The less there is, the earlier it fails: first its group cannot be made, then its processes are killed. */
    @Test
    @Tag("cgroup2")
    void withoutMemoryNothingStartsAndWhatRunsGoesOn() throws IOException {
        SandboxSpec neighbour = running("echo up; sleep 1000");
        runtime.limitOwner(Host.BOB, Limits.NONE);
        Set<String> before = host.leftovers();
        int refused = 0;
        for (long bytes = 4096; bytes <= 1 << 20; bytes *= 2) {
            runtime.limitOwner(Host.BOB, new Limits(100, null, bytes, null, null, List.of()));
            refused += isRefusedForWantOfMemory() ? 1 : 0;
            assertThat(host.leftovers()).isEqualTo(before);
        }
        assertThat(refused).isGreaterThanOrEqualTo(2);
        assertThat(runtime.status(neighbour.id()).phase()).isEqualTo(Phase.RUNNING);

        runtime.limitOwner(Host.BOB, Limits.NONE);
        assertThat(isRefusedForWantOfMemory()).isFalse();
        runtime.forgetOwner(Host.BOB);
    }

    private boolean isRefusedForWantOfMemory() {
        SandboxSpec spec = host.specOf(Host.BOB, Host.NO_PROCESS);
        try {
            runtime.create(spec);
            runtime.delete(spec.id());
            return false;
        } catch (SandboxException e) {
            assertThat(e.kind()).as(e.toString()).isEqualTo(Kind.EXHAUSTED);
            assertThat(e.errno()).isEqualTo(ENOMEM);
            assertThat(e).hasMessageContaining(spec.id().value());
            return true;
        }
    }

    /**
     * Frozen by somebody else with version 1, a process ignores even SIGKILL; so does one that waits for a dead disk. Version 2
     * has no such thing to try it with: there the killed leave the freezer.
     */
    @Test
    void whatDoesNotDieIsNamedAndHoldsUpNobodyElse() throws Exception {
        SandboxSpec spec =
                host.spec(new ProcessSpec(List.of("sleep", "1000"), Map.of("PATH", "/bin"), "/", 0, 0, List.of()));
        runtime.create(spec);
        runtime.start(spec.id());
        SandboxStatus status = runtime.status(spec.id());
        Path freezer = Path.of(
                "/sys/fs/cgroup/freezer",
                host.config.cgroupRoot(),
                "alice",
                spec.id().value(),
                "freezer.state");
        Files.writeString(freezer, "FROZEN");
        try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
            Future<?> deletion = threads.submit(() -> runtime.delete(spec.id()));
            for (int i = 0; i < 5; i++) {
                assertThat(host.run(runtime, host.spec(Host.shell("exit 3")))
                                .exit()
                                .exitCode())
                        .isEqualTo(3);
            }
            assertThat(deletion.isDone()).as("nobody has waited for it").isFalse();
            assertThat(deletion)
                    .failsWithin(Host.PATIENCE)
                    .withThrowableThat()
                    .havingCause()
                    .isInstanceOfSatisfying(
                            SandboxException.class, e -> assertThat(e.kind()).isEqualTo(Kind.TIMEOUT))
                    .withMessageContaining("kill " + spec.id())
                    .withMessageContaining(status.programPid() + " (")
                    .withMessageContaining(" (sleep)")
                    .withMessageContaining(" in state D at ");
        } finally {
            Files.writeString(freezer, "THAWED");
        }
        runtime.delete(spec.id());
        assertThat(runtime.list()).isEmpty();
    }

    /** What has the number of a dead supervisor or program is not taken for it, not signalled and not killed. */
    @Test
    void aPidThatCameBackIsAStranger() throws Exception {
        SandboxSpec spec = running("echo up; sleep 1000");
        SandboxStatus status = runtime.status(spec.id());
        runtime.close();
        ProcessHandle.of(status.supervisorPid()).orElseThrow().destroyForcibly();
        Linux.reap(status.supervisorPid());
        Host.await(
                "the end of the program", () -> !Files.exists(Path.of("/proc", Integer.toString(status.programPid()))));
        try (Stranger asSupervisor = Stranger.withPid(status.supervisorPid());
                Stranger asProgram = Stranger.withPid(status.programPid())) {
            runtime = host.open();
            runtime.adopt();
            assertThat(runtime.status(spec.id()).phase()).isEqualTo(Phase.LOST);
            runtime.signal(spec.id(), 9);
            ExitRecord exit = runtime.stop(spec.id(), Host.PATIENCE);
            assertThat(exit.signal()).isEqualTo(9);
            runtime.delete(spec.id());
            assertThat(asSupervisor.isAlive()).isTrue();
            assertThat(asProgram.isAlive()).isTrue();
        }
    }

    @Test
    void aThousandStartsThatEndAtOnceLeaveNothing() throws Exception {
        storm(20);
        long descriptors = count("/proc/self/fd");
        long threads = count("/proc/self/task");
        Set<String> before = host.leftovers();
        storm(STORM);
        assertThat(host.leftovers()).isEqualTo(before);
        assertThat(runtime.list()).isEmpty();
        assertThat(count("/proc/self/fd")).isLessThanOrEqualTo(descriptors + 8);
        assertThat(count("/proc/self/task")).isLessThanOrEqualTo(threads + 8);
    }

    private void storm(int starts) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            List<Future<?>> runs = new ArrayList<>();
            for (int i = 0; i < starts; i++) {
                runs.add(threads.submit(() -> host.run(runtime, host.spec(Host.NO_PROCESS))));
            }
            for (Future<?> run : runs) {
                run.get();
            }
        }
    }

    private static long count(String directory) throws IOException {
        try (var entries = Files.list(Path.of(directory))) {
            return entries.count();
        }
    }

    private SandboxSpec running(String script) {
        SandboxSpec spec = host.spec(Host.shell(script));
        Host.startAndAwaitOutput(runtime, spec, "up");
        return spec;
    }
}
