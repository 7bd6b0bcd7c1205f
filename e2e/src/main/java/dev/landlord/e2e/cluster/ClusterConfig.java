package dev.landlord.e2e.cluster;

import dev.landlord.e2e.host.Footprint;
import java.nio.file.Path;
import java.util.Map;

/**
 * One control plane and one agent on this host.
 *
 * @param distribution the folder with {@code bin} and {@code lib}
 * @param footprint where all their files, control groups and ids go
 * @param cpuMillis share of the machine that may be sold
 * @param memoryBytes likewise
 * @param images directory of the root file system by image name; the built-in busybox comes besides
 */
public record ClusterConfig(
        Path distribution, Footprint footprint, long cpuMillis, long memoryBytes, Map<String, Path> images) {
    public static final String NODE = "host1";

    public ClusterConfig {
        images = Map.copyOf(images);
    }

    /** Name of the agent's subtree in every hierarchy. */
    public String cgroupRoot() {
        return footprint.cgroupRoot() + "/agent";
    }

    Path controlPlaneState() {
        return footprint.scratch().resolve("control-plane");
    }

    Path agentState() {
        return footprint.scratch().resolve("agent");
    }

    Path temporaries() {
        return footprint.scratch().resolve("tmp");
    }

    Path log(String name) {
        return footprint.scratch().resolve(name + ".log");
    }
}
