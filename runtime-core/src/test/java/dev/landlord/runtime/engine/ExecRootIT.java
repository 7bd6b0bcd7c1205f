package dev.landlord.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landlord.runtime.ExecSpec;
import dev.landlord.runtime.Isolation;
import dev.landlord.runtime.Limits;
import dev.landlord.runtime.LogPage;
import dev.landlord.runtime.ProcessSpec;
import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.SandboxException.Kind;
import dev.landlord.runtime.SandboxRuntime;
import dev.landlord.runtime.SandboxSpec;
import dev.landlord.runtime.SandboxStatus;
import dev.landlord.runtime.TerminalSize;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Further programs in a running sandbox: their streams, their end, and that they are confined as its own one is. */
@Tag("root")
class ExecRootIT {
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

    private SandboxSpec running() {
        return running(Host.shell("echo up; exec sleep 1000"));
    }

    private SandboxSpec running(ProcessSpec process) {
        SandboxSpec spec = host.spec(process);
        Host.startAndAwaitOutput(runtime, spec, "up");
        return spec;
    }

    private Visitor exec(SandboxSpec spec, String script) {
        return exec(spec, null, "sh", "-c", script);
    }

    private Visitor exec(SandboxSpec spec, @Nullable TerminalSize terminal, String... command) {
        return new Visitor(
                runtime.exec(spec.id(), new ExecSpec(List.of(command), Map.of("EXTRA", "more"), true, terminal)));
    }

    @Test
    void hasThreeStreamsAndAnExitCode() {
        SandboxSpec spec = running();
        try (Visitor visitor = exec(spec, "cat; echo oops >&2; exit 3")) {
            visitor.type("hello\n");
            visitor.session().endInput();
            assertThat(visitor.awaitEnd().exitCode()).isEqualTo(3);
            assertThat(visitor.out()).isEqualTo("hello\n");
            assertThat(visitor.err()).isEqualTo("oops\n");
        }
    }

    @Test
    void readsNothingIfItIsToHaveNoInput() {
        SandboxSpec spec = running();
        List<String> command = List.of("sh", "-c", "cat; readlink /proc/self/fd/0");
        try (Visitor visitor = new Visitor(runtime.exec(spec.id(), new ExecSpec(command, Map.of(), false, null)))) {
            assertThat(visitor.awaitEnd().exitCode()).isZero();
            assertThat(visitor.out()).isEqualTo("/dev/null\n");
        }
    }

    @Test
    void tellsASignalFromACode() {
        SandboxSpec spec = running();
        try (Visitor byCode = exec(spec, "exit 137");
                Visitor bySignal = exec(spec, "echo up; exec sleep 1000")) {
            assertThat(byCode.awaitEnd().signal()).isZero();
            bySignal.awaitOutput("up");
            bySignal.session().signal(15);
            assertThat(bySignal.awaitEnd().signal()).isEqualTo(15);
            assertThat(bySignal.awaitEnd().exitCode()).isEqualTo(143);
        }
    }

    @Test
    void hasATerminalOfTheSandbox() {
        SandboxSpec spec = running(Host.shellAs(1000, "echo up; exec sleep 1000"));
        String script =
                "readlink /proc/self/fd/0; stat -c %u:%a $(readlink /proc/self/fd/0); test -t 2 && echo terminal;"
                        + " : > /dev/tty && echo controlling";
        try (Visitor visitor = exec(spec, new TerminalSize(24, 80), "sh", "-c", script)) {
            assertThat(visitor.awaitEnd().exitCode()).isZero();
            assertThat(visitor.out()).isEqualTo("/dev/pts/0\r\n1000:620\r\nterminal\r\ncontrolling\r\n");
        }
    }

    @Test
    void aTerminalChangesItsSizeAndInterrupts() {
        SandboxSpec spec = running();
        String script = "trap 'busybox stty size' WINCH; trap 'echo interrupted; exit 5' INT; busybox stty size;"
                + " while :; do sleep 0.05; done";
        try (Visitor visitor = exec(spec, new TerminalSize(24, 80), "sh", "-c", script)) {
            visitor.awaitOutput("24 80");
            visitor.session().resize(new TerminalSize(50, 132));
            visitor.awaitOutput("50 132");
            visitor.type("\u0003");
            assertThat(visitor.awaitEnd().exitCode()).isEqualTo(5);
            assertThat(visitor.out()).contains("interrupted");
        }
    }

