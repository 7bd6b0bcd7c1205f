package dev.landlord.agent.network;

import dev.landlord.api.id.TenantName;
import dev.landlord.api.network.ClusterNetwork;
import dev.landlord.runtime.Neighbourhood;
import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.SandboxRuntime;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the runtime what is around this host whenever that changes. For one thread. */
public final class Surrounding {
    private static final Logger LOG = LoggerFactory.getLogger(Surrounding.class);

    private final SandboxRuntime runtime;
    private @Nullable Words followed;
    private @Nullable Neighbourhood told;
    private @Nullable String complaint;

    /** What the neighbourhood is made of; kept, because most passes bring nothing new and peers can be many. */
    private record Words(ClusterNetwork network, Map<TenantName, Long> idBlocks) {}

    public Surrounding(SandboxRuntime runtime) {
        this.runtime = runtime;
    }

    /**
     * What it cannot carry out it tries again with the next call; sandboxes that need it say why they do not start.
     *
     * @param network null when the cluster has none
     */
    public void follow(@Nullable ClusterNetwork network, Map<TenantName, Long> idBlocks) {
        if (network == null || !runtime.facts().capabilities().contains("network")) {
            return;
        }
        Words words = new Words(network, idBlocks);
        if (words.equals(followed)) {
            return;
        }
        try {
            Neighbourhood next = Neighbours.of(network, new TenantMarks(idBlocks));
            if (!next.equals(told)) {
                runtime.surround(next);
                told = next;
            }
            followed = words;
            complaint = null;
        } catch (SandboxException | IllegalArgumentException e) {
            complain(String.valueOf(e.getMessage()));
        }
    }

    /** Once for each reason: the next try comes within a second. */
    private void complain(String reason) {
        if (!reason.equals(complaint)) {
            LOG.error("the network around this host cannot be followed: {}", reason);
        }
        complaint = reason;
    }
}
