package dev.landlord.runtime.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Version 1 tells nobody that a host is out of memory as a whole; no test may bring a host to that, so files stand in for it. */
class OutOfMemoryLooksTest {
    @TempDir
    private Path scratch;

    @Test
    void whoeverTheKernelEndsWithoutSayingSoTakesTheRestOfItsSandboxAlong() throws IOException, InterruptedException {
        Path program = scratch.resolve("looks");
        run("gcc", "-std=gnu17", "-O1", "-g", "-o", program.toString(), "src/test/c/oom_looks.c", "src/main/c/oom.c");
        Path control = Files.createFile(scratch.resolve("control"));
        Path registrar = Files.createFile(scratch.resolve("registrar"));
        assertThat(run(program.toString(), control.toString(), registrar.toString()))
                .isEqualTo("rests\nended by signal 9\n");
        assertThat(registrar).content().matches("\\d+ \\d+");
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        return output;
    }
}
