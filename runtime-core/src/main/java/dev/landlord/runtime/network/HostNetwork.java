package dev.landlord.runtime.network;

import dev.landlord.runtime.Connection;
import dev.landlord.runtime.DroppedPackets;
import dev.landlord.runtime.Ipv4;
import dev.landlord.runtime.Ipv4Prefix;
import dev.landlord.runtime.Neighbourhood;
import dev.landlord.runtime.NetworkConfig;
import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.SandboxException.Kind;
import dev.landlord.runtime.linux.Errno;
import dev.landlord.runtime.linux.LinuxFault;
import dev.landlord.runtime.linux.Nftables;
import dev.landlord.runtime.linux.Nftables.NftablesFault;
import dev.landlord.runtime.plan.Surroundings.Wiring;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * The network of this host's sandboxes, in the network namespace of this process. Thread-safe. All faults are
 * {@link SandboxException}.
 */
public final class HostNetwork {
    private static final int DEFAULT_MTU = 1500;

    private final @Nullable NetworkConfig config;
    private final Forwarding forwarding;
    /** Every connection whose elements are in the table or about to be. One entry per sandbox. */
    private final Map<Ipv4, Connection> connections = new ConcurrentHashMap<>();

    /** Who changes single elements shares the table; who puts it up or takes it down has it alone. */
    private final ReadWriteLock tableLock = new ReentrantReadWriteLock();

    private volatile Neighbourhood around = Neighbourhood.NONE;
    private volatile int mtu = DEFAULT_MTU;

    /** @param config null if this host connects no sandboxes */
    public HostNetwork(@Nullable NetworkConfig config, Forwarding forwarding) {
        this.config = config;
        this.forwarding = forwarding;
    }

