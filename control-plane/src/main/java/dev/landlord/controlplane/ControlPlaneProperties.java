package dev.landlord.controlplane;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What an operator may set, under {@code landlord}. Unknown names are refused, so that a misspelt one does not go unnoticed.
 *
 * @param stateDir holds the database, keys and first tokens; made 0700 if missing
 * @param bindAddress where all three listeners listen
 * @param advertisedNames host names and addresses for the server's certificate
 * @param publicPort REST; a port of 0 is any free one
 * @param nodePort agents
 * @param managementPort probes and metrics
 */
@ConfigurationProperties(prefix = "landlord", ignoreUnknownFields = false)
public record ControlPlaneProperties(
        @DefaultValue("/var/lib/landlord/control-plane") Path stateDir,
        @DefaultValue("127.0.0.1") InetAddress bindAddress,
        @DefaultValue({"localhost", "127.0.0.1"}) List<String> advertisedNames,
        @DefaultValue("7700") int publicPort,
        @DefaultValue("7701") int nodePort,
        @DefaultValue("7702") int managementPort) {
    public ControlPlaneProperties {
        advertisedNames = List.copyOf(advertisedNames);
        requirePort("landlord.public-port", publicPort);
        requirePort("landlord.node-port", nodePort);
        requirePort("landlord.management-port", managementPort);
        if (advertisedNames.isEmpty()) {
            throw new IllegalArgumentException("landlord.advertised-names must have at least one entry");
        }
    }

    private static void requirePort(String name, int port) {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException(name + " must be between 0 and 65535, was " + port);
        }
    }
}
