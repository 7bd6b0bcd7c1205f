package dev.landlord.controlplane.certificate;

import dev.landlord.controlplane.credential.Admissions;
import dev.landlord.controlplane.credential.IdentityToken;
import dev.landlord.controlplane.store.StoreUnavailableException;
import dev.landlord.controlplane.tls.NodeSubject;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.handler.WebSocketHandlerDecorator;

/**
 * The sockets that agents have open. A request is decided on when it comes, and a socket may stay for days: those of a node
 * that is let in no more are closed within about a second. One whose certificate has only expired stays.
 */
@Component
public final class NodeSockets implements DisposableBean {
    private static final Logger LOG = LoggerFactory.getLogger(NodeSockets.class);
    private static final long LOOK_MILLIS = 1_000;

    private final Admissions admissions;
    private final Map<WebSocketSession, NodeSubject> open = new ConcurrentHashMap<>();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("node-sockets").factory());
    private final ScheduledFuture<?> looking;

    NodeSockets(Admissions admissions) {
        this.admissions = admissions;
        looking = clock.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** The same handler, whose sockets are watched. */
    public WebSocketHandler watched(WebSocketHandler handler) {
        return new Watched(handler);
    }

    private void look() {
        try {
            open.forEach((socket, subject) -> {
                if (!admissions.isGood(subject)) {
                    open.remove(socket);
                    // A peer that takes nothing may hold up whoever says goodbye.
                    Thread.startVirtualThread(() -> close(socket, subject));
                }
            });
        } catch (StoreUnavailableException unknown) {
            LOG.debug("Whether sockets of nodes may stay is not known: {}", unknown.getMessage());
        } catch (RuntimeException failure) {
            // One that came out would end the looks for good.
            LOG.warn("Whether sockets of nodes may stay is not known: {}", failure.toString());
        }
    }

    private static void close(WebSocketSession socket, NodeSubject subject) {
        LOG.info("A stream of node {} is closed: its certificate was revoked", subject.node());
        try {
            socket.close(CloseStatus.POLICY_VIOLATION.withReason("the certificate of the node was revoked"));
        } catch (IOException closing) {
            LOG.debug("Closing a stream of node {}: {}", subject.node(), closing.getMessage());
        }
    }

    @Override
    public void destroy() {
        looking.cancel(false);
        clock.shutdown();
    }

    private final class Watched extends WebSocketHandlerDecorator {
        Watched(WebSocketHandler handler) {
            super(handler);
        }

        @Override
        public void afterConnectionEstablished(WebSocketSession socket) throws Exception {
            if (socket.getPrincipal() instanceof IdentityToken token) {
                token.subject().ifPresent(subject -> open.put(socket, subject));
            }
            super.afterConnectionEstablished(socket);
        }

        @Override
        public void afterConnectionClosed(WebSocketSession socket, CloseStatus status) throws Exception {
            open.remove(socket);
            super.afterConnectionClosed(socket, status);
        }
    }
}
