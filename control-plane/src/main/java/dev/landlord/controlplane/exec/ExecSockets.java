package dev.landlord.controlplane.exec;

import dev.landlord.controlplane.certificate.NodeSockets;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.socket.config.annotation.WebSocketConfigurer;
import org.springframework.web.socket.config.annotation.WebSocketHandlerRegistry;

/** Puts the two kinds of sockets at their paths. */
@Configuration(proxyBeanMethods = false)
class ExecSockets implements WebSocketConfigurer {
    private final ExecSessions sessions;
    private final NodeSockets nodes;

    ExecSockets(ExecSessions sessions, NodeSockets nodes) {
        this.sessions = sessions;
        this.nodes = nodes;
    }

    @Override
    public void registerWebSocketHandlers(WebSocketHandlerRegistry registry) {
        registry.addHandler(nodes.watched(new ExecSocket.OfAgents(sessions)), "/node/v1/execs/*");
        registry.addHandler(new ExecSocket.OfClients(sessions), "/api/v1/tenants/*/execs/*");
    }
}
