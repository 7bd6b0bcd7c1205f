package dev.landlord.runtime.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.runtime.Isolation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The helper's decoder, compiled with the address and undefined-behaviour sanitizers, on what this room encodes. */
class PlanDecoderTest {
    private static final long SEED = 20_261_124;
    private static final int ROUNDS = 20_000;

    @TempDir
    private Path scratch;

    @Test
    void takesEveryPlanAndSurvivesItsMutants() throws IOException, InterruptedException {
        Path fuzzer = scratch.resolve("fuzzer");
        run(
                "gcc",
                "-std=gnu17",
                "-O1",
                "-g",
                "-fsanitize=address,undefined",
                "-fno-sanitize-recover=all",
                "-o",
                fuzzer.toString(),
                "src/test/c/plan_decode_fuzz.c",
                "src/main/c/plan.c");
        for (Isolation isolation : Isolation.values()) {
            Path plan = Files.write(
                    scratch.resolve(isolation + ".plan"),
                    PlanEncoder.encode(
                            LaunchPlanner.plan(LaunchPlannerTest.spec(isolation, 0), LaunchPlannerTest.LINKED)));
            assertThat(run(fuzzer.toString(), plan.toString(), Long.toString(SEED), Integer.toString(ROUNDS)))
                    .matches("accepted \\d+ refused \\d+\n");
        }
    }

    private String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        return output;
    }
}
