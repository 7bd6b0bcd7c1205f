package dev.landlord.controlplane.node;

import dev.landlord.api.id.NodeName;
import dev.landlord.controlplane.replica.Beat;
import dev.landlord.controlplane.store.Database;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** When nodes were heard of, by any replica: each stores what it heard once a second, in one go. */
@Component
public final class Sightings implements Beat {
    private static final int ROWS_PER_STATEMENT = 500;

    private final Database database;
    private final Contacts contacts;

    Sightings(Database database, Contacts contacts) {
        this.database = database;
        this.contacts = contacts;
    }

    @Override
    public Runnable store(JdbcClient writer, String replica, long now) {
        Map<NodeName, Long> heard = contacts.unsaved();
        List<Map.Entry<NodeName, Long>> entries = new ArrayList<>(heard.entrySet());
        for (int from = 0; from < entries.size(); from += ROWS_PER_STATEMENT) {
            int to = Math.min(entries.size(), from + ROWS_PER_STATEMENT);
            store(writer, replica, now, entries.subList(from, to));
        }
        return () -> contacts.markSaved(heard);
    }

    /** Clocks of replicas differ, so that what is stored is how long ago it was, from the database's now. */
    private void store(JdbcClient writer, String replica, long now, List<Map.Entry<NodeName, Long>> heard) {
        String rows = String.join(", ", Collections.nCopies(heard.size(), "(CAST(? AS TEXT), CAST(? AS BIGINT))"));
        List<Object> values = new ArrayList<>(List.of(replica));
        heard.forEach(entry -> {
            values.add(entry.getKey().value());
            values.add(now - contacts.millisSince(entry.getValue()));
        });
        // "WHERE true" tells SQLite that the ON that follows is none of the join's.
        writer.sql(
                        "INSERT INTO node_seen (node, at, replica) SELECT node.name, heard.column2, CAST(? AS TEXT) FROM node"
                                + " JOIN (VALUES " + rows + ") AS heard ON node.name = heard.column1 WHERE true"
                                + " ON CONFLICT (node) DO UPDATE SET at = excluded.at, replica = excluded.replica"
                                + " WHERE node_seen.at <= excluded.at")
                .params(values)
                .update();
    }

    /** For how many milliseconds nodes have not been heard of by any replica, as far as that is stored. */
    public Map<NodeName, Long> silences(JdbcClient reader) {
        long now = database.now(reader);
        Map<NodeName, Long> silences = new HashMap<>();
        reader.sql("SELECT node, at FROM node_seen")
                .query((row, number) -> Map.entry(new NodeName(row.getString(1)), Math.max(0, now - row.getLong(2))))
                .list()
                .forEach(entry -> silences.put(entry.getKey(), entry.getValue()));
        return silences;
    }
}
