package dev.landlord.agent.drift;

import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.TenantName;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is to be looked at: each group once per period, the one that has waited longest first. Pure but for its own
 * memory, which holds what was there at the last call. For one thread.
 */
final class Rounds {
    private final long periodMillis;
    private final int most;
    private final Map<Key, Long> lookedAtMillis = new HashMap<>();

    private record Key(TenantName tenant, @Nullable AllocationId allocation, int run) {
        static Key of(Watched group) {
            return new Key(group.tenant(), group.allocation(), group.run());
        }
    }

    /** @param most that may be looked at in one pass; with very many groups a round takes longer than a period */
    Rounds(long periodMillis, int most) {
        this.periodMillis = periodMillis;
        this.most = most;
    }

    /** Groups that are seen for the first time were just written, so that their first turn comes after a period. */
    List<Watched> due(List<Watched> groups, long now) {
        Set<Key> present = groups.stream().map(Key::of).collect(Collectors.toSet());
        lookedAtMillis.keySet().retainAll(present);
        present.forEach(key -> lookedAtMillis.putIfAbsent(key, now));
        List<Watched> due = groups.stream()
                .filter(group -> isDue(lookedAt(group), now))
                .sorted(Comparator.comparingLong(this::lookedAt))
                .limit(most)
                .toList();
        due.forEach(group -> lookedAtMillis.put(Key.of(group), now));
        return due;
    }

    private long lookedAt(Watched group) {
        return lookedAtMillis.getOrDefault(Key.of(group), 0L);
    }

    /** A clock that was set back must not put a look off. */
    private boolean isDue(long lookedAt, long now) {
        return now - lookedAt >= periodMillis || lookedAt > now;
    }
}
