package dev.landlord.controlplane.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What holds of a file of SQLite alone. */
class SqliteTest {
    @TempDir
    Path folder;

    @Test
    void refusesASecondReplica() {
        try (Database first = open("test")) {
            assertThat(first.isShared()).isFalse();
            assertThatThrownBy(() -> open("test"))
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("is in use by another control plane");
        }
        open("test").close();
    }

    @Test
    void refusesACorruptFileAndFreesItsLock() throws Exception {
        Path broken = folder.resolve("broken.db");
        Files.writeString(
                broken, "this is no database, but it is long enough to be looked at as if it were one".repeat(20));
        for (int attempt = 0; attempt < 2; attempt++) {
            assertThatThrownBy(() -> Database.open(new StoreLocation.Sqlite(broken)))
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("broken.db")
                    .hasMessageNotContaining("another control plane");
        }
    }

    @Test
    void syncsTheLogAtEachCommit() {
        try (Database database = open("pragma")) {
            assertThat(database.<Integer>write(writer -> writer.sql("PRAGMA synchronous")
                            .query(Integer.class)
                            .single()))
                    .isEqualTo(2);
            assertThat(database.<String>write(writer -> writer.sql("PRAGMA journal_mode")
                            .query(String.class)
                            .single()))
                    .isEqualTo("wal");
        }
    }

    private Database open(String name) {
        return Database.open(new StoreLocation.Sqlite(folder.resolve(name + ".db")));
    }
}
