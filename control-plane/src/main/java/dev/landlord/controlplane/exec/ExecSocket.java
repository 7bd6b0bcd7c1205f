package dev.landlord.controlplane.exec;

import dev.landlord.controlplane.credential.Identity;
import dev.landlord.controlplane.credential.IdentityToken;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.PongMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.handler.BinaryWebSocketHandler;

/**
 * The sockets of sessions: those that agents dial back with, and those that clients open. That a tenant reaches only its own
 * paths, and an agent only those of agents, is decided before; whose session it is, here.
 */
abstract sealed class ExecSocket extends BinaryWebSocketHandler {
    private static final Logger LOG = LoggerFactory.getLogger(ExecSocket.class);

    private final Map<String, ExecSession> open = new ConcurrentHashMap<>();
    private final ExecSessions sessions;

    private ExecSocket(ExecSessions sessions) {
        this.sessions = sessions;
    }

    abstract boolean belongs(ExecSession session, WebSocketSession socket, List<String> path);

    abstract boolean takeUp(ExecSession session, SocketEnd end);

    abstract void said(ExecSession session, byte[] message) throws IOException, InterruptedException;

    abstract void lives(ExecSession session);

    abstract void gone(ExecSession session, CloseStatus status);

    /** {@code /node/v1/execs/{id}}. */
    static final class OfAgents extends ExecSocket {
        OfAgents(ExecSessions sessions) {
            super(sessions);
        }

        @Override
        boolean belongs(ExecSession session, WebSocketSession socket, List<String> path) {
            return socket.getPrincipal() instanceof IdentityToken token
                    && token.identity() instanceof Identity.Node node
                    && node.name().equals(session.node());
        }

        @Override
        boolean takeUp(ExecSession session, SocketEnd end) {
            return session.dialled(end);
        }

        @Override
        void said(ExecSession session, byte[] message) throws IOException, InterruptedException {
            session.fromAgent(message);
        }

        @Override
        void lives(ExecSession session) {
            session.heardFromAgent();
        }

        @Override
        void gone(ExecSession session, CloseStatus status) {
            session.agentGone(status);
        }
    }

    /** {@code /api/v1/tenants/{tenant}/execs/{id}}. */
    static final class OfClients extends ExecSocket {
        OfClients(ExecSessions sessions) {
            super(sessions);
        }

        @Override
        boolean belongs(ExecSession session, WebSocketSession socket, List<String> path) {
            return path.size() == 6 && path.get(3).equals(session.tenant().value());
        }

        @Override
        boolean takeUp(ExecSession session, SocketEnd end) {
            return session.attach(end);
        }

        @Override
        void said(ExecSession session, byte[] message) throws IOException {
            session.fromClient(message);
        }

        @Override
        void lives(ExecSession session) {
            session.heardFromClient();
        }

        @Override
        void gone(ExecSession session, CloseStatus status) {
            session.clientGone();
        }
    }

    @Override
    public void afterConnectionEstablished(WebSocketSession socket) throws IOException {
        URI uri = socket.getUri();
        List<String> path = uri == null
                ? List.of()
                : Arrays.stream(uri.getPath().split("/", -1)).skip(1).toList();
        Optional<ExecSession> session = (path.isEmpty() ? Optional.<ExecSession>empty() : sessions.find(path.getLast()))
                .filter(found -> belongs(found, socket, path));
        if (session.isEmpty()) {
            socket.close(CloseStatus.POLICY_VIOLATION.withReason("no such program waits for this caller"));
            return;
        }
        open.put(socket.getId(), session.get());
        if (!takeUp(session.get(), new SocketEnd(socket))) {
            open.remove(socket.getId());
            socket.close(CloseStatus.POLICY_VIOLATION.withReason("this program has its socket, or has ended"));
        }
    }

    /** Blocks while the other side's network is slow; this socket is not read meanwhile. */
    @Override
    protected void handleBinaryMessage(WebSocketSession socket, BinaryMessage message) {
        ExecSession session = open.get(socket.getId());
        if (session == null) {
            return;
        }
        ByteBuffer payload = message.getPayload();
        byte[] bytes = new byte[payload.remaining()];
        payload.get(bytes);
        try {
            said(session, bytes);
        } catch (IOException | IllegalArgumentException e) {
            session.end("it broke off: " + e.getMessage());
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            session.end("the control plane stops");
        }
    }

    @Override
    protected void handlePongMessage(WebSocketSession socket, PongMessage message) {
        ExecSession session = open.get(socket.getId());
        if (session != null) {
            lives(session);
        }
    }

    @Override
    public void handleTransportError(WebSocketSession socket, Throwable failure) {
        LOG.debug("Exec socket {}: {}", socket.getId(), failure.getMessage());
    }

    @Override
    public void afterConnectionClosed(WebSocketSession socket, CloseStatus status) {
        ExecSession session = open.remove(socket.getId());
        if (session != null) {
            gone(session, status);
        }
    }
}
