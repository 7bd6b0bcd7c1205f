package dev.landlord.controlplane.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landlord.controlplane.Answer;
import dev.landlord.controlplane.RunningControlPlane;
import dev.landlord.controlplane.store.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real control planes: one is backed up while it works, and another begins from the copy. */
class BackupTest {
    private static final String PLAN = "{\"cpuMillis\":500,\"cpuWeight\":100,\"memoryBytes\":268435456,\"pids\":128,"
            + "\"diskBytes\":67108864,\"inodes\":10000,\"priority\":50,\"trustClass\":\"standard\"}";

    /** Of a store; the last one is in use. */
    private static final int PAGE_BYTES = 4096;

    @TempDir
    Path folder;

    @Test
    void aCopyIsAnotherLifeOfWhatWasThereThen() throws IOException {
        Path first = folder.resolve("first");
        Path second = Files.createDirectory(folder.resolve("second"));
        String incarnation;
        long event;
        Path copy;
        try (RunningControlPlane controlPlane = RunningControlPlane.start(first)) {
            put(controlPlane, "before");
            Answer answer = controlPlane.operator("POST", "/api/v1/cluster:backup", null);
            assertThat(answer.status()).as(answer.body()).isEqualTo(201);
            copy = Path.of(answer.text("/file"));
            put(controlPlane, "after");
            for (int i = 0; i < 20; i++) {
                put(controlPlane, "more-" + i);
            }
            event = lastEvent(controlPlane);
            incarnation = controlPlane.context().getBean(Database.class).incarnation();
            assertThat(new String[] {answer.text("/revision"), answer.text("/bytes")})
                    .doesNotContain("0");
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)))
                .isEqualTo("rw-------");
        for (String key : List.of("ca.crt", "ca.key", "operator.token", "scrape.token")) {
            Files.copy(first.resolve(key), second.resolve(key));
        }
        try (RunningControlPlane restored = RunningControlPlane.start(second, "database.restore-from=" + copy)) {
            assertThat(restored.operator("GET", "/api/v1/plans/before", null).status())
                    .isEqualTo(200);
            assertThat(restored.operator("GET", "/api/v1/plans/after", null).status())
                    .isEqualTo(404);
            assertThat(restored.context().getBean(Database.class).incarnation()).isNotEqualTo(incarnation);
            put(restored, "later");
            assertThat(restored.operator("GET", "/api/v1/events?after=" + event, null)
                            .body())
                    .as("what is new to who has read on since the copy")
                    .contains("plan later");
        }
        assertThatThrownBy(() -> RunningControlPlane.start(second, "database.restore-from=" + copy))
                .hasStackTraceContaining("nothing is overwritten");
    }

    @Test
    void onlyOperatorsMakeOneAndTheOldestGo() throws IOException {
        try (RunningControlPlane controlPlane = RunningControlPlane.start(folder)) {
            assertThat(controlPlane
                            .call("public", controlPlane.scrapeToken(), "POST", "/api/v1/cluster:backup", null)
                            .problem())
                    .startsWith("403 forbidden");
            String newest = "";
            for (int i = 0; i <= BackupFolder.KEPT; i++) {
                Answer answer = controlPlane.operator("POST", "/api/v1/cluster:backup", null);
                assertThat(answer.status()).as(answer.body()).isEqualTo(201);
                newest = answer.text("/file");
            }
            assertThat(files(folder.resolve("backups")))
                    .hasSize(BackupFolder.KEPT)
                    .contains(Path.of(newest));
        }
    }

    @Test
    void aDamagedCopyIsRefusedAndNothingIsLeftOfTheTry() throws IOException {
        Path whole = folder.resolve("whole.db");
        try (RunningControlPlane controlPlane = RunningControlPlane.start(folder.resolve("state"))) {
            Files.copy(
                    Path.of(controlPlane
                            .operator("POST", "/api/v1/cluster:backup", null)
                            .text("/file")),
                    whole);
        }
        byte[] bytes = Files.readAllBytes(whole);
        Path cut = Files.write(folder.resolve("cut.db"), Arrays.copyOf(bytes, bytes.length / 2));
        Path other = Files.writeString(folder.resolve("other.db"), "of something else, and long enough ".repeat(40));
        byte[] scratched = bytes.clone();
        Arrays.fill(scratched, bytes.length - PAGE_BYTES, bytes.length, (byte) 0x5a);
        Path page = Files.write(folder.resolve("page.db"), scratched); // none that is read in passing
        for (Path bad : List.of(cut, other, page, folder.resolve("missing.db"))) {
            Path target = Files.createDirectories(folder.resolve("target"));
            assertThatThrownBy(() -> Restore.into(target, "landlord.db", bad, "db-2"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(bad.toString());
            assertThat(files(target)).as(bad.toString()).isEmpty();
        }
    }

    private static long lastEvent(RunningControlPlane controlPlane) throws IOException {
        return controlPlane
                .operator("GET", "/api/v1/events", null)
                .json()
                .at("/next")
                .asLong();
    }

    private static void put(RunningControlPlane controlPlane, String plan) throws IOException {
        assertThat(controlPlane.operator("PUT", "/api/v1/plans/" + plan, PLAN).status())
                .isBetween(200, 201);
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.toList();
        }
    }
}
