package dev.landlord.agent.reconcile;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Things whose last operation failed, and how long to leave them alone before it is tried again: twice as long each time,
 * at most {@link #MAX_WAIT_MILLIS}.
 *
 * @param <K> what is in trouble
 */
final class Trouble<K> {
    static final long MAX_WAIT_MILLIS = 10_000;
    private static final long FIRST_WAIT_MILLIS = 250;

    private final Map<K, Entry> entries = new HashMap<>();

    private record Entry(String message, int failures, long untilMillis) {
        /** A clock that was set back must not turn a wait of seconds into one of hours. */
        boolean restsAt(long now) {
            return untilMillis > now && untilMillis - now <= MAX_WAIT_MILLIS;
        }
    }

    void failed(K key, String message, long now) {
        Entry before = entries.get(key);
        int failures = before == null ? 1 : Math.min(before.failures + 1, 16);
        long wait = Math.min(MAX_WAIT_MILLIS, FIRST_WAIT_MILLIS << (failures - 1));
        entries.put(key, new Entry(message, failures, now + wait));
    }

    void succeeded(K key) {
        entries.remove(key);
    }

    void keepOnly(Predicate<K> known) {
        entries.keySet().removeIf(known.negate());
    }

    @Nullable
    String message(K key) {
        Entry entry = entries.get(key);
        return entry == null ? null : entry.message;
    }

    /** Those that are not to be touched now. */
    Set<K> resting(long now) {
        Set<K> resting = new HashSet<>();
        entries.forEach((key, entry) -> {
            if (entry.restsAt(now)) {
                resting.add(key);
            }
        });
        return resting;
    }

    /** When the first of the resting may be touched again; {@link Long#MAX_VALUE} if none rests. */
    long nextTry(long now) {
        return entries.values().stream()
                .filter(entry -> entry.restsAt(now))
                .mapToLong(Entry::untilMillis)
                .min()
                .orElse(Long.MAX_VALUE);
    }
}
