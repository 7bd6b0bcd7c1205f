package dev.landlord.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landlord.runtime.Console;
import dev.landlord.runtime.Isolation;
import dev.landlord.runtime.LogPage;
import dev.landlord.runtime.ProcessSpec;
import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.SandboxRuntime;
import dev.landlord.runtime.SandboxSpec;
import dev.landlord.runtime.TerminalSize;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sitting in front of a sandbox's own program, also after the runtime that started it has gone. */
@Tag("root")
@Tag("cgroup2")
class AttachRootIT {
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

    private static ProcessSpec shell(Console console, int uid, String script) {
        return new ProcessSpec(List.of("sh", "-c", script), Map.of("PATH", "/bin"), "/", uid, uid, List.of(), console);
    }

    private SandboxSpec running(Console console, String script) {
        return running(host.spec(shell(console, 1000, script)));
    }

    private SandboxSpec running(SandboxSpec spec) {
        Host.startAndAwaitOutput(runtime, spec, "up");
        return spec;
    }

    private Visitor attach(SandboxSpec spec) {
        return new Visitor(runtime.attach(spec.id()));
    }

    @Test
    void typesToAPipeAndSeesBothOutputsAndTheEnd() {
        SandboxSpec spec = running(
                Console.PIPE,
                "echo up; while read -r line; do echo \"got $line\"; echo oops >&2; test $line != end || exit 3; done");
        try (Visitor visitor = attach(spec)) {
            visitor.type("one\n");
            visitor.awaitOutput("got one\n");
            visitor.type("end\n");
            assertThat(visitor.awaitEnd().exitCode()).isEqualTo(3);
            assertThat(visitor.out()).isEqualTo("got one\ngot end\n");
            assertThat(visitor.err()).isEqualTo("oops\noops\n");
        }
        assertThat(Host.output(runtime, spec.id(), LogPage.Stream.STDOUT)).isEqualTo("up\ngot one\ngot end\n");
    }

    @Test
    void theProgramGoesOnWhenEverybodyHasLeft() {
        SandboxSpec spec = running(Console.PIPE, "echo up; while read -r line; do echo \"got $line\"; done; echo over");
        try (Visitor first = attach(spec);
                Visitor second = attach(spec)) {
            first.type("one\n");
            first.session().endInput();
            second.awaitOutput("got one\n");
        }
        try (Visitor third = attach(spec)) {
            third.type("two\n");
            third.awaitOutput("got two\n");
            assertThat(third.out()).as("what was said before is not repeated").isEqualTo("got two\n");
        }
        assertThat(runtime.status(spec.id()).exit()).isNull();
    }

    @Test
    void hasATerminalOfItsSandboxThatInterruptsAndChangesItsSize() {
        for (boolean init : List.of(true, false)) {
            SandboxSpec spec = running(host.spec(
                    shell(
                            Console.TERMINAL,
                            1000,
                            "trap 'busybox stty size' WINCH; trap 'echo interrupted; exit 5' INT; readlink /proc/self/fd/0;"
                                    + " stat -c %u:%a /dev/pts/0; : > /dev/tty && echo up; while :; do sleep 0.05; done"),
                    Host.LIMITS,
                    init,
                    Isolation.FULL));
            // The end of a line reaches the reader of a terminal after the line.
            Host.await(
                    "the rest of the line",
                    () -> Host.output(runtime, spec.id(), LogPage.Stream.STDOUT)
                            .equals("/dev/pts/0\r\n1000:620\r\nup\r\n"));
            try (Visitor visitor = attach(spec)) {
                visitor.session().resize(new TerminalSize(50, 132));
                visitor.awaitOutput("50 132\r\n");
                visitor.type("\u0003");
                assertThat(visitor.awaitEnd().exitCode())
                        .as("with init " + init)
                        .isEqualTo(5);
                assertThat(visitor.out()).contains("interrupted\r\n");
            }
            runtime.delete(spec.id());
        }
    }

