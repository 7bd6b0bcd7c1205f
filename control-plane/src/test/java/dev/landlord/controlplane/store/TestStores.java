package dev.landlord.controlplane.store;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives a test places for its stores: the same name is the same place for as long as the test runs. */
public final class TestStores {
    private final PostgresServer server;
    private final Map<String, StoreLocation.Postgres> databases = new HashMap<>();

    private TestStores(PostgresServer server) {
        this.server = server;
    }

    public StoreLocation place(StoreKind kind, Path folder, String name) {
        return switch (kind) {
            case SQLITE -> new StoreLocation.Sqlite(folder.resolve(name + ".db"));
            case POSTGRES -> postgres(name);
        };
    }

    /** What makes a whole control plane use a database of that kind. */
    public String[] settings(StoreKind kind) {
        return switch (kind) {
            case SQLITE -> new String[0];
            case POSTGRES -> {
                StoreLocation.Postgres place = postgres("landlord");
                yield new String[] {"database.url=" + place.url(), "database.user=" + place.user()};
            }
        };
    }

    StoreLocation.Postgres postgres(String name) {
        return databases.computeIfAbsent(name, fresh -> server.newDatabase());
    }

    /** Asks a database of the server, past the store. */
    long number(StoreLocation.Postgres place, String sql) throws SQLException {
        return server.number(place, sql);
    }

    /** One server for all tests of a run, started when the first asks for it. */
    public static final class Extension implements ParameterResolver {
        private static final Namespace NAMESPACE = Namespace.create(TestStores.class);

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == TestStores.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            PostgresServer server = context.getRoot()
                    .getStore(NAMESPACE)
                    .computeIfAbsent(PostgresServer.class, key -> new PostgresServer(), PostgresServer.class);
            return context.getStore(NAMESPACE)
                    .computeIfAbsent(TestStores.class, key -> new TestStores(server), TestStores.class);
        }
    }
}
