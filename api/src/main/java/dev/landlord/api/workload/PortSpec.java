package dev.landlord.api.workload;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A port of a replica that is to be reachable under its node's address.
 *
 * @param name unique within the workload, 1 to 20 characters of {@code [a-z0-9-]}
 * @param port on which the program listens, 1 to 65,535
 * @param hostPort a certain port of the node, which then is a constraint on where a replica can run; null for any free one
 */
public record PortSpec(
        String name, int port, Protocol protocol, @Nullable Integer hostPort) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,18}[a-z0-9])?");

    public PortSpec {
        if (!NAME.matcher(name).matches()) {
            throw new InvalidField("ports.name", "must match " + NAME.pattern());
        }
        requirePort("ports.port", port);
        if (hostPort != null) {
            requirePort("ports.hostPort", hostPort);
        }
    }

    private static void requirePort(String field, int port) {
        if (port < 1 || port > 65_535) {
            throw new InvalidField(field, "must be between 1 and 65535, was " + port);
        }
    }
}
