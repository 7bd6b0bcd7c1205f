package dev.landlord.controlplane.event;

import dev.landlord.api.id.Id;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The history. Each tenant has its own share of it, so that a noisy one cannot push out what concerns others. Thread-safe:
 * appending happens on the one writer's thread.
 */
public final class Events {
    /** Kept per tenant, and for all that concerns none; a little more may be there between two trims. */
    static final int KEPT_PER_SCOPE = 1000;

    private static final int TRIM_INTERVAL = 100;
    private static final int MESSAGE_MAX = 1000;

    private final InstantSource clock;
    private final Map<String, Integer> appendedSinceTrim = new HashMap<>();

    public Events(InstantSource clock) {
        this.clock = clock;
    }

    /** Appends within the caller's transaction. */
    public void append(JdbcClient writer, EventRecord event) {
        long id = writer.sql("UPDATE event_counter SET last = last + 1 WHERE id = 1 RETURNING last")
                .query(Long.class)
                .single();
        String scope = event.tenant() == null ? "" : event.tenant().value();
        writer.sql("INSERT INTO event (id, scope, at, kind, tenant, workload, allocation, node, message)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
                .param(id)
                .param(scope)
                .param(clock.millis())
                .param(event.kind())
                .param(text(event.tenant()))
                .param(text(event.workload()))
                .param(text(event.allocation()))
                .param(text(event.node()))
                .param(cut(event.message()))
                .update();
        trim(writer, scope);
    }

    /** Reads one page. */
    public EventPage page(JdbcClient reader, EventQuery query) {
        Long after = query.after();
        List<EventView> found = new ArrayList<>(reader.sql(pageSql(query))
                .params(pageParameters(query))
                .query((row, number) -> read(row))
                .list());
        if (after == null) {
            Collections.reverse(found);
        }
        long next =
                found.isEmpty() ? (after == null ? 0 : after) : found.getLast().id();
        return new EventPage(found, next);
    }

    static String pageSql(EventQuery query) {
        return "SELECT id, at, kind, tenant, workload, allocation, node, message FROM event WHERE id > :after"
                // Said only if it is asked: a condition that allows for no tenant would not use the index.
                + (query.tenant() == null ? "" : " AND scope = :tenant")
                + (query.workload() == null ? "" : " AND workload = :workload")
                + (query.after() == null ? " ORDER BY id DESC" : " ORDER BY id") + " LIMIT :limit";
    }

    static Map<String, @Nullable Object> pageParameters(EventQuery query) {
        Map<String, @Nullable Object> parameters = new HashMap<>();
        parameters.put("after", query.after() == null ? 0L : query.after());
        parameters.put("tenant", text(query.tenant()));
        parameters.put("workload", text(query.workload()));
        parameters.put("limit", query.limit());
        return parameters;
    }

    private static EventView read(ResultSet row) throws SQLException {
        return new EventView(
                row.getLong("id"),
                row.getLong("at"),
                row.getString("kind"),
                row.getString("tenant"),
                row.getString("workload"),
                row.getString("allocation"),
                row.getString("node"),
                row.getString("message"));
    }

    /** The tenant is gone, and with it its history. */
    public void forget(JdbcClient writer, String tenant) {
        appendedSinceTrim.remove(tenant);
        writer.sql("DELETE FROM event WHERE scope = ?").param(tenant).update();
    }

    /** The first append after a start trims too, so that restarts cannot add up. */
    private void trim(JdbcClient writer, String scope) {
        int appended = appendedSinceTrim.merge(scope, 1, Integer::sum);
        if (appended > 1 && appended <= TRIM_INTERVAL) {
            return;
        }
        appendedSinceTrim.put(scope, 1);
        writer.sql("DELETE FROM event WHERE scope = ? AND id <="
                        + " (SELECT id FROM event WHERE scope = ? ORDER BY id DESC LIMIT 1 OFFSET " + KEPT_PER_SCOPE
                        + ")")
                .params(scope, scope)
                .update();
    }

    private static @Nullable String text(@Nullable Id id) {
        return id == null ? null : id.value();
    }

    private static String cut(String message) {
        return message.length() <= MESSAGE_MAX ? message : message.substring(0, MESSAGE_MAX);
    }
}
