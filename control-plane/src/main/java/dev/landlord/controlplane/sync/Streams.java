package dev.landlord.controlplane.sync;

import dev.landlord.api.id.NodeName;
import dev.landlord.api.problem.ProblemCode;
import dev.landlord.controlplane.web.ProblemException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/** The streams that are under way. An id is random, and good for one call of one node. */
@Component
final class Streams {
    private static final int OPEN_MAX = 256;
    private static final int ID_BYTES = 16;

    private final Map<String, StreamSession> sessions = new ConcurrentHashMap<>();
    private final SecureRandom random = new SecureRandom();

    StreamSession create(NodeName node) {
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        StreamSession session = new StreamSession(HexFormat.of().formatHex(id), node);
        sessions.put(session.id(), session);
        if (sessions.size() > OPEN_MAX) {
            close(session);
            throw new ProblemException(
                    ProblemCode.UNAVAILABLE, OPEN_MAX + " streams are open already; try again later");
        }
        return session;
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
