package dev.landlord.controlplane.network;

import dev.landlord.api.workload.Protocol;

/** A port of a node. */
public record HostPort(Protocol protocol, int port) {
    /** {@code 80/tcp}. */
    @Override
    public String toString() {
        return port + "/" + (protocol == Protocol.TCP ? "tcp" : "udp");
    }
}
