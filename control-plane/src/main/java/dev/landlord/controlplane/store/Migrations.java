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
    private static final Map<String, String> SQLITE = Map.of("bigint", "INTEGER", "strict", "STRICT");

    private Migrations() {}

    static void run(DataSource source) {
        of(source).load().migrate();
    }

    static FluentConfiguration of(DataSource source) {
        return Flyway.configure()
                .dataSource(source)
                .locations("classpath:db/migration/common")
                .placeholders(SQLITE)
                .failOnMissingLocations(true);
    }
}
