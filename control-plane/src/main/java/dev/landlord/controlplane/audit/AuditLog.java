package dev.landlord.controlplane.audit;

import dev.landlord.controlplane.audit.AuditEntry.Actor;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The table of entries. A tenant has a share of its own, and in it one for what was refused, so that no storm of requests can
 * push out what was done. Appending happens on the one writer's thread.
 */
final class AuditLog {
    /** Kept of what was done by or to one tenant, and of what concerns none; a little more between two trims. */
    static final int KEPT_ACCEPTED = 10_000;

    static final int KEPT_REFUSED = 1000;
    static final Duration KEPT_FOR = Duration.ofDays(400);

    private static final int TRIM_INTERVAL = 100;
    private static final int TEXT_MAX = 1000;
    private static final String COLUMNS = "id, at, tenant, actor_kind, actor, token_id, request_id, method, resource,"
            + " outcome, detail, before_state, after_state";

    private final InstantSource clock;
    private final Map<String, Integer> appendedSinceTrim = new HashMap<>();

    AuditLog(InstantSource clock) {
        this.clock = clock;
    }

    /** Appends within the caller's transaction; the entry's id and time are given here. */
    void append(JdbcClient writer, AuditEntry entry) {
        long id = writer.sql("UPDATE audit_counter SET last = last + 1 WHERE id = 1 RETURNING last")
                .query(Long.class)
                .single();
        String scope = (entry.tenant() == null ? "" : entry.tenant()) + (entry.isAccepted() ? "/accepted" : "/refused");
        writer.sql("INSERT INTO audit (scope, " + COLUMNS + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
                .param(scope)
                .param(id)
                .param(clock.millis())
                .param(entry.tenant())
                .param(entry.actor().kind())
                .param(entry.actor().name() == null ? "" : entry.actor().name())
                .param(entry.actor().token())
                .param(entry.requestId())
                .param(entry.method())
                .param(cut(entry.resource()))
                .param(entry.outcome())
                .param(entry.detail() == null ? null : cut(entry.detail()))
                .param(entry.before())
                .param(entry.after())
                .update();
        trim(writer, scope, entry.isAccepted() ? KEPT_ACCEPTED : KEPT_REFUSED);
    }

    /** One page, oldest first. What an earlier tenant of the same name did is not its namesake's. */
    List<AuditEntry> page(JdbcClient reader, AuditQuery query) {
        String sql = "SELECT " + COLUMNS + " FROM audit WHERE id > :after"
                + (query.tenant() == null ? "" : " AND tenant = :tenant")
                + (query.own() ? " AND at >= (SELECT created_at FROM tenant WHERE name = :tenant)" : "")
                + (query.after() == null ? " ORDER BY id DESC" : " ORDER BY id") + " LIMIT :limit";
        Map<String, @Nullable Object> parameters = new HashMap<>();
        parameters.put("after", query.after() == null ? 0L : query.after());
        parameters.put("tenant", query.tenant() == null ? null : query.tenant().value());
        parameters.put("limit", query.limit());
        List<AuditEntry> found = new ArrayList<>(reader.sql(sql)
                .params(parameters)
                .query((row, number) -> read(row))
                .list());
        if (query.after() == null) {
            Collections.reverse(found);
        }
        return found;
    }

    /** The first append after a start trims too, so that restarts cannot add up. */
    private void trim(JdbcClient writer, String scope, int kept) {
        int appended = appendedSinceTrim.merge(scope, 1, Integer::sum);
        if (appended > 1 && appended <= TRIM_INTERVAL) {
            return;
        }
        if (appendedSinceTrim.size() > KEPT_ACCEPTED) {
            // Forgotten ones trim once more than they would have to.
            appendedSinceTrim.clear();
        }
        appendedSinceTrim.put(scope, 1);
        writer.sql("DELETE FROM audit WHERE scope = ? AND id <="
                        + " (SELECT id FROM audit WHERE scope = ? ORDER BY id DESC LIMIT 1 OFFSET " + kept + ")")
                .params(scope, scope)
                .update();
        writer.sql("DELETE FROM audit WHERE at < ?")
                .param(clock.millis() - KEPT_FOR.toMillis())
                .update();
    }

    private static AuditEntry read(ResultSet row) throws SQLException {
        String actor = row.getString("actor");
        return new AuditEntry(
                row.getLong("id"),
                row.getLong("at"),
                row.getString("tenant"),
                new Actor(row.getString("actor_kind"), actor.isEmpty() ? null : actor, row.getString("token_id")),
                row.getString("request_id"),
                row.getString("method"),
                row.getString("resource"),
                row.getString("outcome"),
                row.getString("detail"),
                row.getString("before_state"),
                row.getString("after_state"));
    }

    private static String cut(String text) {
        return text.length() <= TEXT_MAX ? text : text.substring(0, TEXT_MAX);
    }
}
