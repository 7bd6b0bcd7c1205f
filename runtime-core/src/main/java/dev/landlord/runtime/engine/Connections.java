package dev.landlord.runtime.engine;

import dev.landlord.runtime.Connection;
import dev.landlord.runtime.DroppedPackets;
import dev.landlord.runtime.Neighbourhood;
import dev.landlord.runtime.NetworkConfig;
import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.SandboxException.Kind;
import dev.landlord.runtime.SandboxId;
import dev.landlord.runtime.SandboxSpec;
import dev.landlord.runtime.netlink.LinkMessages;
import dev.landlord.runtime.network.HostNetwork;
import dev.landlord.runtime.plan.LaunchStep.AttachLink;
import dev.landlord.runtime.plan.LaunchStep.ConfigureLinks;
import dev.landlord.runtime.state.SandboxDirectory;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The network, on hosts that have one for sandboxes; on all others, the reason why not. */
final class Connections {
    private static final Logger LOG = LoggerFactory.getLogger(Connections.class);
    private static final ConfigureLinks LOOPBACK_ONLY = new ConfigureLinks(LinkMessages.loopbackOnly());

    private final @Nullable HostNetwork network;
    private final String impossible;

    private Connections(@Nullable HostNetwork network, String impossible) {
        this.network = network;
        this.impossible = impossible;
    }

    static Connections open(@Nullable NetworkConfig config, Path notes, Path sandboxes) {
        if (config == null) {
            return new Connections(null, "this runtime connects no sandboxes");
        }
        Map<SandboxId, Connection> recorded = new HashMap<>();
        for (SandboxDirectory directory : SandboxDirectory.all(sandboxes)) {
            directory.connection().ifPresent(connection -> recorded.put(directory.id(), connection));
        }
        try {
            return new Connections(HostNetwork.open(config, notes, recorded), "");
        } catch (SandboxException e) {
            LOG.error("this host connects no sandboxes", e);
            return new Connections(null, String.valueOf(e.getMessage()));
        }
    }

    /** Why not, if not. */
    Optional<String> impossible() {
        return network == null ? Optional.of(impossible) : Optional.empty();
    }

    private HostNetwork network(String object) {
        if (network == null) {
            throw new SandboxException(Kind.UNSUPPORTED, "connect", object, impossible);
        }
        return network;
    }

    void refuseIfImpossible(SandboxSpec spec) {
        if (spec.connection() != null) {
            network(spec.id().value());
        }
    }

    /** Written down before anything is made of it, so that a later process finds what to remove. */
    void admit(SandboxDirectory directory, SandboxSpec spec) {
        if (spec.connection() != null) {
            directory.noteConnection(spec.connection());
            network(spec.id().value()).admit(spec.id(), spec.connection());
        }
    }

    Optional<AttachLink> attachLink(SandboxSpec spec) {
        return Optional.ofNullable(spec.connection())
                .map(connection -> network(spec.id().value()).attach(connection))
                .map(attach -> new AttachLink(attach.name(), attach.batch(), attach.pidOffset()));
    }

    ConfigureLinks configureLinks(SandboxSpec spec) {
        Connection connection = spec.connection();
        return connection == null
                ? LOOPBACK_ONLY
                : new ConfigureLinks(network(spec.id().value()).inside(connection));
    }

    void expel(SandboxId id) {
        if (network != null) {
            network.expel(id);
        }
    }

    void keepOnly(Set<SandboxId> alive) {
        if (network != null) {
            network.keepOnly(alive);
        }
    }

    void close() {
        if (network != null) {
            network.close();
        }
    }

    void leave() {
        if (network != null) {
            network.leave();
        }
    }

    void surround(Neighbourhood neighbourhood) {
        network("host").surround(neighbourhood);
    }

    DroppedPackets droppedPackets() {
        return new DroppedPackets(network == null ? Map.of() : network.dropped());
    }
}
