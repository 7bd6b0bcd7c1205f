package dev.landlord.e2e.cluster;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One host of a cluster: an agent with its own state, control groups, ids and share of the machine.
 *
 * @param networkNamespace where the agent runs; null for that of this process
 * @param address under which others reach the host
 * @param cpuMillis share of the machine that may be sold
 * @param memoryBytes likewise
 */
public record HostConfig(
        String name, @Nullable Path networkNamespace, String address, long cpuMillis, long memoryBytes) {
    /** The one host of a cluster that lives on the loopback. */
    public static HostConfig alone(long cpuMillis, long memoryBytes) {
        return new HostConfig("host1", null, "127.0.0.1", cpuMillis, memoryBytes);
    }

    /** What to put before a command to run it on this host. Only the network is changed: everything else is shared. */
    public List<String> entering() {
        return networkNamespace == null ? List.of() : List.of("nsenter", "--net=" + networkNamespace);
    }
}
