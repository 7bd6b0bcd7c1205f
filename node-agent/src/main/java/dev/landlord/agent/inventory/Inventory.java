package dev.landlord.agent.inventory;

import dev.landlord.api.id.ImageName;
import dev.landlord.api.network.NodeNetwork;
import dev.landlord.api.node.NodeFacts;
import dev.landlord.api.sync.Assignment;
import dev.landlord.runtime.Capability;
import dev.landlord.runtime.HostFacts;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The facts of this node. Images come later than the rest, when they were built. Thread-safe. */
public final class Inventory {
    private static final int MAX_NAME = 100;
    private static final int MAX_REASON = 1_000;

    private final HostFacts host;
    private final Share share;
    private final String agentVersion;
    private final @Nullable NodeNetwork network;
    private final Map<String, String> missingHere;
    private volatile Images images = new Images(Map.of(), Map.of());
    private volatile String metricsAddress = "";

    /**
     * What is in the catalogue.
     *
     * @param digests of those that are ready, by name
     * @param refused reason by name
     */
    public record Images(Map<String, String> digests, Map<String, String> refused) {
        public Images {
            digests = Map.copyOf(digests);
            refused = Map.copyOf(refused);
        }
    }

    /**
     * Of this host.
     *
     * @param network what is offered if the host turns out to be able to connect sandboxes; null for nothing
     * @param missingHere what the agent itself could not have, by name, with the reason
     */
    public Inventory(
            HostFacts host,
            Share share,
            String agentVersion,
            @Nullable NodeNetwork network,
            Map<String, String> missingHere) {
        this.host = host;
        this.share = share;
        this.agentVersion = agentVersion;
        this.network = host.capabilities().contains("network") ? network : null;
        this.missingHere = Map.copyOf(missingHere);
    }

    public void imagesBuilt(Images built) {
        images = built;
    }

    /** @param address host:port */
    public void listensAt(String address) {
        metricsAddress = address;
    }

    /** A control plane refuses a report for one word that is too long, and an operator may write any name. */
    private static String cut(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most) + "...";
    }

    public NodeFacts facts() {
        Images now = images;
        Map<ImageName, String> digests = new HashMap<>();
        now.digests().forEach((name, digest) -> digests.put(new ImageName(name), digest));
        Map<String, String> missing = new HashMap<>(host.missing());
        missing.putAll(missingHere);
        now.refused().forEach((name, reason) -> missing.put("image." + cut(name, MAX_NAME), cut(reason, MAX_REASON)));
        return new NodeFacts(
                share.cpuMillis(),
                share.memoryBytes(),
                share.pids(),
                host.capabilities().contains(Capability.MEMORY_SWAP.wireName()) ? host.swapBytes() : null,
                host.kernel(),
                host.cgroupMode().name().toLowerCase(Locale.ROOT),
                agentVersion,
                Stream.concat(host.capabilities().stream(), Assignment.HEEDED.stream())
                        .sorted()
                        .toList(),
                missing,
                digests,
                metricsAddress,
                network);
    }
}
