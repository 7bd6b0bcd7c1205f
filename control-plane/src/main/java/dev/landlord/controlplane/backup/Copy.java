package dev.landlord.controlplane.backup;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** A file of SQLite that nobody uses. */
record Copy(Path file) {
    /** More commits than a store has between two copies. */
    static final long SKIPPED = 1_000_000_000;

    /** What the copy says of itself. */
    record Identity(String incarnation, long revision) {}

    /** Checks every page and index; a file that was cut off or changed does not pass. */
    Identity check() throws SQLException {
        try (Connection connection = open();
                Statement statement = connection.createStatement()) {
            try (ResultSet found = statement.executeQuery("PRAGMA integrity_check(1)")) {
                if (!found.next() || !found.getString(1).equals("ok")) {
                    throw new SQLException("it is damaged: " + found.getString(1));
                }
            }
            try (ResultSet row = statement.executeQuery("SELECT incarnation, revision FROM meta WHERE id = 1")) {
                if (!row.next()) {
                    throw new SQLException("it is no store of a control plane");
                }
                return new Identity(row.getString(1), row.getLong(2));
            }
        }
    }

    /**
     * So that agents take no set of it for a newer one of those that they were given since, and nobody a number of the time
     * after the copy for one of this life.
     */
    void begin(String incarnation) throws SQLException {
        try (Connection connection = open();
                Statement skip = connection.createStatement();
                PreparedStatement update = connection.prepareStatement(
                        "UPDATE meta SET incarnation = ?, revision = revision + " + SKIPPED + " WHERE id = 1")) {
            connection.setAutoCommit(false);
            update.setString(1, incarnation);
            if (update.executeUpdate() != 1) {
                throw new SQLException("it is no store of a control plane");
            }
            for (String counter : counters(skip)) {
                skip.executeUpdate("UPDATE " + counter + " SET last = last + " + SKIPPED);
            }
            connection.commit();
        }
    }

    /** Of what is told by its number; a copy of an earlier version has fewer. */
    private static List<String> counters(Statement statement) throws SQLException {
        List<String> found = new ArrayList<>();
        try (ResultSet row = statement.executeQuery(
                "SELECT name FROM sqlite_master WHERE name IN ('event_counter', 'audit_counter')")) {
            while (row.next()) {
                found.add(row.getString(1));
            }
        }
        return found;
    }

    /** Of a file or a folder. */
    static void sync(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private Connection open() throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        // No file beside it that would have to be copied as well.
        config.setJournalMode(SQLiteConfig.JournalMode.DELETE);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        SQLiteDataSource source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + file);
        return source.getConnection();
    }
}
