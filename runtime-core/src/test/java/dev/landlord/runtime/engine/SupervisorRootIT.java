package dev.landlord.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landlord.runtime.SandboxRuntime;
import dev.landlord.runtime.SandboxSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a supervisor may do once its sandbox runs, what it costs the host, and that no tenant gets at it. */
@Tag("root")
class SupervisorRootIT {
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
    void itKeepsOneCapabilityAndSeesItsOwnDirectoryAlone() throws IOException {
        SandboxSpec spec = running("echo up; sleep 1000");
        assertThat(statusOf(supervisor(spec)))
                .contains("CapPrm:\t0000000000000020", "CapEff:\t0000000000000020", "NoNewPrivs:\t1");
        assertThat(Files.readSymbolicLink(proc(spec, "root")))
                .isEqualTo(host.config
                        .stateDirectory()
                        .resolve("sandboxes")
                        .resolve(spec.id().value()));
    }

    /** It moves behind the start, when it has nothing but the right to signal: that must be enough. */
    @Test
    void itLeavesTheGroupOfWhoStartedIt() throws IOException {
        SandboxSpec spec = running("echo up; sleep 1000");
        host.awaitSupervisorInItsGroup(supervisor(spec));
    }

    @Test
    void itIsSmall() throws IOException {
        SandboxSpec spec = running("echo up; sleep 1000");
        assertThat(Host.kibibytes(statusOf(supervisor(spec)), "VmRSS")).isLessThan(1024);
    }

    /**
     * All of its life under a tracer: rotation of output, a stop that interrupts its wait, a runtime that goes and another
     * that comes, freezing, an end out of memory and its record on the disk.
     */
    @Test
    void nothingThatItDoesIsRefused() throws Exception {
        String bomb =
                "trap : TERM; seq 1 20000 >&2; echo up; sleep 1000 & wait; seq 1 9000; tail /dev/zero; sleep 1000";
        SandboxSpec spec = confined(bomb);
        int supervisor = supervisor(spec);
        try (Strace trace = Strace.attach(supervisor, scratch.resolve("trace"))) {
            signal(supervisor, "STOP");
            Host.await("the stop", () -> statusOf(supervisor).contains("State:\tt"));
            signal(supervisor, "CONT");
            runtime.close();
            runtime = host.open();
            runtime.adopt();
            runtime.freeze(spec.id());
            runtime.thaw(spec.id());
            runtime.signal(spec.id(), 15);
            assertThat(runtime.awaitExit(spec.id(), Host.PATIENCE).orElseThrow().oomKilled())
                    .isTrue();
            List<String> calls = trace.awaitEnd();
            assertThat(calls).noneMatch(line -> line.contains("EPERM") || line.contains("SIGSYS"));
            assertThat(names(calls))
                    .contains("poll", "read", "write", "openat", "unlinkat", "wait4", "pwrite64", "fsync", "renameat")
                    .contains("pread64", "pidfd_send_signal");
        }
    }

    @Test
    void noTenantReachesTheHelper() throws IOException {
        String script =
                "cat /proc/1/exe > /dev/null; echo $?; echo x > /proc/1/exe; echo $?; cat /proc/1/maps; echo $?;"
                        + " ls /proc/1/fd; echo $?; kill -9 1; echo still here";
        Host.Outcome outcome = host.run(runtime, host.spec(Host.shell(script)));
        assertThat(outcome.out()).isEqualTo("1\n1\n1\n1\nstill here\n");
        assertThat(outcome.err().lines()).hasSize(4).allMatch(line -> line.contains("Permission denied"));
    }

    /** Not even root of the host: its memory is sealed, and the same for all supervisors. */
    @Test
    void nobodyChangesTheHelper() throws IOException {
        SandboxSpec spec = running("echo up; sleep 1000");
        assertThatThrownBy(() -> Files.write(proc(spec, "exe"), new byte[] {1})).hasMessageContaining("Text file busy");
        runtime.delete(spec.id());
        Path memory = helperMemory();
        byte[] before = Files.readAllBytes(memory);
        assertThatThrownBy(() -> Files.newOutputStream(memory).close()).hasMessageContaining("Operation not permitted");
        assertThatThrownBy(() -> Files.newByteChannel(memory, java.nio.file.StandardOpenOption.WRITE)
                        .write(java.nio.ByteBuffer.wrap(new byte[] {1})))
                .hasMessageContaining("Operation not permitted");
        assertThat(Files.readAllBytes(memory)).isEqualTo(before).startsWith(0x7f, 'E', 'L', 'F');
    }

    private static Path helperMemory() throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors
                    .filter(descriptor -> target(descriptor).startsWith("/memfd:landlord-init"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            return ""; // closed while we looked
        }
    }

    private SandboxSpec running(String script) {
        SandboxSpec spec = host.spec(Host.shell(script));
        Host.startAndAwaitOutput(runtime, spec, "up");
        return spec;
    }

    /** Running, and its supervisor has settled. */
    private SandboxSpec confined(String script) {
        SandboxSpec spec = running(script);
        Host.await("the filter", () -> statusOf(supervisor(spec)).contains("Seccomp:\t2"));
        return spec;
    }

    private int supervisor(SandboxSpec spec) {
        return runtime.status(spec.id()).supervisorPid();
    }

    private Path proc(SandboxSpec spec, String file) {
        return Path.of("/proc", Integer.toString(supervisor(spec)), file);
    }

    private static String statusOf(int pid) throws IOException {
        return Files.readString(Path.of("/proc", Integer.toString(pid), "status"));
    }

    private static void signal(int pid, String name) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, Integer.toString(pid))
                        .start()
                        .waitFor())
                .isZero();
    }

    private static Set<String> names(List<String> calls) {
        Pattern name = Pattern.compile("^([a-z0-9_]+)\\(");
        Set<String> names = new TreeSet<>();
        for (String call : calls) {
            Matcher matcher = name.matcher(call);
            if (matcher.find()) {
                names.add(matcher.group(1));
            }
        }
        return names;
    }
}
