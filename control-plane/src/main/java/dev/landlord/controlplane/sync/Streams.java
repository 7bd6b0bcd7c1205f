package dev.landlord.controlplane.sync;

import dev.landlord.api.id.NodeName;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.problem.ProblemCode;
import dev.landlord.controlplane.web.ProblemException;
import java.security.SecureRandom;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/**
 * The streams that are under way. An id is random, and good for one call of one node. A tenant has a bounded number of them,
 * and a new one takes the place of the quietest: a client that has gone while nothing was to be sent cannot be told from one
 * that waits, and must not keep its tenant out.
 */
@Component
final class Streams {
    static final int OF_TENANT_MAX = 16;
    static final int OPEN_MAX = 256;
    private static final int ID_BYTES = 16;

    private final Map<String, StreamSession> sessions = new ConcurrentHashMap<>();
    private final SecureRandom random = new SecureRandom();

    /** Opens one to an allocation of the tenant. */
    synchronized StreamSession create(NodeName node, TenantName tenant) {
        List<StreamSession> others = sessions.values().stream()
                .filter(session -> session.tenant().equals(tenant))
                .toList();
        if (others.size() >= OF_TENANT_MAX) {
            others.stream()
                    .max(Comparator.comparingLong(StreamSession::quietNanos))
                    .ifPresent(this::giveWay);
        }
        if (sessions.size() >= OPEN_MAX) {
            throw new ProblemException(
                    ProblemCode.UNAVAILABLE, OPEN_MAX + " streams are open already; try again later");
        }
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        StreamSession session = new StreamSession(HexFormat.of().formatHex(id), node, tenant);
        sessions.put(session.id(), session);
        return session;
    }

    private void giveWay(StreamSession session) {
        sessions.remove(session.id());
        session.end("gave way to a newer one: a tenant may have " + OF_TENANT_MAX + " at a time");
    }

    /** Empty also when it is another node's. */
    Optional<StreamSession> find(String id, NodeName node) {
        return Optional.ofNullable(sessions.get(id))
                .filter(session -> session.node().equals(node));
    }

    void close(StreamSession session) {
        sessions.remove(session.id());
        session.cancel();
    }
}
