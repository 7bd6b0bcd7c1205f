package dev.landlord.controlplane.store;

import java.sql.SQLException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The one row that says which database this is and how often it changed. */
record Meta(String incarnation, long revision) {
    static final String REVISION = "SELECT revision FROM meta WHERE id = 1";

    /** Reads the row; a new database gets the given incarnation first. */
    static Meta load(Session session, String newIncarnation) throws SQLException {
        JdbcClient client = session.client();
        client.sql("INSERT INTO meta (id, incarnation, revision) VALUES (1, ?, 0) ON CONFLICT (id) DO NOTHING")
                .param(newIncarnation)
                .update();
        return client.sql("SELECT incarnation, revision FROM meta WHERE id = 1")
                .query((row, number) -> new Meta(row.getString(1), row.getLong(2)))
                .single();
    }
}
