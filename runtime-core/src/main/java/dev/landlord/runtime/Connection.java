package dev.landlord.runtime;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How a sandbox is connected: by a link of its own, over which it reaches the sandboxes with the same mark and, where the
 * host has an uplink, the world. Nothing on this host, and no sandbox with another mark, except by published ports.
 *
 * @param address of the sandbox, on this host used by no other that has not ended
 * @param tenantMark who it belongs to, the same for all sandboxes that may reach each other; not 0
 * @param ports published under ports of the host, at most 64
 */
public record Connection(Ipv4 address, int tenantMark, List<PublishedPort> ports) {
    private static final int MAX_PORTS = 64;

    public Connection {
        ports = List.copyOf(ports);
        if (tenantMark == 0) {
            throw new IllegalArgumentException("tenantMark must not be 0");
        }
        if (ports.size() > MAX_PORTS) {
            throw new IllegalArgumentException(
                    "at most " + MAX_PORTS + " ports can be published, were " + ports.size());
        }
        Set<String> taken = new HashSet<>();
        for (PublishedPort port : ports) {
            String name = port.protocol() + " port " + port.hostPort();
            if (!taken.add(name)) {
                throw new IllegalArgumentException(name + " is published twice");
            }
        }
    }

    /** Transport protocols with ports, by their numbers in IP. */
    public enum Protocol {
        TCP(6),
        UDP(17);

        private final int number;

        Protocol(int number) {
            this.number = number;
        }

        public int number() {
            return number;
        }
    }

    /**
     * @param port inside
     * @param hostPort under which the host's addresses lead to it, except those of 127.0.0.0/8; with its protocol used by
     *     no other sandbox
     */
    public record PublishedPort(Protocol protocol, int port, int hostPort) {
        public PublishedPort {
            if (port < 1 || port > 65_535 || hostPort < 1 || hostPort > 65_535) {
                throw new IllegalArgumentException("ports must be between 1 and 65535, were " + port + ", " + hostPort);
            }
        }
    }
}
