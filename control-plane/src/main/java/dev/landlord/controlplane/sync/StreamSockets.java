package dev.landlord.controlplane.sync;

import dev.landlord.controlplane.certificate.NodeSockets;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.socket.config.annotation.EnableWebSocket;
import org.springframework.web.socket.config.annotation.WebSocketConfigurer;
import org.springframework.web.socket.config.annotation.WebSocketHandlerRegistry;

/** Puts the streams' end for agents at its path. */
@Configuration(proxyBeanMethods = false)
@EnableWebSocket
class StreamSockets implements WebSocketConfigurer {
    private final StreamSocket socket;
    private final NodeSockets nodes;

    StreamSockets(StreamSocket socket, NodeSockets nodes) {
        this.socket = socket;
        this.nodes = nodes;
    }

    @Override
    public void registerWebSocketHandlers(WebSocketHandlerRegistry registry) {
        registry.addHandler(nodes.watched(socket), "/node/v1/streams/*");
    }
}
