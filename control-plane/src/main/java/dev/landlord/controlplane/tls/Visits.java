package dev.landlord.controlplane.tls;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the connections of one listener are doing. Tomcat's own timeouts begin anew with each byte, so that a client which sends
 * one now and then would hold its connection for ever; these do not. Thread-safe.
 *
 * @param <C> a connection
 */
final class Visits<C> {
    private final long firstNanos;
    private final long nextNanos;
    private final Map<C, Visit> open = new ConcurrentHashMap<>();

    /**
     * None is open yet.
     *
     * @param firstNanos from the connection to the last byte of the first request's headers, TLS included
     * @param nextNanos from the end of a request to the last byte of the next one's headers
     */
    Visits(long firstNanos, long nextNanos) {
        this.firstNanos = firstNanos;
        this.nextNanos = nextNanos;
    }

    private static final class Visit {
        private long untilNanos;
        private int requests;
        private boolean trusted;
    }

    void opened(C connection, long nowNanos) {
        Visit visit = new Visit();
        visit.untilNanos = nowNanos + firstNanos;
        open.put(connection, visit);
    }

    /** A request's headers are complete. */
    void begun(C connection) {
        open.computeIfPresent(connection, (same, visit) -> {
            visit.requests++;
            return visit;
        });
    }

    /** What is left of a connection when a request on it is answered. */
    enum Rest {
        /** It may be used again. */
        KEPT,
        /** What is still to come of a refused body is read for a moment, and then it is enough. */
        REFUSED,
        /** It has a purpose beyond the request: what was begun on it goes on, with bounds of its own. */
        STAYING
    }

    /** A request is answered. */
    void ended(C connection, Rest rest, long nowNanos) {
        open.computeIfPresent(connection, (same, visit) -> {
            visit.requests--;
            visit.untilNanos = nowNanos + (rest == Rest.REFUSED ? firstNanos : nextNanos);
            visit.trusted |= rest == Rest.STAYING;
            return visit;
        });
    }

    /** Forgets all others. */
    void retain(Set<C> connections) {
        open.keySet().retainAll(connections);
    }

    /** Those that have taken too long, each told once. */
    List<C> expired(long nowNanos) {
        List<C> expired = new ArrayList<>();
        for (C connection : open.keySet()) {
            open.computeIfPresent(connection, (same, visit) -> {
                if (visit.requests > 0 || visit.trusted || nowNanos - visit.untilNanos < 0) {
                    return visit;
                }
                expired.add(connection);
                return null;
            });
        }
        return expired;
    }

    int size() {
        return open.size();
    }
}
