package dev.landlord.e2e.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A control plane and agents as child processes. Each can be killed and started again; it keeps its ports and its state.
 * Not thread-safe.
 */
public final class Cluster implements AutoCloseable {
    private static final Duration START = Duration.ofMinutes(2);
    private static final JsonMapper JSON = new JsonMapper();

    /** Where a control plane listens. */
    private record Ports(int publicApi, int node, int management) {
        static final Ports ANY = new Ports(0, 0, 0);
    }

    private final ClusterConfig config;
    private final List<Agent> agents;
    private Ports ports = Ports.ANY;
    private @Nullable ChildProcess controlPlane;

    private Cluster(ClusterConfig config) {
        this.config = config;
        this.agents =
                config.hosts().stream().map(host -> new Agent(config, host)).toList();
    }

    /** Returns once all agents have joined and their nodes take work. */
    public static Cluster start(ClusterConfig config) throws IOException, InterruptedException {
        Cluster cluster = new Cluster(config);
        try {
            Files.createDirectories(config.temporaries());
            cluster.startControlPlane();
            // All at once: each of them waits for its turn of the processor anyway.
            for (Agent agent : cluster.agents) {
                agent.begin(List.of(cluster.nodeApi()), cluster.operator());
            }
            for (Agent agent : cluster.agents) {
                agent.awaitReady(cluster.operator());
            }
            return cluster;
        } catch (IOException | InterruptedException | RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    /** The API as its operator. */
    public RestClient operator() {
        return anonymous().as(token("operator.token"));
    }

    /** The API as someone without a token. */
    public RestClient anonymous() {
        return RestClient.anonymous(publicUri(), caCertificate());
    }

    public URI publicUri() {
        return URI.create("https://" + config.address() + ":" + ports.publicApi);
    }

    private URI nodeApi() {
        return URI.create("https://" + config.address() + ":" + ports.node);
    }

    /** Where the control plane keeps its store. */
    public Path controlPlaneState() {
        return config.controlPlaneState();
    }

    public Path caCertificate() {
        return config.controlPlaneState().resolve("ca.crt");
    }

    public Path operatorTokenFile() {
        return config.controlPlaneState().resolve("operator.token");
    }

    public Path scrapeTokenFile() {
        return config.controlPlaneState().resolve("scrape.token");
    }

    public ChildProcess controlPlane() {
        if (controlPlane == null) {
            throw new IllegalStateException("the control plane was never started");
        }
        return controlPlane;
    }

    /** In the order of the configuration. */
    public List<Agent> agents() {
        return agents;
    }

    /** The agent of a host. */
    public Agent agent(String host) {
        return agents.stream()
                .filter(agent -> agent.host().name().equals(host))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no host " + host));
    }

    /**
     * Starts it on the ports that it had before, if it had any, and waits until it answers.
     *
     * @param settings for this start alone, {@code --landlord...=}
     */
    public void startControlPlane(String... settings) throws IOException, InterruptedException {
        Path listeners = config.controlPlaneState().resolve("listeners.json");
        Files.deleteIfExists(listeners);
        List<String> command = new ArrayList<>();
        command.add(config.distribution().resolve("bin/landlord-control-plane").toString());
        command.add("--landlord.state-dir=" + config.controlPlaneState());
        command.add("--landlord.bind-address=" + config.address());
        command.add("--landlord.advertised-names=" + config.address() + ",localhost,127.0.0.1");
        command.add("--landlord.public-port=" + ports.publicApi);
        command.add("--landlord.node-port=" + ports.node);
        command.add("--landlord.management-port=" + ports.management);
        command.addAll(config.settings());
        command.addAll(List.of(settings));
        ChildProcess started =
                ChildProcess.start("control plane", config.log("control-plane"), Agent.environment(config), command);
        controlPlane = started;
        started.awaitFile(listeners, START);
        JsonNode found = JSON.readTree(Files.readString(listeners));
        ports = new Ports(
                found.path("public").asInt(),
                found.path("node").asInt(),
                found.path("management").asInt());
    }

    /** Starts an agent again and waits until its node is ready. */
    public void startAgent(Agent agent) throws IOException, InterruptedException {
        agent.begin(List.of(nodeApi()), operator());
        agent.awaitReady(operator());
    }

    /** What becomes of another agent that comes with this one's name, a token that is good, and everything else of its own. */
    public String lastWordsOfASecond(Agent agent) throws IOException, InterruptedException {
        return agent.lastWordsOfASecond(nodeApi(), operator());
    }

    private String token(String file) {
        try {
            return Files.readString(config.controlPlaneState().resolve(file)).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends all programs; what they left on the host stays for {@link dev.landlord.e2e.host.HostSweep}. */
    @Override
    public void close() {
        agents.forEach(Agent::close);
        if (controlPlane != null) {
            controlPlane.close();
        }
    }
}
