package dev.landlord.controlplane.store;

import java.util.Map;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/**
 * Brings the schema up to date. The scripts are portable; what differs is in placeholders: <code>${bigint}</code> for a
 * 64-bit integer (a STRICT table of SQLite knows it only as INTEGER), <code>${strict}</code> at the end of a table,
 * <code>${generated}</code> for how a generated column can be added to a table, and <code>${specLength}</code> for what
 * suffices to be read from an index (SQLite: an expression, but no such column; PostgreSQL: the reverse).
 */
final class Migrations {
    static final Map<String, String> SQLITE =
            Map.of("bigint", "INTEGER", "strict", "STRICT", "generated", "VIRTUAL", "specLength", "length(spec)");
    static final Map<String, String> POSTGRES =
            Map.of("bigint", "BIGINT", "strict", "", "generated", "STORED", "specLength", "spec_length");

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
