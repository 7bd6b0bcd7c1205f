package dev.landlord.runtime.network;

import dev.landlord.runtime.Connection;
import dev.landlord.runtime.Connection.Protocol;
import dev.landlord.runtime.Connection.PublishedPort;
import dev.landlord.runtime.Ipv4;
import dev.landlord.runtime.Neighbourhood;
import dev.landlord.runtime.NetworkConfig;
import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.SandboxException.Kind;
import dev.landlord.runtime.SandboxId;
import dev.landlord.runtime.linux.Errno;
import dev.landlord.runtime.netlink.Element;
import dev.landlord.runtime.netlink.FlowMessages;
import dev.landlord.runtime.netlink.LinkMessages;
import dev.landlord.runtime.netlink.LinkMessages.Attach;
import dev.landlord.runtime.netlink.LinkMessages.HostLinks;
import dev.landlord.runtime.netlink.LinkMessages.Link;
import dev.landlord.runtime.netlink.SandboxLink;
import dev.landlord.runtime.netlink.TableMessages;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The network of this host, as far as sandboxes are concerned. Knows who is connected; the kernel's table always says the
 * same or less. One per network namespace. Thread-safe.
 */
public final class HostNetwork implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HostNetwork.class);
    private static final String TEMPLATE = "table.nft";
    private static final int USUAL_MTU = 1500;
    /** Somebody flushed the rules: what we know of is not there, or what we did not put in is. */
    private static final Set<Integer> ANOTHER_TABLE = Set.of(Errno.ENOENT, Errno.EEXIST);

    private final NetworkConfig config;
    private final String template;
    private final Path directory;
    private final NeighbourhoodFile file;
    private final @Nullable Uplink uplink;
    private final HostLinks links;

    private final Kernel routes;
    private final Kernel tables;
    private final LinkSweeper sweeper;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<SandboxId, Connection> connected;
    private Neighbourhood neighbourhood;
    private long rulesLoaded;

    private HostNetwork(
            NetworkConfig config, @Nullable Uplink uplink, Path directory, Map<SandboxId, Connection> recorded) {
        this.config = config;
        this.template = template();
        this.uplink = uplink;
        this.directory = directory;
        this.file = new NeighbourhoodFile(directory.resolve("neighbourhood"));
        this.links = new HostLinks(
                uplink == null ? USUAL_MTU : uplink.link().mtu(), Files.exists(Path.of("/proc/net/if_inet6")));
        this.connected = new HashMap<>(recorded);
        this.neighbourhood = file.read();
        // Last, because nobody would close them if anything before them failed.
        this.routes = Kernel.routes();
        this.tables = Kernel.tables();
        this.sweeper = new LinkSweeper();
    }

    /**
     * Puts the table up, in one transaction in place of an earlier one, with all that was recorded: no packet meets less
     * protection in between.
     *
     * @param directory of our own notes, exists
     * @throws SandboxException if this host cannot do it, with the reason
     */
    public static HostNetwork open(NetworkConfig config, Path directory, Map<SandboxId, Connection> recorded) {
        Uplink.restoreOthers(config.uplink(), directory);
        Uplink uplink = config.uplink() == null ? null : Uplink.find(config.uplink(), directory);
        HostNetwork network = new HostNetwork(config, uplink, directory, recorded);
        try {
            network.load();
            if (network.uplink != null) {
                network.uplink.forward(network.routes);
            }
            return network;
        } catch (SandboxException e) {
            network.close();
            throw e;
        }
    }

    private static String template() {
        try (InputStream in = HostNetwork.class.getResourceAsStream(TEMPLATE)) {
            if (in == null) {
                throw new IllegalStateException(TEMPLATE + " is not in the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new SandboxException(Kind.HOST_FAULT, "read", TEMPLATE, 0, String.valueOf(e), e);
        }
    }

    private void load() {
        List<Element> elements = new ArrayList<>();
        connected.values().forEach(connection -> elements.addAll(Element.of(connection)));
        neighbourhood.peers().forEach((address, mark) -> elements.add(Element.peer(address, mark)));
        boolean guarded = uplink != null && uplink.guarded();
        NftProgram.load(TableText.render(template, config, guarded, neighbourhood, elements));
        rulesLoaded = rules();
    }

    private long rules() {
        return TableMessages.rules(tables.list("rules of " + config.table(), TableMessages.listRules(config.table())));
    }

    /** The requests that make a sandbox's link, for whoever has its process. */
    public Attach attach(Connection connection) {
        return LinkMessages.attach(SandboxLink.of(connection.address()), links);
    }

    /** The requests that the sandbox itself makes inside. */
    public byte[] inside(Connection connection) {
        return LinkMessages.inside(SandboxLink.of(connection.address()), links);
    }

    /**
     * Makes the rules know a sandbox. Until then nothing that comes out of its link goes anywhere.
     *
     * @throws SandboxException {@code ALREADY_EXISTS} if another has the address or one of the ports
     */
    public void admit(SandboxId id, Connection connection) {
        lock.lock();
        try {
            refuseConflicts(id, connection);
            connected.put(id, connection);
            try {
                SandboxLink link = SandboxLink.of(connection.address());
                removeLink(link.name(), link.index()); // of the address's last owner, if the kernel still has it
                change("connect", id.value(), List.of(), Element.of(connection));
            } catch (SandboxException e) {
                connected.remove(id);
                throw e;
            }
            connection.ports().forEach(this::forgetDatagrams);
        } finally {
            lock.unlock();
        }
    }

    private void refuseConflicts(SandboxId id, Connection wanted) {
        connected.forEach((other, has) -> {
            if (has.address().equals(wanted.address())) {
                throw new SandboxException(
                        Kind.ALREADY_EXISTS, "connect", id.value(), has.address() + " is the address of " + other);
            }
            for (PublishedPort port : wanted.ports()) {
                if (has.ports().stream().anyMatch(taken -> clash(taken, port))) {
                    throw new SandboxException(
                            Kind.ALREADY_EXISTS,
                            "connect",
                            id.value(),
                            port.protocol() + " port " + port.hostPort() + " is published by " + other);
                }
            }
        });
    }

    private static boolean clash(PublishedPort one, PublishedPort other) {
        return one.protocol() == other.protocol() && one.hostPort() == other.hostPort();
    }

    /**
     * Takes a sandbox out of the rules, cuts its link off and forgets its connections. Idempotent. The link itself goes with
     * the sandbox's namespace, or with the next sweep: to remove it here would cost tens of milliseconds for each, in which
     * no other link can be made.
     */
    public void expel(SandboxId id) {
        lock.lock();
        try {
            Connection connection = connected.remove(id);
            if (connection == null) {
                return;
            }
            try {
                disconnect(id, connection);
            } catch (SandboxException e) {
                connected.put(id, connection); // nobody else gets its address or ports before it is really gone
                throw e;
            }
        } finally {
            lock.unlock();
        }
    }

    private void disconnect(SandboxId id, Connection connection) {
        SandboxLink link = SandboxLink.of(connection.address());
        // First, because it can be done twice: an attempt that fails later is tried again as a whole.
        routes.apply("cut off", "link " + link.name(), LinkMessages.doom(link.index()), Set.of(Errno.ENODEV));
        sweeper.soon();
        change("disconnect", id.value(), Element.of(connection), List.of());
        forgetFlows(connection.address());
    }

    private void removeLink(String name, int index) {
        routes.apply("remove", "link " + name, LinkMessages.delete(index), Set.of(Errno.ENODEV));
    }

    private void forgetDatagrams(PublishedPort port) {
        if (port.protocol() == Protocol.UDP) {
            tables.apply(
                    "forget connections to",
                    "UDP port " + port.hostPort(),
                    FlowMessages.forget(port.protocol(), port.hostPort()));
        }
    }

    private void forgetFlows(Ipv4 address) {
        tables.apply("forget connections of", address.toString(), FlowMessages.forget(address), Set.of(Errno.ENOENT));
    }

    private void change(String operation, String object, List<Element> remove, List<Element> add) {
        if (remove.isEmpty() && add.isEmpty()) {
            return;
        }
        try {
            tables.apply(operation, object, TableMessages.change(config.table(), remove, add));
        } catch (SandboxException e) {
            if (!ANOTHER_TABLE.contains(e.errno())) {
                throw e;
            }
            LOG.error("the nftables table {} was changed by somebody else, putting it up anew", config.table(), e);
            load();
        }
    }

    /** What is around this host, all of it. Written down first. */
    public void surround(Neighbourhood wanted) {
        if (wanted.peers().containsValue(0)) {
            throw new IllegalArgumentException("the mark of a peer must not be 0");
        }
        lock.lock();
        try {
            Neighbourhood before = neighbourhood;
            file.write(wanted);
            neighbourhood = wanted;
            try {
                follow(before, wanted);
            } catch (SandboxException e) {
                neighbourhood =
                        before; // which is what the rules still say, so that the next attempt finds all that is new
                throw e;
            }
            Routes.establish(routes, Routes.wanted(wanted));
        } finally {
            lock.unlock();
        }
    }

    private void follow(Neighbourhood before, Neighbourhood wanted) {
        List<Element> gone = peers(before, wanted);
        List<Element> come = peers(wanted, before);
        boolean onlyPeers = Objects.equals(before.cluster(), wanted.cluster())
                && before.forbidden().equals(wanted.forbidden());
        if (onlyPeers && gone.size() + come.size() <= TableMessages.MAX_ELEMENTS) {
            change("surround", "host", gone, come);
        } else {
            load();
        }
    }

    /** Those that are only in the first. */
    private static List<Element> peers(Neighbourhood in, Neighbourhood notIn) {
        List<Element> found = new ArrayList<>();
        in.peers().forEach((address, mark) -> {
            if (!mark.equals(notIn.peers().get(address))) {
                found.add(Element.peer(address, mark));
            }
        });
        return found;
    }

    /** Removes what no living sandbox owns: what an earlier process had begun, or had not finished removing. */
    public void keepOnly(Set<SandboxId> alive) {
        lock.lock();
        try {
            for (SandboxId id : Set.copyOf(connected.keySet())) {
                if (!alive.contains(id)) {
                    LOG.info("sandbox {} is gone, removing its connection", id);
                    expel(id);
                }
            }
            Set<String> owned = new HashSet<>();
            connected
                    .values()
                    .forEach(connection ->
                            owned.add(SandboxLink.of(connection.address()).name()));
            for (Link link : LinkMessages.links(routes.list("links", LinkMessages.list()))) {
                boolean ours = link.group() == SandboxLink.GROUP || link.group() == SandboxLink.DOOMED_GROUP;
                if (ours && !owned.contains(link.name())) {
                    LOG.info("link {} belongs to no sandbox, removing it", link.name());
                    removeLink(link.name(), link.index());
                }
            }
            Routes.establish(routes, Routes.wanted(neighbourhood));
        } finally {
            lock.unlock();
        }
    }

    /**
     * Dropped packets by reason. Finds out by the way if somebody took the table or rules of it away, and puts it up anew;
     * so it is to be asked again and again.
     */
    public Map<String, Long> dropped() {
        lock.lock();
        try {
            Map<String, Long> counters = TableMessages.counters(
                    tables.list("counters of " + config.table(), TableMessages.listCounters(config.table())));
            if (rules() != rulesLoaded) {
                load();
                // Only now: as long as it fails whoever asked hears of it, every time.
                LOG.error(
                        "rules of the nftables table {} were changed by somebody else, it is put up anew",
                        config.table());
            }
            return counters;
        } finally {
            lock.unlock();
        }
    }

    /** Takes down all of it; nobody can be connected any more. Idempotent. */
    public void leave() {
        lock.lock();
        try {
            neighbourhood = Neighbourhood.NONE;
            keepOnly(Set.of());
            if (uplink != null) {
                uplink.restore(directory); // before the rules go, behind which alone it may forward
            }
            NftProgram.load(TableText.gone(config.table()));
            file.delete();
        } finally {
            lock.unlock();
        }
    }

    /** Lets go of all of it and changes nothing. */
    @Override
    public void close() {
        sweeper.close();
        routes.close();
        tables.close();
    }
}
