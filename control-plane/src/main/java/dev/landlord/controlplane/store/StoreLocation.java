package dev.landlord.controlplane.store;

import java.nio.file.Path;

/** Where the store is. */
public sealed interface StoreLocation {
    /** A file of SQLite, for one replica. */
    record Sqlite(Path file) implements StoreLocation {}

    /**
     * A database of PostgreSQL 15 or newer, for any number of replicas.
     *
     * @param url {@code jdbc:postgresql://HOST[,HOST]/DATABASE}, with the driver's options
     */
    record Postgres(String url, String user, String password) implements StoreLocation {
        /** Without the password. */
        @Override
        public String toString() {
            return user + " at " + url;
        }
    }
}