    @Test
    void aShellOnItsTerminalHasJobControl() {
        SandboxSpec spec = running(host.spec(new ProcessSpec(
                List.of("sh", "-c", "echo up; exec sh -i"),
                Map.of("PATH", "/bin", "PS1", "> "),
                "/",
                0,
                0,
                List.of(),
                Console.TERMINAL)));
        try (Visitor visitor = attach(spec)) {
            visitor.type("sh -c 'echo be''gun; exec sleep 1000'\n");
            visitor.awaitOutput("begun\r\n"); // by a child in the foreground, which is what Ctrl-C is for
            visitor.type("\u0003");
            visitor.type("echo still $((40 + 2))\n");
            visitor.awaitOutput("still 42\r\n");
            visitor.type("exit 7\n");
            assertThat(visitor.awaitEnd().exitCode()).isEqualTo(7);
        }
        assertThat(Host.output(runtime, spec.id(), LogPage.Stream.STDOUT)).doesNotContain("job control turned off");
    }

    @Test
    void isReachedByTheNextRuntimeToo() {
        SandboxSpec pipe = running(Console.PIPE, "echo up; while read -r line; do echo \"got $line\"; done; echo over");
        SandboxSpec terminal = running(Console.TERMINAL, "echo up; while read -r line; do echo \"got $line\"; done");
        int supervisor = runtime.status(pipe.id()).supervisorPid();
        runtime.close();
        runtime = host.open();
        runtime.adopt();
        for (SandboxSpec spec : List.of(pipe, terminal)) {
            try (Visitor visitor = attach(spec)) {
                visitor.type("later\n");
                visitor.awaitOutput("got later");
            }
        }
        assertThat(runtime.status(pipe.id()).supervisorPid()).isEqualTo(supervisor);
        assertThat(runtime.status(pipe.id()).exit()).isNull();
    }

    @Test
    void showsAndSignalsAProgramThatReadsNothing() {
        SandboxSpec spec = running(
                host.spec(Host.shell("trap 'echo bye; exit 4' TERM; echo up; cat; while :; do sleep 0.05; done")));
        try (Visitor visitor = attach(spec)) {
            assertThat(visitor.session().write(new byte[] {'x'}, 0, 1, Host.PATIENCE))
                    .isEqualTo(-1);
            visitor.session().signal(15);
            assertThat(visitor.awaitEnd().exitCode()).isEqualTo(4);
            assertThat(visitor.out()).isEqualTo("bye\n");
        }
    }

    @Test
    void inputThatNobodyReadsHoldsBackWhoTypesAndNobodyElse() {
        SandboxSpec spec = running(Console.PIPE, "echo up; while :; do echo tick; sleep 0.05; done");
        try (Visitor typist = attach(spec);
                Visitor other = attach(spec)) {
            byte[] much = new byte[1 << 20];
            int taken = 0;
            int got = typist.session().write(much, 0, much.length, Host.PATIENCE);
            while (got > 0) {
                taken += got;
                got = typist.session().write(much, 0, much.length, Duration.ofMillis(100));
            }
            assertThat(got).isZero();
            assertThat(taken).isBetween(4096, 1 << 20);
            other.awaitOutput("tick\ntick\n");
        }
    }

    @Test
    void theProgramHasNoOtherDescriptorForIt() {
        for (Console console : List.of(Console.PIPE, Console.TERMINAL)) {
            SandboxSpec spec = running(console, "ls /proc/self/fd | tr '\\n' ' '; echo up; exec sleep 1000");
            // The last one is that of the directory that is read.
            assertThat(Host.output(runtime, spec.id(), LogPage.Stream.STDOUT)).startsWith("0 1 2 3 up");
        }
    }

    @Test
    void doesNotOutliveItsProgram() {
        SandboxSpec spec = running(Console.PIPE, "echo up; read -r line; exit 2");
        try (Visitor visitor = attach(spec)) {
            visitor.type("x\n");
            assertThat(visitor.awaitEnd().exitCode()).isEqualTo(2);
        }
        assertThatThrownBy(() -> runtime.attach(spec.id()))
                .isInstanceOfSatisfying(
                        SandboxException.class, e -> assertThat(e.kind()).isEqualTo(SandboxException.Kind.INVALID))
                .hasMessageContaining("EXITED");
    }
}
