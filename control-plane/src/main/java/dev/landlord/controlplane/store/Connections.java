package dev.landlord.controlplane.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** Makes connections to one SQLite file, all with the same rules. */
final class Connections {
    private static final int BUSY_TIMEOUT_MILLIS = 10_000;

    private final SQLiteDataSource source;

    Connections(Path file) {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        // NORMAL would lose acknowledged commits at power loss: in WAL mode only FULL syncs the log at each commit.
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.enforceForeignKeys(true);
        config.setBusyTimeout(BUSY_TIMEOUT_MILLIS);
        source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + file);
    }

    SQLiteDataSource source() {
        return source;
    }

    Connection open() throws SQLException {
        return source.getConnection();
    }

    Connection openReadOnly() throws SQLException {
        Connection connection = source.getConnection();
        execute(connection, "PRAGMA query_only = ON");
        return connection;
    }

    static JdbcClient client(Connection connection) {
        return JdbcClient.create(new SingleConnectionDataSource(connection, true));
    }

    static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
