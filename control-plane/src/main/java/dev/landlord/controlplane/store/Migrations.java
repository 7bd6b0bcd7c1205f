package dev.landlord.controlplane.store;

import java.util.Map;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/**
 * Brings the schema up to date. The scripts are portable; what differs is in placeholders: <code>${bigint}</code> for a
 * 64-bit integer (a STRICT table of SQLite knows it only as INTEGER) and <code>${strict}</code> at the end of a table.
 */
final class Migrations {
    static final Map<String, String> SQLITE = Map.of("bigint", "INTEGER", "strict", "STRICT");
    static final Map<String, String> POSTGRES = Map.of("bigint", "BIGINT", "strict", "");

    private Migrations() {}

    static void runOnSqlite(DataSource source) {
        of(source, SQLITE).load().migrate();
    }

    /** Replicas that start together wait for each other: Flyway holds an advisory lock. */
    static void runOnPostgres(DataSource source) {
        of(source, POSTGRES).load().migrate();
    }

    static FluentConfiguration of(DataSource source, Map<String, String> placeholders) {
        return Flyway.configure()
                .dataSource(source)
                .locations("classpath:db/migration/common")
                .placeholders(placeholders)
                .failOnMissingLocations(true);
    }
}
