package dev.landlord.agent.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.api.sync.DesiredState;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerKillTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit fills it
    private Path directory;

    @Test
    void whatWasSavedIsThereHoweverTheAgentDies() throws IOException, InterruptedException {
        long before = 0;
        for (int kills = 0; kills < 3; kills++) {
            long said = saveThenKill(3 + 7 * kills);
            DesiredState accepted =
                    Objects.requireNonNull(Ledger.open(directory).content().accepted());
            assertThat(accepted.generation().number()).isBetween(said, said + 1);
            assertThat(accepted.assignments()).hasSize(200);
            assertThat(said).isGreaterThan(before);
            before = said;
        }
    }

    private long saveThenKill(int saves) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of("-Xshare:auto", "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(SavingProcess.class.getName(), directory.toString()));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out = process.inputReader()) {
            String last = "0";
            for (int i = 0; i < saves; i++) {
                last = out.readLine();
                assertThat(last).as("the saving process ended by itself").isNotNull();
            }
            // Not through Process: that would close the pipe, and what it said last with it.
            process.toHandle().destroyForcibly();
            process.waitFor();
            for (String more = out.readLine(); more != null; more = out.readLine()) {
                last = more;
            }
            return Long.parseLong(last);
        }
    }
}
