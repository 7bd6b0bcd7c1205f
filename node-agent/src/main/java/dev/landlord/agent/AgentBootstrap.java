package dev.landlord.agent;

import dev.landlord.agent.address.ControlPlanes;
import dev.landlord.agent.join.Joining;
import dev.landlord.agent.join.NodeCredentials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.support.GenericApplicationContext;

/**
 * What comes before everything else: configuration, state directory, and credentials, for the listener needs its
 * certificate before it opens. A node that joined before needs no control plane here.
 */
final class AgentBootstrap implements ApplicationContextInitializer<GenericApplicationContext> {
    private static final int MAX_TOKEN_BYTES = 1024;

    @Override
    public void initialize(GenericApplicationContext context) {
        AgentProperties properties = AgentProperties.of(context.getEnvironment());
        StateDirectory state = StateDirectory.take(properties.stateDir());
        state.withdrawAnnouncement();
        NodeCredentials credentials = credentials(properties, state);
        context.registerBean(AgentProperties.class, () -> properties);
        context.registerBean(StateDirectory.class, () -> state);
        context.registerBean(NodeCredentials.class, () -> credentials);
    }

    private static NodeCredentials credentials(AgentProperties properties, StateDirectory state) {
        try {
            ControlPlanes controlPlanes = new ControlPlanes(properties.controlPlaneUrl(), RandomGenerator.getDefault());
            return new Joining(controlPlanes, properties.nodeName(), state.path(), InstantSource.system())
                    .credentials(() -> token(properties));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConfigurationException("node " + properties.node() + ": interrupted while joining", e);
        }
    }

    private static Optional<String> token(AgentProperties properties) {
        @Nullable Path file = properties.joinTokenFile();
        if (file == null) {
            return Optional.ofNullable(properties.joinToken());
        }
        String property = AgentProperties.PREFIX + ".join-token-file: ";
        try {
            if (Files.size(file) > MAX_TOKEN_BYTES) {
                throw new ConfigurationException(property + file + " is not a token, it is too long", null);
            }
            return Optional.of(Files.readString(file).strip());
        } catch (IOException e) {
            throw new ConfigurationException(property + "read " + file + ": " + e, e);
        }
    }
}