    @Test
    void theEndOfInputReachesATerminal() {
        SandboxSpec spec = running();
        try (Visitor visitor = exec(spec, new TerminalSize(24, 80), "sh", "-c", "cat; echo end")) {
            visitor.type("line\n");
            visitor.awaitOutput("line\r\nline\r\n");
            visitor.session().endInput();
            assertThat(visitor.awaitEnd().exitCode()).isZero();
            assertThat(visitor.out()).endsWith("end\r\n");
        }
    }

    @Test
    void isConfinedAsTheProgramOfTheSandboxIs() throws IOException {
        // Both the sandbox's root and a user of it, without our init in between.
        for (int uid : List.of(0, 1000)) {
            ProcessSpec process = Host.shellAs(uid, "echo up; exec sleep 1000");
            SandboxSpec spec = host.spec(process, Host.LIMITS, false, Isolation.FULL);
            Host.startAndAwaitOutput(runtime, spec, "up");
            int main = runtime.status(spec.id()).programPid();
            for (boolean terminal : List.of(false, true)) {
                try (Visitor visitor = exec(
                        spec, terminal ? new TerminalSize(24, 80) : null, "sh", "-c", "echo up; exec sleep 1000")) {
                    visitor.awaitOutput("up");
                    int guest = Confinement.otherProcessOf(main);
                    assertThat(Confinement.of(guest, "sleep")).isEqualTo(Confinement.of(main, "sleep"));
                }
            }
            runtime.delete(spec.id());
        }
    }

    @Test
    void inheritsNoDescriptorAndNoDirectory() {
        SandboxSpec spec = running();
        try (Visitor visitor = exec(spec, "ls /proc/self/fd; pwd; readlink /proc/self/cwd")) {
            assertThat(visitor.awaitEnd().exitCode()).isZero();
            // The fourth is the directory that is being listed.
            assertThat(visitor.out()).isEqualTo("0\n1\n2\n3\n/\n/\n");
        }
    }

    @Test
    void hasTheEnvironmentOfTheProgramAndOneMore() {
        SandboxSpec spec = running();
        try (Visitor visitor = exec(spec, "echo $GREETING $EXTRA $PATH")) {
            assertThat(visitor.awaitEnd().exitCode()).isZero();
            assertThat(visitor.out()).isEqualTo("hello more /bin\n");
        }
    }

