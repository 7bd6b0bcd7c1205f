package dev.landlord.controlplane.credential;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Remembers whose the recently used tokens are. Unknown tokens are not remembered, so that guessing fills nothing. A load
 * that overlaps a revocation is not kept, because it may have read the state before it.
 */
final class IdentityCache {
    private static final int CAPACITY = 10_000;

    private final Map<String, Identity> identities = new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Identity> eldest) {
            return size() > CAPACITY;
        }
    };
    private boolean revoking;
    private long drops;

    Optional<Identity> get(String digest, Function<String, Optional<Identity>> load) {
        long before;
        synchronized (this) {
            Identity known = identities.get(digest);
            if (known != null) {
                return Optional.of(known);
            }
            before = drops;
        }
        Optional<Identity> loaded = load.apply(digest);
        synchronized (this) {
            if (drops == before) {
                loaded.ifPresent(identity -> identities.put(digest, identity));
            }
        }
        return loaded;
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
        identities.clear();
    }
}
