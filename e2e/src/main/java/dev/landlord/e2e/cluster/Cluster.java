package dev.landlord.e2e.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A control plane and an agent as child processes. Either can be killed and started again; it keeps its ports and its state.
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
    private Ports ports = Ports.ANY;
    private int metricsPort;
    private @Nullable ChildProcess controlPlane;
    private @Nullable ChildProcess agent;

    private Cluster(ClusterConfig config) {
        this.config = config;
    }

    /** Returns once the agent has joined and the node takes work. */
    public static Cluster start(ClusterConfig config) throws IOException, InterruptedException {
        Cluster cluster = new Cluster(config);
        try {
            Files.createDirectories(config.temporaries());
            cluster.startControlPlane();
            Path joinToken = config.footprint().scratch().resolve("join.token");
            Files.writeString(joinToken, cluster.joinToken());
            cluster.startAgent();
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
        return RestClient.anonymous(URI.create("https://127.0.0.1:" + ports.publicApi), caCertificate());
    }

    public URI publicUri() {
        return URI.create("https://127.0.0.1:" + ports.publicApi);
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

    public Path agentLog() {
        return config.log("agent");
    }

    public ChildProcess controlPlane() {
        return running(controlPlane, "control plane");
    }

    public ChildProcess agent() {
        return running(agent, "agent");
    }

    /** Starts it on the ports that it had before, if it had any, and waits until it answers. */
    public void startControlPlane() throws IOException, InterruptedException {
        Path listeners = config.controlPlaneState().resolve("listeners.json");
        Files.deleteIfExists(listeners);
        ChildProcess started = startProgram(
                "landlord-control-plane",
                "control-plane",
                List.of(
                        "--landlord.state-dir=" + config.controlPlaneState(),
                        "--landlord.bind-address=127.0.0.1",
                        "--landlord.public-port=" + ports.publicApi,
                        "--landlord.node-port=" + ports.node,
                        "--landlord.management-port=" + ports.management));
        controlPlane = started;
        JsonNode found = awaitListeners(started, listeners);
        ports = new Ports(
                found.path("public").asInt(),
                found.path("node").asInt(),
                found.path("management").asInt());
    }

    /** Starts it, joining or re-joining with what it has on disk, and waits until the control plane calls the node ready. */
    public void startAgent() throws IOException, InterruptedException {
        Path listeners = config.agentState().resolve("listeners.json");
        Files.deleteIfExists(listeners);
        List<String> arguments = new ArrayList<>(List.of(
                "--landlord.agent.node=" + ClusterConfig.NODE,
                "--landlord.agent.control-plane-url=https://127.0.0.1:" + ports.node,
                "--landlord.agent.join-token-file="
                        + config.footprint().scratch().resolve("join.token"),
                "--landlord.agent.state-dir=" + config.agentState(),
                "--landlord.agent.cgroup-root=" + config.cgroupRoot(),
                "--landlord.agent.id-base=" + config.footprint().firstId(),
                "--landlord.agent.id-count=" + config.footprint().idCount(),
                "--landlord.agent.share.cpu-millis=" + config.cpuMillis(),
                "--landlord.agent.share.memory-bytes=" + config.memoryBytes(),
                "--landlord.agent.metrics-port=" + metricsPort));
        arguments.addAll(imageArguments());
        ChildProcess started = startProgram("landlord-agent", "agent", arguments);
        agent = started;
        metricsPort = awaitListeners(started, listeners).path("metrics").asInt();
        awaitNode(started);
    }

    private List<String> imageArguments() {
        List<String> arguments = new ArrayList<>();
        int index = 0;
        for (Map.Entry<String, Path> image : config.images().entrySet()) {
            String prefix = "--landlord.agent.images[" + index++ + "].";
            arguments.add(prefix + "name=" + image.getKey());
            arguments.add(prefix + "kind=directory");
            arguments.add(prefix + "source=" + image.getValue());
        }
        return arguments;
    }

    private ChildProcess startProgram(String program, String name, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(config.distribution().resolve("bin").resolve(program).toString());
        command.addAll(arguments);
        Map<String, String> environment =
                Map.of("LANDLORD_JAVA_OPTS", "-XX:-UsePerfData -Djava.io.tmpdir=" + config.temporaries());
        return ChildProcess.start(name, config.log(name), environment, command);
    }

    private JsonNode awaitListeners(ChildProcess process, Path file) throws InterruptedException {
        boolean there = Eventually.observe(START, () -> Files.exists(file) || !process.isAlive(), found -> found);
        if (!there || !process.isAlive()) {
            throw process.failure("did not write " + file.getFileName() + " within " + START);
        }
        try {
            return JSON.readTree(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitNode(ChildProcess process) throws InterruptedException {
        RestClient operator = operator();
        String state = Eventually.observe(
                START,
                () -> process.isAlive()
                        ? operator.get("/api/v1/nodes/" + ClusterConfig.NODE)
                                .json()
                                .path("state")
                                .asString()
                        : "dead",
                found -> found.equals("ready") || found.equals("dead"));
        if (!state.equals("ready")) {
            throw process.failure("did not become ready within " + START + ", the node is '" + state + "'");
        }
    }

    private String joinToken() {
        return operator()
                .post("/api/v1/nodes/" + ClusterConfig.NODE + ":join-token")
                .must("ask for a join token")
                .json()
                .path("token")
                .asString();
    }

    private String token(String file) {
        try {
            return Files.readString(config.controlPlaneState().resolve(file)).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ChildProcess running(@Nullable ChildProcess process, String name) {
        if (process == null) {
            throw new IllegalStateException("the " + name + " was never started");
        }
        return process;
    }

    /** Ends both programs; what they left on the host stays for {@link dev.landlord.e2e.host.HostSweep}. */
    @Override
    public void close() {
        if (agent != null) {
            agent.close();
        }
        if (controlPlane != null) {
            controlPlane.close();
        }
    }
}
