package dev.landlord.controlplane.credential;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Remembers whose the recently used tokens are. Unknown tokens are not remembered, so that guessing fills nothing. A load
 * that overlaps a revocation is not kept, because it may have read the state before it.
 */
final class IdentityCache {
    private static final int CAPACITY = 10_000;

    private final Map<String, Holder> holders = new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Holder> eldest) {
            return size() > CAPACITY;
        }
    };
    private boolean revoking;
    private long drops;

    /** @param mayUse whether what is remembered is good enough */
    Optional<Holder> get(String digest, Predicate<Holder> mayUse, Function<String, Optional<Holder>> load) {
        long before;
        synchronized (this) {
            Holder known = holders.get(digest);
            if (known != null && mayUse.test(known)) {
                return Optional.of(known);
            }
            before = drops;
        }
        Optional<Holder> loaded = load.apply(digest);
        synchronized (this) {
            if (drops == before) {
                loaded.ifPresentOrElse(holder -> holders.put(digest, holder), () -> holders.remove(digest));
            }
        }
        return loaded;
    }

    /** Whether a token of that digest was good of late. */
    synchronized boolean knows(String digest) {
        return holders.containsKey(digest);
    }

    /** A transaction that revokes has begun; its commit, or any earlier one, will drop everything. */
    synchronized void revoking() {
        revoking = true;
    }

    synchronized void dropIfRevoked() {
        if (revoking) {
            revoking = false;
            drop();
        }
    }

    synchronized void drop() {
        drops++;
        holders.clear();
    }
}
