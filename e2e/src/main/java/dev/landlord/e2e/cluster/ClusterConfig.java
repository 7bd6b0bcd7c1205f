package dev.landlord.e2e.cluster;

import dev.landlord.e2e.host.Footprint;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * One control plane and the agents of its hosts.
 *
 * @param distribution the folder with {@code bin} and {@code lib}
 * @param footprint where all their files, control groups and ids go
 * @param address at which the control plane listens
 * @param hosts at most {@link #MAX_HOSTS}
 * @param images directory of the root file system by image name; the built-in busybox comes besides
 * @param settings further settings of the control plane, {@code --landlord...=}
 * @param javaOptions further ones of all programs, with a space between them
 */
public record ClusterConfig(
        Path distribution,
        Footprint footprint,
        String address,
        List<HostConfig> hosts,
        Map<String, Path> images,
        List<String> settings,
        String javaOptions) {
    /** Each takes an equal part of the first half of the footprint's ids; the rest is for sandboxes beside the agents. */
    static final int MAX_HOSTS = 4;

    private static final int ID_PARTS = 2 * MAX_HOSTS;

    public ClusterConfig {
        hosts = List.copyOf(hosts);
        images = Map.copyOf(images);
        settings = List.copyOf(settings);
        if (hosts.isEmpty() || hosts.size() > MAX_HOSTS) {
            throw new IllegalArgumentException("hosts must be 1 to " + MAX_HOSTS + ", were " + hosts.size());
        }
    }

    /** On the loopback of this machine. */
    public static ClusterConfig ofOneHost(
            Path distribution, Footprint footprint, HostConfig host, Map<String, Path> images) {
        return new ClusterConfig(distribution, footprint, "127.0.0.1", List.of(host), images, List.of(), "");
    }

    /** The same with programs from elsewhere. */
    public ClusterConfig with(Path other) {
        return new ClusterConfig(other, footprint, address, hosts, images, settings, javaOptions);
    }

    /** Name of an agent's subtree in every hierarchy. */
    public String cgroupRoot(HostConfig host) {
        return footprint.cgroupRoot() + "/" + host.name();
    }

    long idCount() {
        return footprint.idCount() / ID_PARTS;
    }

    long firstId(HostConfig host) {
        return footprint.firstId() + hosts.indexOf(host) * idCount();
    }

    Path controlPlaneState() {
        return footprint.scratch().resolve("control-plane");
    }

    /** Where the program that runs on a host keeps its state. */
    public Path agentState(HostConfig host) {
        return footprint.scratch().resolve(host.name());
    }

    public Path temporaries() {
        return footprint.scratch().resolve("tmp");
    }

    Path log(String name) {
        return footprint.scratch().resolve(name + ".log");
    }
}
