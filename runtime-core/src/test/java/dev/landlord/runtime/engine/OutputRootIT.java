package dev.landlord.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.runtime.LogPage;
import dev.landlord.runtime.LogPolicy;
import dev.landlord.runtime.SandboxRuntime;
import dev.landlord.runtime.SandboxSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs that write as much, as often and as wildly as they can: what it costs the host, and what is kept of it. */
@Tag("root")
class OutputRootIT {
    /** What the supervisor takes the smallest read for. */
    private static final long READ_COST_BYTES = 16 << 10;

    private static final long PIPE_BYTES = 64 << 10;
    private static final long WATCHED_NANOS = 4_000_000_000L;
    private static final double NANOS_PER_SECOND = 1e9;

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
    void aFloodWithoutLineEndsOnBothStreamsCostsLittleAndFillsNothing() throws IOException {
        SandboxSpec spec = asShipped("cat /dev/zero >&2 & cat /dev/zero");
        assertReadsAreBounded(spec, 2);
        long kept = 0;
        try (Stream<Path> files = Files.list(directory(spec))) {
            for (Path file : files.toList()) {
                kept += file.toFile().length();
            }
        }
        LogPolicy policy = LogPolicy.DEFAULT;
        assertThat(kept)
                .isGreaterThan(policy.maxBytesPerFile())
                .isLessThan(2L * policy.maxFiles() * policy.maxBytesPerFile() + 4096);
    }

    /** Each byte wakes whoever reads: the work of the supervisor must not grow with the number of writes. */
    @Test
    void aByteAtATimeCostsLittle() throws IOException {
        SandboxSpec spec = asShipped("dd if=/dev/zero bs=1");
        assertReadsAreBounded(spec, 1);
    }

    /** It is for whoever shows it to make it harmless; the command line does. */
    @Test
    void everyByteIsKeptAsItIs() {
        StringBuilder script = new StringBuilder("printf '");
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        for (int value = 0; value < 256; value++) {
            script.append(String.format("\\%03o", value));
            expected.write(value);
        }
        script.append("'; printf '\\033]0;title\\007\\033[2J\\033[31mred'");
        expected.writeBytes("\033]0;title\007\033[2J\033[31mred".getBytes(StandardCharsets.US_ASCII));
        SandboxSpec spec = host.spec(Host.shell(script.toString()));
        runtime.create(spec);
        runtime.start(spec.id());
        assertThat(runtime.awaitExit(spec.id(), Host.PATIENCE)).isPresent();
        assertThat(runtime.logs(spec.id(), LogPage.Stream.STDOUT, 0, 4096).bytes())
                .isEqualTo(expected.toByteArray());
    }

    private SandboxSpec asShipped(String script) throws IOException {
        SandboxSpec spec = host.spec(Host.shell(script), LogPolicy.DEFAULT);
        runtime.create(spec);
        runtime.start(spec.id());
        // The first second's worth may come at once; what counts is how it goes on.
        Host.await(
                "the first burst",
                () -> Files.exists(directory(spec).resolve("stdout." + LogPolicy.DEFAULT.maxBytesPerFile()))
                        || runtime.usage(spec.id()).cpuUsageNanos() > 500_000_000);
        return spec;
    }

    private Path directory(SandboxSpec spec) {
        return host.config
                .stateDirectory()
                .resolve("sandboxes")
                .resolve(spec.id().value());
    }

    /**
     * The time that they take is the machine's; how many there are, and of how much, is what the rate allows. A second may have
     * been saved up, and another be added to it when all of that is gone.
     */
    private void assertReadsAreBounded(SandboxSpec spec, int streams) throws IOException {
        int pid = runtime.status(spec.id()).supervisorPid();
        long before = io(pid, "syscr");
        long bytesBefore = io(pid, "rchar");
        long began = System.nanoTime();
        Host.await("a while", () -> System.nanoTime() - began > WATCHED_NANOS);
        double reads = io(pid, "syscr") - before;
        double bytes = io(pid, "rchar") - bytesBefore;
        double seconds = 2 + (System.nanoTime() - began) / NANOS_PER_SECOND;
        double allowed = seconds * streams * LogPolicy.DEFAULT.maxBytesPerSecond();
        assertThat(reads).isBetween(1.0, allowed / READ_COST_BYTES + streams);
        assertThat(bytes).isBetween(1.0, allowed + streams * PIPE_BYTES);
    }

    /** Of proc_pid_io(5): {@code syscr} is how often it has read, {@code rchar} how much. */
    private static long io(int pid, String name) throws IOException {
        String start = name + ": ";
        for (String line : Files.readAllLines(Path.of("/proc", Integer.toString(pid), "io"))) {
            if (line.startsWith(start)) {
                return Long.parseLong(line.substring(start.length()));
            }
        }
        throw new IOException(name + " is missing in /proc/" + pid + "/io");
    }
}
