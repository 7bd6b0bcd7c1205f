package dev.landlord.controlplane.node;

import dev.landlord.api.id.NodeName;
import dev.landlord.api.node.NodeFacts;
import dev.landlord.controlplane.network.ClusterAddresses;
import dev.landlord.controlplane.network.Subnet;
import dev.landlord.controlplane.web.ProblemException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The table of nodes. Every method works within the caller's read or write. */
@Component
public final class Nodes {
    private static final String SELECT =
            "SELECT name, state, facts, joined_at, CASE WHEN seen.at > last_seen_at THEN seen.at ELSE last_seen_at END"
                    + " AS last_seen_at, generation, desired_sha256, duty, state_since, loss_confirmed, subnet_first,"
                    + " subnet_last FROM node LEFT JOIN node_seen seen ON seen.node = node.name";

    private final InstantSource clock;
    private final ClusterAddresses addresses;

    Nodes(InstantSource clock, ClusterAddresses addresses) {
        this.clock = clock;
        this.addresses = addresses;
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

    /** The names of those that are lost. */
    public Set<NodeName> lost(JdbcClient reader) {
        return reader.sql("SELECT name FROM node WHERE state = 'LOST'")
                .query((row, number) -> new NodeName(row.getString(1)))
                .set();
    }

    public NodeRecord require(JdbcClient reader, NodeName name) {
        return find(reader, name).orElseThrow(() -> ProblemException.notFound("node", name.value()));
    }

    /**
     * Adds a node, or lets one join again whose agent has lost what it knew. The number of its set goes on; that of a node
     * which was deleted too, because its host may still know the sets that it had.
     *
     * @param revision of the store: no set of any node has a greater number, since each takes a commit of its own
     * @param storeNow by the clock of the database, epoch milliseconds: its silence begins then, for whichever replica leads
     */
    public void join(JdbcClient writer, NodeName name, long revision, long storeNow) {
        long now = clock.millis();
        writer.sql("INSERT INTO node (name, state, state_since, joined_at, last_seen_at, generation, desired_sha256)"
                        + " VALUES (?, 'JOINED', ?, ?, ?, ?, '')"
                        + " ON CONFLICT (name) DO UPDATE SET state = 'JOINED', state_since = excluded.state_since,"
                        + " joined_at = excluded.joined_at, last_seen_at = excluded.last_seen_at, loss_confirmed = 0")
                .params(name.value(), now, now, now, revision)
                .update();
        writer.sql("INSERT INTO node_seen (node, at, replica) VALUES (?, ?, '')"
                        + " ON CONFLICT (node) DO UPDATE SET at = excluded.at")
                .params(name.value(), storeNow)
                .update();
        giveSubnet(writer, name);
    }

    /** Gives a node that has none the lowest free part of the cluster's addresses; does nothing when none is left. */
    private void giveSubnet(JdbcClient writer, NodeName name) {
        List<Subnet> taken = writer.sql("SELECT subnet_first, subnet_last FROM node WHERE subnet_first IS NOT NULL")
                .query((row, number) -> Subnet.between(row.getLong(1), row.getLong(2)))
                .list();
        addresses
                .cluster()
                .lowestFree(addresses.nodePrefix(), taken)
                .ifPresent(subnet -> writer.sql("UPDATE node SET subnet_first = :first, subnet_last = :last"
                                + " WHERE name = :name AND subnet_first IS NULL AND NOT EXISTS (SELECT 1 FROM node o"
                                + " WHERE o.subnet_first <= :last AND o.subnet_last >= :first)")
                        .param("first", subnet.first())
                        .param("last", subnet.last())
                        .param("name", name.value())
                        .update());
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
        if (before.subnet() == null) {
            giveSubnet(writer, name);
        }
        int changed = writer.sql("UPDATE node SET state = 'READY', state_since = ?, last_seen_at = ?,"
                        + " loss_confirmed = 0 WHERE name = ? AND state <> 'READY' AND facts IS NOT NULL")
                .params(clock.millis(), clock.millis(), name.value())
                .update();
        return changed == 1 ? Optional.of(before.state()) : Optional.empty();
    }

    /** A node has become silent. Returns false if it is not in the expected state any more. */
    public boolean changeState(JdbcClient writer, NodeName name, NodeState expected, NodeState next) {
        return writer.sql("UPDATE node SET state = ?, state_since = ? WHERE name = ? AND state = ?")
                        .params(next.name(), clock.millis(), name.value(), expected.name())
                        .update()
                == 1;
    }

    /** Returns false if the node is not there or has that duty already. */
    boolean setDuty(JdbcClient writer, NodeName name, NodeDuty duty) {
        return writer.sql("UPDATE node SET duty = ? WHERE name = ? AND duty <> ?")
                        .params(duty.name(), name.value(), duty.name())
                        .update()
                == 1;
    }

    /** What is lost now is to be replaced, however much it is. Returns the nodes of which that was not said yet. */
    List<NodeName> confirmLosses(JdbcClient writer) {
        return writer.sql(
                        "UPDATE node SET loss_confirmed = 1 WHERE state = 'LOST' AND loss_confirmed = 0 RETURNING name")
                .query((row, number) -> new NodeName(row.getString(1)))
                .list();
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
                row.getString("desired_sha256"),
                NodeDuty.valueOf(row.getString("duty")),
                row.getLong("state_since"),
                row.getLong("loss_confirmed") == 1,
                subnet(row));
    }

    private static @Nullable Subnet subnet(ResultSet row) throws SQLException {
        long first = row.getLong("subnet_first");
        return row.wasNull() ? null : Subnet.between(first, row.getLong("subnet_last"));
    }
}
