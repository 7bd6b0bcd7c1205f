package dev.landlord.controlplane.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A database of PostgreSQL, shared by any number of replicas. The row of the revision is locked from the begin of a write to
 * its commit, so that there is one writer at a time, as with SQLite.
 */
final class PostgresEngine implements Engine {
    private static final String CHANNEL = "landlord_commit";

    private static final int CONNECT_TIMEOUT_SECONDS = 5;
    private static final int LOGIN_TIMEOUT_SECONDS = 10;
    /** A stopped or cut-off replica must not hold the row of the revision for longer: all others wait for it. */
    private static final String WRITER_LIMITS = "SET idle_in_transaction_session_timeout = '2s';"
            + " SET lock_timeout = '10s'; SET synchronous_commit = on;"
            + " SET tcp_keepalives_idle = 5; SET tcp_keepalives_interval = 2; SET tcp_keepalives_count = 3";

    /** Longer than the database itself waits before it refuses: only one that is cut off, and not slow, is given up. */
    private static final int WRITER_SILENCE_MILLIS = 15_000;

    private static final int READER_SILENCE_MILLIS = 40_000;
    private static final String READER_LIMITS = "SET default_transaction_read_only = on; SET statement_timeout = '30s'";

    /**
     * Versions that had to be alone hold it exclusively: such a one would schedule beside a leader, and know of none. The
     * number must stay the same over all versions.
     */
    private static final String TAKE_LOCK = "SELECT CASE WHEN pg_try_advisory_lock_shared(7700) THEN 1 ELSE 0 END";

    private final PGSimpleDataSource source = new PGSimpleDataSource();
    private final StoreLocation.Postgres location;
    private final AtomicReference<@Nullable String> life = new AtomicReference<>();

    PostgresEngine(StoreLocation.Postgres location) {
        source.setUrl(location.url());
        source.setUser(location.user());
        source.setPassword(location.password());
        source.setApplicationName("landlord");
        source.setTcpKeepAlive(true);
        source.setConnectTimeout(CONNECT_TIMEOUT_SECONDS);
        source.setLoginTimeout(LOGIN_TIMEOUT_SECONDS);
        this.location = location;
    }

    /** Counts of changed rows are how the store knows that something changed. */
    @Override
    public void prepare() throws SQLException {
        try (Connection connection = source.getConnection();
                Session session = new Session(() -> connection)) {
            if (session.number("SELECT count(*) FROM pg_settings WHERE name = 'track_counts' AND setting = 'on'")
                    != 1) {
                throw new SQLException("track_counts is off, and the store needs it");
            }
        }
        Migrations.runOnPostgres(source);
    }

    @Override
    public Connection openWriter() throws SQLException {
        Connection connection = open(WRITER_LIMITS, WRITER_SILENCE_MILLIS);
        if (!takesLock(connection)) {
            connection.close();
            throw new SQLException("the database is in use by a control plane of a version that must be alone");
        }
        return connection;
    }

    private static boolean takesLock(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(TAKE_LOCK)) {
            return row.next() && row.getInt(1) == 1;
        }
    }

    @Override
    public Connection openReader() throws SQLException {
        return open(READER_LIMITS, READER_SILENCE_MILLIS);
    }

    /** @param silenceMillis without a word from the database, after which the connection counts as broken */
    private Connection open(String first, int silenceMillis) throws SQLException {
        Connection connection = source.getConnection();
        try (Statement statement = connection.createStatement()) {
            connection.setNetworkTimeout(Runnable::run, silenceMillis);
            statement.execute(first);
            requireSameLife(statement);
            return connection;
        } catch (SQLException | RuntimeException failure) {
            connection.close();
            throw failure;
        }
    }

    /** A database that was restored under a running control plane knows less than it was told: it would lead by what is gone. */
    private void requireSameLife(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT incarnation FROM meta WHERE id = 1")) {
            String now = row.next() ? row.getString(1) : null;
            if (now == null || life.compareAndSet(null, now)) {
                return;
            }
            if (!now.equals(life.get())) {
                throw new SQLException("the database was restored: start the control plane again");
            }
        }
    }

    @Override
    public long beginWrite(Session session) throws SQLException {
        session.execute("BEGIN");
        return session.number(Meta.REVISION + " FOR UPDATE");
    }

    @Override
    public void beginRead(Session session) throws SQLException {
        session.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    }

    @Override
    public long changes(Session session) throws SQLException {
        return session.number(
                "SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) FROM pg_stat_xact_user_tables");
    }

    @Override
    public void announce(Session session, long revision) throws SQLException {
        try (PreparedStatement notify = session.connection().prepareStatement("SELECT pg_notify(?, ?)")) {
            notify.setString(1, CHANNEL);
            notify.setString(2, Long.toString(revision));
            notify.execute();
        }
    }

    @Override
    public void copyTo(Path file) {
        throw new UnsupportedOperationException("PostgreSQL has its own tools for that");
    }

    @Override
    public String clock() {
        return "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)";
    }

    @Override
    public Optional<CommitFeed> feed(Commits commits) {
        return Optional.of(new CommitFeed(() -> open("LISTEN " + CHANNEL, WRITER_SILENCE_MILLIS), commits));
    }

    @Override
    public void close() {}

    @Override
    public String toString() {
        return location.url();
    }
}
