package dev.landlord.agent.drift;

import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.sync.LimitDrift;
import dev.landlord.runtime.LimitReading;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is told of drifts: the newest ones, and each only now and then while somebody writes the same again and again, so that
 * it does not push everything else out of a history. Pure but for its own memory. For one thread.
 */
public final class DriftNews {
    static final int MOST = LimitDrift.MAX_IN_REPORT;
    static final long QUIET_MILLIS = 600_000;
    static final int REMEMBERED = 4_096;

    private final Deque<LimitDrift> recent = new ArrayDeque<>();
    /** Oldest first. */
    private final Map<Key, Long> toldAtMillis = new LinkedHashMap<>();

    private record Key(TenantName tenant, @Nullable AllocationId allocation, String file, boolean repaired) {}

    public void add(Drift drift, long now) {
        Watched group = drift.group();
        LimitReading reading = drift.reading();
        Key key = new Key(group.tenant(), group.allocation(), reading.file(), drift.failure() == null);
        Long told = toldAtMillis.get(key);
        if (told != null && told <= now && now - told < QUIET_MILLIS) {
            return;
        }
        toldAtMillis.remove(key);
        toldAtMillis.put(key, now);
        if (toldAtMillis.size() > REMEMBERED) {
            toldAtMillis.remove(toldAtMillis.keySet().iterator().next());
        }
        recent.addLast(of(drift, now));
        if (recent.size() > MOST) {
            recent.removeFirst();
        }
    }

    /** Oldest first. */
    public List<LimitDrift> recent() {
        return List.copyOf(recent);
    }

    private static LimitDrift of(Drift drift, long now) {
        return new LimitDrift(
                drift.group().tenant(),
                drift.group().allocation(),
                drift.reading().limit(),
                drift.reading().file(),
                cut(drift.reading().wanted()),
                cut(drift.reading().found()),
                drift.failure() == null ? null : cut(drift.failure()),
                now);
    }

    /** Whoever is root may have written anything; a control plane refuses a report for one text that is too long. */
    private static String cut(String text) {
        return text.length() <= LimitDrift.MAX_TEXT ? text : text.substring(0, LimitDrift.MAX_TEXT);
    }
}
