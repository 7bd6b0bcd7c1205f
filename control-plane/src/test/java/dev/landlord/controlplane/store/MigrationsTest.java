package dev.landlord.controlplane.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.sqlite.SQLiteDataSource;

class MigrationsTest {
    @TempDir
    Path folder;

    @Test
    void keepsEveryTokenWhenAKindOfIdentityComesTo() {
        SQLiteDataSource source = new SQLiteDataSource();
        source.setUrl("jdbc:sqlite:" + folder.resolve("old.db"));
        JdbcClient client = JdbcClient.create(source);
        Migrations.of(source, Migrations.SQLITE).target("3").load().migrate();
        client.sql(
                        "INSERT INTO credential (token_sha256, kind, subject, created_at) VALUES ('d1', 'tenant', 'alice', 7)")
                .update();
        Migrations.runOnSqlite(source);
        client.sql("INSERT INTO credential (token_sha256, kind, subject, created_at) VALUES ('d2', 'joiner', '', 8)")
                .update();
        assertThat(client.sql(
                                "SELECT token_sha256 || kind || subject || created_at FROM credential ORDER BY created_at")
                        .query(String.class)
                        .list())
                .containsExactly("d1tenantalice7", "d2joiner8");
    }
}
