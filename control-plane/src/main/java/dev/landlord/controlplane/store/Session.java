package dev.landlord.controlplane.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** One thread's connection, opened when it is needed and anew after it broke. Not thread-safe. */
final class Session implements AutoCloseable {
    private static final int VALID_TIMEOUT_SECONDS = 2;

    /** Opens a connection. */
    interface Opening {
        Connection open() throws SQLException;
    }

    private final Opening opening;
    private @Nullable Connection connection;
    private @Nullable JdbcClient client;

    Session(Opening opening) {
        this.opening = opening;
    }

    Connection connection() throws SQLException {
        Connection open = connection;
        if (open == null) {
            open = opening.open();
            connection = open;
        }
        return open;
    }

    JdbcClient client() throws SQLException {
        JdbcClient made = client;
        if (made == null) {
            made = JdbcClient.create(new SingleConnectionDataSource(connection(), true));
            client = made;
        }
        return made;
    }

    void execute(String sql) throws SQLException {
        try (Statement statement = connection().createStatement()) {
            statement.execute(sql);
        }
    }

    long number(String sql) throws SQLException {
        try (PreparedStatement statement = connection().prepareStatement(sql);
                ResultSet row = statement.executeQuery()) {
            if (!row.next()) {
                throw new SQLException("no row: " + sql);
            }
            return row.getLong(1);
        }
    }

    /** After a failure: a connection that is of no use any more is thrown away. */
    void dropIfBroken() {
        Connection open = connection;
        if (open == null) {
            return;
        }
        boolean valid = attempt(() -> open.isValid(VALID_TIMEOUT_SECONDS));
        if (!valid) {
            close();
        }
    }

    @Override
    public void close() {
        Connection open = connection;
        connection = null;
        client = null;
        if (open != null) {
            attempt(() -> {
                open.close();
                return true;
            });
        }
    }

    private static boolean attempt(Callable<Boolean> step) {
        try {
            return step.call();
        } catch (Exception failure) {
            // A connection that cannot even be asked or closed is broken: whoever needs one opens another.
            return false;
        }
    }
}
