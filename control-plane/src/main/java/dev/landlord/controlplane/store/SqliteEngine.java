package dev.landlord.controlplane.store;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** One file, of one replica: a lock keeps others out. */
final class SqliteEngine implements Engine {
    private static final int BUSY_TIMEOUT_MILLIS = 10_000;

    private final Path file;
    private final SQLiteDataSource source;
    private final ReplicaLock lock;

    /** @throws StoreUnavailableException if another replica has the file */
    SqliteEngine(Path file) {
        this.file = file;
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        // NORMAL would lose acknowledged commits at power loss: in WAL mode only FULL syncs the log at each commit.
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.enforceForeignKeys(true);
        config.setBusyTimeout(BUSY_TIMEOUT_MILLIS);
        source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + file);
        lock = ReplicaLock.take(file);
    }

    @Override
    public void prepare() throws SQLException {
        createPrivate();
        Migrations.runOnSqlite(source);
    }

    @Override
    public Connection openWriter() throws SQLException {
        return source.getConnection();
    }

    @Override
    public Connection openReader() throws SQLException {
        Connection connection = source.getConnection();
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA query_only = ON");
        }
        return connection;
    }

    @Override
    public long beginWrite(Session session) throws SQLException {
        session.execute("BEGIN IMMEDIATE");
        return session.number(Meta.REVISION);
    }

    @Override
    public void beginRead(Session session) throws SQLException {
        session.execute("BEGIN");
    }

    @Override
    public long changes(Session session) throws SQLException {
        return session.number("SELECT total_changes()");
    }

    /** Nobody else is there to hear it. */
    @Override
    public void announce(Session session, long revision) {}

    @Override
    public void copyTo(Path copy) throws SQLException {
        try (Connection connection = source.getConnection();
                PreparedStatement statement = connection.prepareStatement("VACUUM INTO ?")) {
            statement.setString(1, copy.toString());
            statement.execute();
        }
    }

    @Override
    public String clock() {
        return "CAST(unixepoch('now', 'subsec') * 1000 AS INTEGER)";
    }

    @Override
    public Optional<CommitFeed> feed(Commits commits) {
        return Optional.empty();
    }

    @Override
    public void close() {
        lock.release();
    }

    @Override
    public String toString() {
        return file.toString();
    }

    private void createPrivate() throws SQLException {
        try {
            // The journal and the shared-memory file inherit this mode from SQLite.
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (FileAlreadyExistsException ignored) {
            // Keep what an operator has set.
            return;
        } catch (IOException failure) {
            throw new SQLException(failure.getMessage(), failure);
        }
    }
}
