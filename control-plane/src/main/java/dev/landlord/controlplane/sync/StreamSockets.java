package dev.landlord.controlplane.sync;

import org.springframework.context.annotation.Configuration;
import org.springframework.web.socket.config.annotation.EnableWebSocket;
import org.springframework.web.socket.config.annotation.WebSocketConfigurer;
import org.springframework.web.socket.config.annotation.WebSocketHandlerRegistry;

/** Puts the streams' end for agents at its path. */
@Configuration(proxyBeanMethods = false)
@EnableWebSocket
class StreamSockets implements WebSocketConfigurer {
    private final StreamSocket socket;

    StreamSockets(StreamSocket socket) {
        this.socket = socket;
    }

    @Override
    public void registerWebSocketHandlers(WebSocketHandlerRegistry registry) {
        registry.addHandler(socket, "/node/v1/streams/*");
    }
}
