package dev.landlord.controlplane.node;

import dev.landlord.api.id.NodeName;
import dev.landlord.controlplane.replica.Beat;
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

    private final Contacts contacts;

    Sightings(Contacts contacts) {
        this.contacts = contacts;
    }

    @Override
    public Runnable store(JdbcClient writer, String replica, long now) {
        long began = contacts.now();
        raiseLostAfter(writer);
        Map<NodeName, Long> heard = contacts.unsaved();
        List<Map.Entry<NodeName, Long>> entries = new ArrayList<>(heard.entrySet());
        for (int from = 0; from < entries.size(); from += ROWS_PER_STATEMENT) {
            int to = Math.min(entries.size(), from + ROWS_PER_STATEMENT);
            store(writer, replica, now, entries.subList(from, to));
        }
        return () -> contacts.markSaved(heard, began);
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
                                + " ON CONFLICT (node) DO UPDATE SET at = excluded.at, replica = excluded.replica")
                .params(values)
                .update();
    }

    /** Before anything is granted upon it that another replica, or the next process, would not wait for. */
    private void raiseLostAfter(JdbcClient writer) {
        long mine = contacts.timing(contacts.size()).lostAfter();
        writer.sql("UPDATE leader SET lost_after = ? WHERE id = 1 AND lost_after < ?")
                .params(mine, mine)
                .update();
    }

    /** The longest silence, in milliseconds, that any replica has lately taken for none that makes a node lost. */
    public long lostAfter(JdbcClient reader) {
        return reader.sql("SELECT lost_after FROM leader WHERE id = 1")
                .query(Long.class)
                .single();
    }

    /** No lease is granted any more that would need longer. */
    public void lowerLostAfter(JdbcClient writer, long from, long to) {
        writer.sql("UPDATE leader SET lost_after = ? WHERE id = 1 AND lost_after = ?")
                .params(to, from)
                .update();
    }

    /**
     * When nodes were last heard of, by the clock of the database, which may jump: what can be relied upon is that another time
     * is there whenever one was heard of and somebody was told that he may rely on it.
     */
    public Map<NodeName, Long> stored(JdbcClient reader) {
        Map<NodeName, Long> stored = new HashMap<>();
        reader.sql("SELECT node, at FROM node_seen")
                .query((row, number) -> Map.entry(new NodeName(row.getString(1)), row.getLong(2)))
                .list()
                .forEach(entry -> stored.put(entry.getKey(), entry.getValue()));
        return stored;
    }
}
