package dev.landlord.controlplane.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KilledWriterTest {
    private static final int ACKNOWLEDGED_BEFORE_KILL = 300;

    @TempDir
    Path folder;

    /** kill -9 cannot lose what the kernel has; that FULL also syncs at each commit is SqliteTest's. */
    @Test
    void losesNothingThatWasAcknowledgedWhenItIsKilled() throws Exception {
        Path file = folder.resolve("killed.db");
        Set<String> acknowledged = writeAndKill(file);
        try (Database database = Database.open(new StoreLocation.Sqlite(file))) {
            List<String> found = database.read(reader ->
                    reader.sql("SELECT message FROM event").query(String.class).list());
            assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(ACKNOWLEDGED_BEFORE_KILL);
            assertThat(found).containsAll(acknowledged);
            assertThat(database.revision()).isBetween(1L, (long) found.size());
        }
    }

    private static Set<String> writeAndKill(Path file) throws IOException, InterruptedException {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledWriter.class.getName(),
                        file.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Set<String> acknowledged = new HashSet<>();
        try (BufferedReader lines = child.inputReader()) {
            String line = lines.readLine();
            while (line != null) {
                // The log writes to the same stream.
                if (line.matches("n[0-9]+")) {
                    acknowledged.add(line);
                }
                if (acknowledged.size() == ACKNOWLEDGED_BEFORE_KILL) {
                    // By its handle: the process' own method would also throw away what it printed.
                    assertThat(child.toHandle().destroyForcibly()).isTrue();
                }
                line = lines.readLine();
            }
        } finally {
            child.destroyForcibly().waitFor();
        }
        return acknowledged;
    }
}
