package dev.landlord.api.node;

import dev.landlord.api.id.ImageName;
import dev.landlord.api.network.NodeNetwork;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a node offers and has verified by trying.
 *
 * @param cpuMillis configured share of the machine that may be sold, in thousandths of a core
 * @param memoryBytes likewise
 * @param pids likewise
 * @param swapBytes all swap of the machine, where a limit of it was seen to hold; null for none, also with agents that do not
 *     tell. 0 becomes null
 * @param capabilities names that were verified on this host by trying, for example {@code cpu.max}
 * @param missing capability name to the reason why it is absent
 * @param images content digest ({@code sha256:...}) by name
 * @param metricsAddress host:port of the agent's metrics listener
 * @param network null when it cannot connect sandboxes
 */
public record NodeFacts(
        long cpuMillis,
        long memoryBytes,
        long pids,
        @Nullable Long swapBytes,
        String kernel,
        String cgroupMode,
        String agentVersion,
        List<String> capabilities,
        Map<String, String> missing,
        Map<ImageName, String> images,
        String metricsAddress,
        @Nullable NodeNetwork network) {
    public NodeFacts {
        swapBytes = swapBytes == null || swapBytes == 0 ? null : swapBytes;
        capabilities = List.copyOf(capabilities);
        missing = Map.copyOf(missing);
        images = Map.copyOf(images);
    }

    /** In bytes; 0 for none. */
    public long swap() {
        return swapBytes == null ? 0 : swapBytes;
    }
}
