package dev.landlord.controlplane.store;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/** A real server of PostgreSQL with a folder of its own, stopped when the run of the tests ends. */
final class PostgresServer implements AutoCloseable {
    private @Nullable EmbeddedPostgres server;
    private int made;

    synchronized StoreLocation.Postgres newDatabase() {
        String name = "test_" + ++made;
        StoreLocation.Postgres postgres = place("postgres");
        try (Connection connection = connect(postgres);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
        } catch (SQLException failure) {
            throw new IllegalStateException("create database " + name, failure);
        }
        return place(name);
    }

    long number(StoreLocation.Postgres place, String sql) throws SQLException {
        try (Connection connection = connect(place);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    private static Connection connect(StoreLocation.Postgres place) throws SQLException {
        return DriverManager.getConnection(place.url(), place.user(), place.password());
    }

    private StoreLocation.Postgres place(String database) {
        return new StoreLocation.Postgres(
                "jdbc:postgresql://127.0.0.1:" + running().getPort() + "/" + database, "postgres", "");
    }

    private EmbeddedPostgres running() {
        EmbeddedPostgres running = server;
        if (running == null) {
            try {
                running = EmbeddedPostgres.builder().setCleanDataDirectory(true).start();
            } catch (IOException failure) {
                throw new UncheckedIOException("start PostgreSQL", failure);
            }
            server = running;
        }
        return running;
    }

    @Override
    public synchronized void close() throws IOException {
        if (server != null) {
            server.close();
        }
    }
}
