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
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** A file of SQLite that nobody uses. */
record Copy(Path file) {
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

    /** So that agents take no set of it for a newer one of those that they were given since. */
    void begin(String incarnation) throws SQLException {
        try (Connection connection = open();
                PreparedStatement update =
                        connection.prepareStatement("UPDATE meta SET incarnation = ? WHERE id = 1")) {
            update.setString(1, incarnation);
            if (update.executeUpdate() != 1) {
                throw new SQLException("it is no store of a control plane");
            }
        }
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
