package dev.landlord.controlplane.network;

import dev.landlord.api.network.NodeNetwork;
import dev.landlord.api.workload.NetworkSpec;
import dev.landlord.api.workload.PortSpec;
import dev.landlord.api.workload.Protocol;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which addresses and host ports of one node are taken. For one thread. */
public final class WiringBook {
    private final int lastHost;
    private final @Nullable NodeNetwork offer;
    private final BitSet hosts = new BitSet();
    private final BitSet tcp = new BitSet();
    private final BitSet udp = new BitSet();
    private int hostsTaken;
    private int tcpTaken;
    private int udpTaken;

    /**
     * Nothing is taken yet.
     *
     * @param lastHost highest number of an address, below {@link Subnet#FIRST_HOST} if the node has none
     * @param offer null when the node publishes nothing
     */
    public WiringBook(int lastHost, @Nullable NodeNetwork offer) {
        this.lastHost = lastHost;
        this.offer = offer;
    }

    /** Books what an allocation has. */
    public void take(Wiring wiring) {
        if (wiring.host() > 0 && !hosts.get(wiring.host())) {
            hosts.set(wiring.host());
            hostsTaken += inRange(wiring.host()) ? 1 : 0;
        }
        wiring.ports().forEach(this::take);
    }

    private boolean inRange(int host) {
        return host >= Subnet.FIRST_HOST && host <= lastHost;
    }

    private void take(HostPort port) {
        BitSet taken = taken(port.protocol());
        if (!taken.get(port.port())) {
            taken.set(port.port());
            count(port.protocol(), isGiven(port.port()) ? 1 : 0);
        }
    }

    private void count(Protocol protocol, int more) {
        switch (protocol) {
            case TCP -> tcpTaken += more;
            case UDP -> udpTaken += more;
        }
    }

    public boolean hasAddress() {
        return hostsTaken < lastHost - Subnet.FIRST_HOST + 1;
    }

    /** A port that is asked for by number and taken; null when there is none. */
    public @Nullable HostPort takenOf(PortNeeds needs, List<HostPort> released) {
        for (HostPort fixed : needs.fixed()) {
            if (taken(fixed.protocol()).get(fixed.port()) && !released.contains(fixed)) {
                return fixed;
            }
        }
        return null;
    }

    /** Whether the range has as many free ports as are wanted of it. */
    public boolean rangeSuffices(PortNeeds needs, List<HostPort> released) {
        return rangeSuffices(needs, released, Protocol.TCP, tcpTaken)
                && rangeSuffices(needs, released, Protocol.UDP, udpTaken);
    }

    private boolean rangeSuffices(PortNeeds needs, List<HostPort> released, Protocol protocol, int taken) {
        int needed = needs.any(protocol) + inRange(needs.fixed(), protocol);
        return needed == 0 || needed <= size() - taken + inRange(released, protocol);
    }

    private int inRange(List<HostPort> ports, Protocol protocol) {
        int count = 0;
        for (HostPort port : ports) {
            count += port.protocol() == protocol && isGiven(port.port()) ? 1 : 0;
        }
        return count;
    }

    /**
     * Chooses what a replica gets, without booking it; only when everything fits.
     *
     * @param seed where the search in the range begins: the same replica tends to keep its port, and a port that became
     *     free is not the next one given out, perhaps to another tenant
     */
    public Wiring choose(NetworkSpec wanted, int seed) {
        if (wanted.mode() == NetworkSpec.Mode.NONE) {
            return Wiring.NONE;
        }
        Set<HostPort> chosen = new HashSet<>();
        wanted.ports().stream()
                .filter(port -> port.hostPort() != null)
                .forEach(port -> chosen.add(new HostPort(port.protocol(), port.hostPort())));
        List<HostPort> ports = new ArrayList<>();
        for (PortSpec port : wanted.ports()) {
            HostPort given = port.hostPort() != null
                    ? new HostPort(port.protocol(), port.hostPort())
                    : free(port.protocol(), seed + port.name().hashCode(), chosen);
            chosen.add(given);
            ports.add(given);
        }
        return new Wiring(hosts.nextClearBit(Subnet.FIRST_HOST), ports);
    }

    private HostPort free(Protocol protocol, int seed, Set<HostPort> chosen) {
        if (offer == null) {
            throw new IllegalStateException("a port was chosen on a node that offers none");
        }
        int start = Math.floorMod(seed, size());
        for (int step = 0; step < size(); step++) {
            HostPort candidate = new HostPort(protocol, offer.firstPort() + (start + step) % size());
            if (!taken(protocol).get(candidate.port()) && !chosen.contains(candidate)) {
                return candidate;
            }
        }
        throw new IllegalStateException("a port was chosen on a node that has none left");
    }

    private BitSet taken(Protocol protocol) {
        return switch (protocol) {
            case TCP -> tcp;
            case UDP -> udp;
        };
    }

    private boolean isGiven(int port) {
        return offer != null && port >= offer.firstPort() && port <= offer.lastPort();
    }

    private int size() {
        return offer == null ? 0 : offer.lastPort() - offer.firstPort() + 1;
    }
}
