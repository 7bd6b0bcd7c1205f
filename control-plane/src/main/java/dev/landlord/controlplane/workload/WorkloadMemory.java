package dev.landlord.controlplane.workload;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Reads all workloads, and the specs of those only that have changed since it last did: a pass over the cluster follows each
 * change, and a tenant may have megabytes of specs. It keeps what there is, and nothing else. Thread-safe.
 */
final class WorkloadMemory {
    /** A database that lost its last commits may give their numbers to others; so it is not believed for longer. */
    static final long BELIEVED_MILLIS = 60_000;

    private static final String SELECT = "SELECT tenant, name, spec_version, restart_counter, deleting, revision,"
            + " CASE WHEN revision > ? THEN spec END AS spec FROM workload ORDER BY tenant, name";

    private final InstantSource clock;
    private volatile Reading last = Reading.NOTHING;

    WorkloadMemory(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * What one reading found.
     *
     * @param newest the greatest number of a row; what changes later has a greater one
     * @param allReadAtMillis when every spec was read, and not only those that had changed
     */
    private record Reading(Map<Key, WorkloadRecord> records, long newest, long allReadAtMillis) {
        static final Reading NOTHING = new Reading(Map.of(), -1, 0);

        static Reading of(List<WorkloadRecord> found, long allReadAtMillis) {
            Map<Key, WorkloadRecord> records = HashMap.newHashMap(found.size());
            long newest = -1;
            for (WorkloadRecord record : found) {
                records.put(new Key(record.tenant().value(), record.name().value()), record);
                newest = Math.max(newest, record.revision());
            }
            return new Reading(records, newest, allReadAtMillis);
        }
    }

    private record Key(String tenant, String name) {}

    /** By tenant and name. */
    List<WorkloadRecord> all(JdbcClient reader) {
        long now = clock.millis();
        Reading before = believed(last, now);
        List<WorkloadRecord> all = reader.sql(SELECT)
                .param(before.newest)
                .query((row, number) -> record(reader, row, before))
                .list();
        last = Reading.of(all, before.records.isEmpty() ? now : before.allReadAtMillis);
        return all;
    }

    private static Reading believed(Reading last, long now) {
        boolean fresh = last.allReadAtMillis <= now && now - last.allReadAtMillis < BELIEVED_MILLIS;
        return fresh ? last : Reading.NOTHING;
    }

    private static WorkloadRecord record(JdbcClient reader, ResultSet row, Reading before) throws SQLException {
        Key key = new Key(row.getString("tenant"), row.getString("name"));
        WorkloadRecord known = before.records.get(key);
        if (known != null && known.revision() == row.getLong("revision")) {
            return known;
        }
        String spec = row.getString("spec");
        return Workloads.read(row, spec == null ? specOf(reader, key) : spec);
    }

    /** Of a row whose number is older than what is known, and is not what was known of it. */
    private static String specOf(JdbcClient reader, Key key) {
        return reader.sql("SELECT spec FROM workload WHERE tenant = ? AND name = ?")
                .params(key.tenant, key.name)
                .query(String.class)
                .single();
    }
}