    @Test
    void noDescriptorOfTheHelperIsAWorkdir() {
        for (int fd = 0; fd < 32; fd++) {
            String workdir = "/proc/self/fd/" + fd;
            SandboxSpec spec =
                    host.spec(new ProcessSpec(List.of("pwd"), Map.of("PATH", "/bin"), workdir, 0, 0, List.of()));
            assertThatThrownBy(() -> runtime.create(spec))
                    .as(workdir)
                    .isInstanceOfSatisfying(
                            SandboxException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INVALID))
                    .hasMessageContaining("enter workdir " + workdir);
        }
    }

    @Test
    void aCommandThatIsNotThereIsNamed() {
        SandboxSpec spec = running();
        assertThatThrownBy(() -> exec(spec, null, "nosuch"))
                .isInstanceOfSatisfying(
                        SandboxException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INVALID))
                .hasMessage("exec nosuch: No such file or directory");
    }

    @Test
    void aSandboxThatDoesNotRunRefuses() {
        SandboxSpec spec = host.spec(Host.shell("echo up; exec sleep 1000"));
        runtime.create(spec);
        assertThatThrownBy(() -> exec(spec, "true")).hasMessageContaining("it is CREATED");
        runtime.start(spec.id());
        runtime.freeze(spec.id());
        assertThatThrownBy(() -> exec(spec, "true"))
                .isInstanceOfSatisfying(
                        SandboxException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INVALID))
                .hasMessageContaining("it is FROZEN");
        runtime.thaw(spec.id());
        runtime.stop(spec.id(), Duration.ZERO);
        assertThatThrownBy(() -> exec(spec, "true")).hasMessageContaining("it is EXITED");
    }

    @Test
    void countsInTheLimitsOfTheSandbox() {
        Limits few = new Limits(100, null, 64L << 20, 8L, null, List.of());
        SandboxSpec spec = host.spec(Host.shell("echo up; exec sleep 1000"), few);
        Host.startAndAwaitOutput(runtime, spec, "up");
        try (Visitor visitor = exec(spec, "for i in $(seq 20); do sleep 1000 & done; wait")) {
            visitor.awaitError("fork");
            assertThat(runtime.usage(spec.id()).pids()).isLessThanOrEqualTo(8);
            assertThatThrownBy(() -> exec(spec, "true"))
                    .isInstanceOfSatisfying(
                            SandboxException.class, e -> assertThat(e.kind()).isEqualTo(Kind.EXHAUSTED));
        }
    }

    @Test
    void endsWithItsSandbox() {
        SandboxSpec spec = running();
        try (Visitor visitor = exec(spec, "trap '' HUP TERM; echo up; while :; do sleep 0.05; done")) {
            visitor.awaitOutput("up");
            runtime.delete(spec.id());
            assertThat(visitor.awaitEnd().signal()).isEqualTo(9);
        }
    }

    @Test
    void leavingEndsItFirstKindlyThenByForce() throws IOException {
        SandboxSpec spec = running();
        int main = runtime.status(spec.id()).programPid();
        Visitor kind = exec(spec, "trap 'echo bye > /tmp/bye; exit' HUP; echo up; while :; do sleep 0.05; done");
        kind.awaitOutput("up");
        kind.close();
        Visitor stubborn = exec(spec, "trap '' HUP; cat /tmp/bye; echo up; while :; do sleep 0.05; done");
        stubborn.awaitOutput("up");
        assertThat(stubborn.out()).isEqualTo("bye\nup\n");
        stubborn.close();
        assertThat(Confinement.processesBeside(main)).isEmpty();
        assertThat(host.leftovers())
                .noneMatch(left -> left.startsWith("process")
                        && !left.equals("process " + runtime.status(spec.id()).supervisorPid()));
    }

    @Test
    void aLoudOneWaitsUntilItIsRead() {
        SandboxSpec spec = running();
        try (Visitor visitor = exec(spec, "head -c 3000000 /dev/zero; echo done >&2")) {
            assertThat(visitor.awaitEnd().exitCode()).isZero();
            assertThat(visitor.out()).hasSize(3_000_000);
            assertThat(visitor.err()).isEqualTo("done\n");
        }
    }

    @Test
    void inputThatIsNotReadIsNotTaken() {
        SandboxSpec spec = running();
        try (Visitor visitor = exec(spec, "echo up; exec sleep 1000")) {
            visitor.awaitOutput("up");
            byte[] much = new byte[1 << 20];
            int taken = 0;
            int now = visitor.session().write(much, 0, much.length, Host.PATIENCE);
            while (now > 0) {
                taken += now;
                now = visitor.session().write(much, 0, much.length, Duration.ofMillis(100));
            }
            assertThat(now).isZero();
            assertThat(taken).isBetween(1, 1 << 20);
        }
    }

    @Test
    void theHelperIsOutOfReachWhileItJoins() {
        // Whoever is root inside looks at every process that comes, and tries to open its binary for writing.
        SandboxSpec spec = running(Host.shell("echo up; while :; do for p in /proc/[0-9]*; do"
                + " case $(readlink $p/exe) in *landlord*|*memfd*) echo SEEN $p;; esac; done; done"));
        for (int i = 0; i < 20; i++) {
            try (Visitor visitor = exec(spec, "true")) {
                assertThat(visitor.awaitEnd().exitCode()).isZero();
            }
        }
        assertThat(Host.output(runtime, spec.id(), LogPage.Stream.STDOUT)).isEqualTo("up\n");
    }

    @Test
    void theDeathOfItsHelperEndsIt() {
        SandboxSpec spec = running();
        long supervisor = runtime.status(spec.id()).supervisorPid();
        try (Visitor visitor = exec(spec, "trap '' HUP; echo up; while :; do sleep 0.05; done")) {
            visitor.awaitOutput("up");
            ProcessHandle helper = ProcessHandle.current()
                    .children()
                    .filter(child -> child.pid() != supervisor
                            && child.info().command().orElse("").contains("landlord-init"))
                    .findFirst()
                    .orElseThrow();
            helper.destroyForcibly();
            assertThat(visitor.awaitEnd().signal()).isEqualTo(9);
        }
        assertThat(runtime.status(spec.id()).phase()).isEqualTo(SandboxStatus.Phase.RUNNING);
    }

    @Test
    void anAdoptedSandboxTakesOneToo() {
        SandboxSpec spec = running();
        runtime.close();
        runtime = host.open();
        runtime.adopt();
        try (Visitor visitor = exec(spec, "id -u; cat /proc/1/comm")) {
            assertThat(visitor.awaitEnd().exitCode()).isZero();
            assertThat(visitor.out()).startsWith("0\n");
        }
    }

    @Test
    void closingTheRuntimeEndsThem() throws IOException {
        SandboxSpec spec = running();
        int main = runtime.status(spec.id()).programPid();
        Visitor visitor = exec(spec, "echo up; exec sleep 1000");
        visitor.awaitOutput("up");
        runtime.close();
        assertThat(Confinement.processesBeside(main)).isEmpty();
        runtime = host.open();
        runtime.adopt();
    }
}