    /** Puts a table up and takes it down: empty if this host can do that, else why not. */
    public Optional<String> tryOut() {
        if (config == null) {
            return Optional.of("switched off");
        }
        NetworkConfig trial =
                new NetworkConfig(config.table() + "-x", config.uplink(), config.offered(), config.bounds());
        Ipv4Prefix documentation = Ipv4Prefix.parse("192.0.2.0/24");
        Connection nobody = new Connection(documentation.first(), 1, List.of());
        try {
            Nftables.run(FirewallTable.putUp(trial, documentation, Neighbourhood.NONE, List.of()));
            try {
                SetMessages.change(trial.table(), List.of(), Element.of(nobody)).send();
                return Optional.empty();
            } finally {
                Nftables.run(FirewallTable.takeDown(trial.table()));
            }
        } catch (NftablesFault | LinuxFault e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** One that an earlier process connected, to be known before the first {@link #surround}. */
    public void remember(Connection connection) {
        connections.put(connection.address(), connection);
    }

    /** See {@code SandboxRuntime.surround}. */
    public void surround(Neighbourhood next) {
        locked(tableLock.writeLock(), () -> {
            NetworkConfig mine = requireConfig("surround", "host");
            Ipv4Prefix cluster = next.cluster();
            Ipv4Prefix subnet = next.subnet();
            if (cluster == null || subnet == null) {
                leave(mine);
                return;
            }
            if (mine.uplink() != null) {
                forwarding.switchOn(mine.uplink());
                mtu = mtuOf(mine.uplink());
            }
            boolean up = cluster.equals(around.cluster()) && subnet.equals(around.subnet());
            run(
                    up
                            ? FirewallTable.surround(mine.table(), next)
                            : FirewallTable.putUp(mine, cluster, next, connections.values()));
            if (!up) {
                Routes.removeStrayLinks(subnet, connections.keySet());
                Routes.refuseUnowned(subnet);
            }
            Routes.follow(around.routes(), next.routes());
            around = next;
        });
    }

    private void leave(NetworkConfig mine) {
        connections.keySet().forEach(address -> Routes.removeLink(new Link(address)));
        Routes.follow(around.routes(), Map.of());
        Ipv4Prefix subnet = around.subnet();
        if (subnet != null) {
            Routes.removeStrayLinks(subnet, java.util.Set.of());
            Routes.forget(subnet);
        }
        run(FirewallTable.takeDown(mine.table()));
        forwarding.restore();
        around = Neighbourhood.NONE;
    }

    private static void run(String commands) {
        try {
            Nftables.run(commands);
        } catch (NftablesFault e) {
            throw new SandboxException(
                    Kind.UNSUPPORTED, "change", "firewall table", 0, String.valueOf(e.getMessage()), e);
        }
    }

    private static int mtuOf(String uplink) {
        try {
            NetworkInterface device = NetworkInterface.getByName(uplink);
            return device == null ? DEFAULT_MTU : device.getMTU();
        } catch (SocketException e) {
            throw new SandboxException(Kind.HOST_FAULT, "read MTU of", uplink, 0, String.valueOf(e), e);
        }
    }

    /** What a launch has to say to the kernel for this connection. */
    public Wiring wiring(Connection connection) {
        Link link = new Link(connection.address());
        return new Wiring(
                LinkMessages.outside(link, mtu).request(),
                LinkMessages.inside(link).request());
    }

    /** Takes the address for this connection, until it is dismissed. */
    public void reserve(Connection connection) {
        String address = connection.address().toString();
        requireConfig("connect", address);
        Ipv4Prefix subnet = around.subnet();
        if (subnet == null) {
            throw new SandboxException(Kind.UNSUPPORTED, "connect", address, "this host knows of no network yet");
        }
        if (!subnet.contains(connection.address())) {
            throw new SandboxException(Kind.INVALID, "connect", address, "is not an address of " + subnet);
        }
        if (connections.putIfAbsent(connection.address(), connection) != null) {
            throw new SandboxException(Kind.ALREADY_EXISTS, "connect", address, "the address is in use here");
        }
    }

    /** Lets through what the sandbox may send and get. To be done before its program runs. All or nothing. */
    public void admit(Connection connection) {
        locked(tableLock.readLock(), () -> {
            try {
                String table = requireConfig("connect", connection.address().toString())
                        .table();
                SetMessages.change(table, List.of(), Element.of(connection)).send();
            } catch (LinuxFault e) {
                if (e.errno() == Errno.EEXIST || e.errno() == Errno.EBUSY) {
                    String ports = connection.ports().toString();
                    throw new SandboxException(
                            Kind.ALREADY_EXISTS, "publish", ports, e.errno(), "a port is in use here", e);
                }
                throw Routes.fault("admit", connection.address().toString(), e);
            }
        });
    }

    /** Takes away the link and what was admitted, and gives the address free. For who has reserved it; idempotent. */
    public void dismiss(Connection connection) {
        locked(tableLock.readLock(), () -> {
            Routes.removeLink(new Link(connection.address()));
            if (config != null && around.cluster() != null) {
                try {
                    SetMessages.change(config.table(), Element.of(connection), List.of())
                            .send();
                } catch (LinuxFault e) {
                    if (e.errno() != Errno.ENOENT) {
                        throw Routes.fault("dismiss", connection.address().toString(), e);
                    }
                    // It was not admitted, or somebody took the table down.
                }
            }
            connections.remove(connection.address(), connection);
        });
    }

    /** Nothing as long as there is no table. */
    public DroppedPackets droppedPackets() {
        if (config == null || around.cluster() == null) {
            return new DroppedPackets(Map.of());
        }
        try {
            return new DroppedPackets(FirewallTable.packets(Nftables.run(FirewallTable.listCounters(config.table()))));
        } catch (NftablesFault e) {
            throw new SandboxException(
                    Kind.HOST_FAULT, "list counters of", config.table(), 0, String.valueOf(e.getMessage()), e);
        }
    }

    private NetworkConfig requireConfig(String operation, String object) {
        if (config == null) {
            throw new SandboxException(Kind.UNSUPPORTED, operation, object, "this runtime connects no sandboxes");
        }
        return config;
    }

    private static void locked(Lock lock, Runnable work) {
        lock.lock();
        try {
            work.run();
        } finally {
            lock.unlock();
        }
    }
}
