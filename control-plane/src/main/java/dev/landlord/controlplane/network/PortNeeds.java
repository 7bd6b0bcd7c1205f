package dev.landlord.controlplane.network;

import dev.landlord.api.workload.NetworkSpec;
import dev.landlord.api.workload.PortSpec;
import dev.landlord.api.workload.Protocol;
import java.util.ArrayList;
import java.util.List;

/**
 * What a replica asks of its node's ports, counted once for a search over many nodes.
 *
 * @param fixed asked for by number
 * @param tcp how many of any number
 * @param udp likewise
 */
public record PortNeeds(List<HostPort> fixed, int tcp, int udp) {
    public PortNeeds {
        fixed = List.copyOf(fixed);
    }

    public static PortNeeds of(NetworkSpec network) {
        List<HostPort> fixed = new ArrayList<>();
        int tcp = 0;
        int udp = 0;
        for (PortSpec port : network.ports()) {
            if (port.hostPort() != null) {
                fixed.add(new HostPort(port.protocol(), port.hostPort()));
            } else if (port.protocol() == Protocol.TCP) {
                tcp++;
            } else {
                udp++;
            }
        }
        return new PortNeeds(fixed, tcp, udp);
    }

    public boolean isNothing() {
        return fixed.isEmpty() && tcp == 0 && udp == 0;
    }

    int any(Protocol protocol) {
        return switch (protocol) {
            case TCP -> tcp;
            case UDP -> udp;
        };
    }
}
