package dev.landlord.runtime.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.runtime.linux.Libseccomp;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the supervisor's own filter lets through, asked of the kernel call by call. */
class SupervisorFilterTest {
    private static final List<String> WATCHING = List.of(
            "poll",
            "ppoll",
            "read",
            "write",
            "clock_gettime",
            "restart_syscall",
            "pread64",
            "pidfd_send_signal",
            "timerfd_settime",
            "openat",
            "close",
            "unlinkat",
            "wait4",
            "pwrite64",
            "sendto",
            "recvfrom",
            "fsync",
            "renameat",
            "renameat2");

    @TempDir
    private Path scratch;

    @Test
    void letsThroughWhatWatchingNeedsAndNothingElse() throws IOException, InterruptedException {
        String program = scratch.resolve("confined").toString();
        run("gcc", "-std=gnu17", "-Isrc/main/c", "-o", program, "src/test/c/confined_calls.c", "src/main/c/confine.c");
        assertThat(run(program).lines().map(Integer::valueOf))
                .containsExactlyInAnyOrderElementsOf(WATCHING.stream()
                        .map(name -> Libseccomp.number(name).orElseThrow())
                        .toList());
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        return output;
    }
}
