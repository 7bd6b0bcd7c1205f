package dev.landlord.controlplane.sync;

import dev.landlord.controlplane.credential.Identity;
import dev.landlord.controlplane.credential.IdentityToken;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.handler.BinaryWebSocketHandler;

/** The agent's end of streams: binary frames are bytes, a normal close is the end, any other is a failure. */
@Component
final class StreamSocket extends BinaryWebSocketHandler {
    private static final Logger LOG = LoggerFactory.getLogger(StreamSocket.class);

    private final Streams streams;
    private final Map<String, StreamSession> open = new ConcurrentHashMap<>();

    StreamSocket(Streams streams) {
        this.streams = streams;
    }

    @Override
    public void afterConnectionEstablished(WebSocketSession agent) throws IOException {
        Optional<StreamSession> session = session(agent);
        if (session.isEmpty()) {
            agent.close(CloseStatus.POLICY_VIOLATION.withReason("no such stream waits for this node"));
            return;
        }
        open.put(agent.getId(), session.get());
        if (!session.get().open(agent)) {
            open.remove(agent.getId());
            agent.close(CloseStatus.POLICY_VIOLATION.withReason("this stream was opened before"));
        }
    }

    private Optional<StreamSession> session(WebSocketSession agent) {
        URI uri = agent.getUri();
        if (uri == null
                || !(agent.getPrincipal() instanceof IdentityToken token)
                || !(token.identity() instanceof Identity.Node node)) {
            return Optional.empty();
        }
        String path = uri.getPath();
        return streams.find(path.substring(path.lastIndexOf('/') + 1), node.name());
    }

    /** Blocks while the client is slow; the socket is not read meanwhile. */
    @Override
    protected void handleBinaryMessage(WebSocketSession agent, BinaryMessage message) throws IOException {
        StreamSession session = open.get(agent.getId());
        ByteBuffer payload = message.getPayload();
        if (session == null || !payload.hasRemaining()) {
            return;
        }
        byte[] chunk = new byte[payload.remaining()];
        payload.get(chunk);
        try {
            if (!session.write(chunk)) {
                agent.close(CloseStatus.GOING_AWAY.withReason("the client is gone or too slow"));
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            agent.close(CloseStatus.GOING_AWAY.withReason("the control plane stops"));
        }
    }

    @Override
    public boolean supportsPartialMessages() {
        return true;
    }

    @Override
    public void handleTransportError(WebSocketSession agent, Throwable failure) {
        LOG.debug("Stream socket {}: {}", agent.getId(), failure.getMessage());
    }

    @Override
    public void afterConnectionClosed(WebSocketSession agent, CloseStatus status) {
        StreamSession session = open.remove(agent.getId());
        if (session != null) {
            boolean whole = status.getCode() == CloseStatus.NORMAL.getCode();
            session.end(whole ? null : "closed with " + status.getCode() + " " + status.getReason());
        }
    }
}
