package dev.landlord.controlplane.node;

import dev.landlord.api.id.NodeName;
import dev.landlord.api.node.NodeFacts;
import dev.landlord.controlplane.web.ProblemException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The table of nodes. Every method works within the caller's read or write. */
@Component
public final class Nodes {
    private static final String SELECT =
            "SELECT name, state, facts, joined_at, last_seen_at, generation, desired_sha256 FROM node";

    private final InstantSource clock;

    Nodes(InstantSource clock) {
        this.clock = clock;
    }

    /** All nodes by name. */
    public List<NodeRecord> all(JdbcClient reader) {
        return reader.sql(SELECT + " ORDER BY name")
                .query((row, number) -> read(row))
                .list();
    }

    public Optional<NodeRecord> find(JdbcClient reader, NodeName name) {
        return reader.sql(SELECT + " WHERE name = ?")
                .param(name.value())
                .query((row, number) -> read(row))
                .optional();
    }

    public NodeRecord require(JdbcClient reader, NodeName name) {
        return find(reader, name).orElseThrow(() -> ProblemException.notFound("node", name.value()));
    }

    /**
     * Adds a node, or lets one join again whose agent has lost what it knew. The number of its set goes on; that of a node
     * which was deleted too, because its host may still know the sets that it had.
     *
     * @param revision of the store: no set of any node has a greater number, since each takes a commit of its own
     */
    public void join(JdbcClient writer, NodeName name, long revision) {
        writer.sql("INSERT INTO node (name, state, joined_at, last_seen_at, generation, desired_sha256)"
                        + " VALUES (?, 'JOINED', ?, ?, ?, '')"
                        + " ON CONFLICT (name) DO UPDATE SET state = 'JOINED', joined_at = excluded.joined_at,"
                        + " last_seen_at = excluded.last_seen_at")
                .params(name.value(), clock.millis(), clock.millis(), revision)
                .update();
    }

    /** A report came: the node is ready. Returns the state that it was in, if that was another. */
    public Optional<NodeState> heard(JdbcClient writer, NodeRecord before, @Nullable NodeFacts facts) {
        NodeName name = before.name();
        if (facts != null) {
            String json = FactsJson.write(facts);
            writer.sql("UPDATE node SET facts = ? WHERE name = ? AND (facts IS NULL OR facts <> ?)")
                    .params(json, name.value(), json)
                    .update();
        }
        int changed = writer.sql("UPDATE node SET state = 'READY', last_seen_at = ? WHERE name = ?"
                        + " AND state <> 'READY' AND facts IS NOT NULL")
                .params(clock.millis(), name.value())
                .update();
        return changed == 1 ? Optional.of(before.state()) : Optional.empty();
    }

    /** A node has become silent. Returns false if it is not in the expected state any more. */
    public boolean changeState(JdbcClient writer, NodeName name, NodeState expected, NodeState next) {
        return writer.sql("UPDATE node SET state = ? WHERE name = ? AND state = ?")
                        .params(next.name(), name.value(), expected.name())
                        .update()
                == 1;
    }

    /** Stores when nodes were last heard of, epoch milliseconds. */
    public void saveLastSeen(JdbcClient writer, Map<NodeName, Long> lastSeen) {
        lastSeen.forEach(
                (name, at) -> writer.sql("UPDATE node SET last_seen_at = ? WHERE name = ? AND last_seen_at < ?")
                        .params(at, name.value(), at)
                        .update());
    }

    /**
     * Gives the node's desired set the next number if its digest is another than the stored one.
     *
     * @return the number that the set has now
     */
    public long number(JdbcClient writer, NodeName name, String desiredSha256) {
        writer.sql("UPDATE node SET generation = generation + 1, desired_sha256 = ?"
                        + " WHERE name = ? AND desired_sha256 <> ?")
                .params(desiredSha256, name.value(), desiredSha256)
                .update();
        return writer.sql("SELECT generation FROM node WHERE name = ?")
                .param(name.value())
                .query(Long.class)
                .single();
    }

    void delete(JdbcClient writer, NodeName name) {
        writer.sql("DELETE FROM node WHERE name = ?").param(name.value()).update();
    }

    private static NodeRecord read(ResultSet row) throws SQLException {
        String facts = row.getString("facts");
        return new NodeRecord(
                new NodeName(row.getString("name")),
                NodeState.valueOf(row.getString("state")),
                facts == null ? null : FactsJson.read(facts),
                row.getLong("joined_at"),
                row.getLong("last_seen_at"),
                row.getLong("generation"),
                row.getString("desired_sha256"));
    }
}
