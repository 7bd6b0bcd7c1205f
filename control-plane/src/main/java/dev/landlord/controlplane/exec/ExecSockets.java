package dev.landlord.controlplane.exec;

import org.springframework.context.annotation.Configuration;
import org.springframework.web.socket.config.annotation.WebSocketConfigurer;
import org.springframework.web.socket.config.annotation.WebSocketHandlerRegistry;

/** Puts the two kinds of sockets at their paths. */
@Configuration(proxyBeanMethods = false)
class ExecSockets implements WebSocketConfigurer {
    private final ExecSessions sessions;

    ExecSockets(ExecSessions sessions) {
        this.sessions = sessions;
    }

    @Override
    public void registerWebSocketHandlers(WebSocketHandlerRegistry registry) {
        registry.addHandler(new ExecSocket.OfAgents(sessions), "/node/v1/execs/*");
        registry.addHandler(new ExecSocket.OfClients(sessions), "/api/v1/tenants/*/execs/*");
    }
}
