package dev.landlord.api.workload;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How a replica is connected.
 *
 * @param ports at most 16, each name once, each protocol and port once; none unless the mode is ROUTED
 */
public record NetworkSpec(Mode mode, List<PortSpec> ports) {
    /** What a replica reaches. */
    public enum Mode {
        /** Nothing but its own loopback. */
        NONE,
        /** An address of its own: its tenant's other replicas, and the world through its node. */
        ROUTED
    }

    public static final int MAX_PORTS = 16;

    public static final NetworkSpec NONE = new NetworkSpec(Mode.NONE, List.of());

    public NetworkSpec {
        ports = List.copyOf(ports);
        if (ports.size() > MAX_PORTS) {
            throw new InvalidField("ports", "may have at most " + MAX_PORTS + " entries, had " + ports.size());
        }
        if (mode == Mode.NONE && !ports.isEmpty()) {
            throw new InvalidField("ports", "must be absent when network is none");
        }
        requireDistinct(ports);
    }

    private static void requireDistinct(List<PortSpec> ports) {
        Set<String> names = new HashSet<>();
        Set<String> numbers = new HashSet<>();
        Set<String> hostNumbers = new HashSet<>();
        for (PortSpec port : ports) {
            if (!names.add(port.name())) {
                throw new InvalidField("ports.name", "must be unique, was twice " + port.name());
            }
            if (!numbers.add(port.protocol() + "/" + port.port())) {
                throw new InvalidField("ports.port", "must be unique for a protocol, was twice " + port.port());
            }
            if (port.hostPort() != null && !hostNumbers.add(port.protocol() + "/" + port.hostPort())) {
                throw new InvalidField("ports.hostPort", "must be unique for a protocol, was twice " + port.hostPort());
            }
        }
    }
}
