package dev.landlord.e2e.cluster;

import dev.landlord.e2e.host.Footprint;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** The agent of one host as a child process. It keeps its state and its port from start to start. Not thread-safe. */
public final class Agent implements AutoCloseable {
    private static final Duration START = Duration.ofMinutes(2);
    private static final JsonMapper JSON = new JsonMapper();

    private final ClusterConfig config;
    private final HostConfig host;
    private Path distribution;
    private int metricsPort;
    private @Nullable ChildProcess process;

    public Agent(ClusterConfig config, HostConfig host) {
        this.config = config;
        this.host = host;
        this.distribution = config.distribution();
    }

    public HostConfig host() {
        return host;
    }

    /** Where it tells of itself, on the host's address. */
    public int metricsPort() {
        return metricsPort;
    }

    public Path log() {
        return config.log(host.name());
    }

    public ChildProcess process() {
        if (process == null) {
            throw new IllegalStateException("the agent of " + host.name() + " was never started");
        }
        return process;
    }

    /** From its next begin on it is the program of another distribution, with the state that it has. */
    public void changeTo(Path other) {
        distribution = other;
    }

    /**
     * Lets it begin, with what it has on disk or else with a token; {@link #awaitReady} tells when it is there.
     *
     * @param nodeApis of the control planes that it is told of, one at least
     */
    public void begin(List<URI> nodeApis, RestClient operator) throws IOException {
        Path token = config.footprint().scratch().resolve(host.name() + ".token");
        if (!Files.exists(token)) {
            Files.writeString(token, joinToken(operator));
        }
        Files.deleteIfExists(listeners());
        List<String> command = new ArrayList<>(host.entering());
        command.add(distribution.resolve("bin/landlord-agent").toString());
        command.addAll(arguments(nodeApis, token));
        process = ChildProcess.start(host.name(), log(), environment(config), command);
    }

    /**
     * Starts another agent of the same name, with a token that would let it in and everything else of its own, and ends it if
     * it does not end by itself. Returns how it ended, and with which words.
     */
    String lastWordsOfASecond(URI nodeApi, RestClient operator) throws IOException, InterruptedException {
        String second = host.name() + "-second";
        Path token = config.footprint().scratch().resolve(second + ".token");
        Files.writeString(token, joinToken(operator));
        List<String> command = new ArrayList<>(host.entering());
        command.addAll(List.of(
                config.distribution().resolve("bin/landlord-agent").toString(),
                "--landlord.agent.node=" + host.name(),
                "--landlord.agent.control-plane-url=" + nodeApi,
                "--landlord.agent.join-token-file=" + token,
                "--landlord.agent.state-dir=" + config.footprint().scratch().resolve(second),
                "--landlord.agent.cgroup-root=" + config.footprint().cgroupRoot() + "/" + second,
                "--landlord.agent.id-base=" + config.footprint().blockFromTheEnd(2),
                "--landlord.agent.id-count=" + Footprint.ID_BLOCK,
                "--landlord.agent.metrics-port=0"));
        try (ChildProcess process = ChildProcess.start(second, config.log(second), environment(config), command)) {
            return process.lastWords(START);
        }
    }

    static Map<String, String> environment(ClusterConfig config) {
        return Map.of(
                "LANDLORD_JAVA_OPTS",
                "-XX:-UsePerfData -Djava.io.tmpdir=" + config.temporaries() + " " + config.javaOptions());
    }

    private String joinToken(RestClient operator) {
        return operator.post("/api/v1/nodes/" + host.name() + ":join-token")
                .must("ask for a join token")
                .json()
                .path("token")
                .asString();
    }

    private List<String> arguments(List<URI> nodeApis, Path token) {
        List<String> arguments = new ArrayList<>(List.of(
                "--landlord.agent.node=" + host.name(),
                "--landlord.agent.control-plane-url="
                        + nodeApis.stream().map(URI::toString).collect(Collectors.joining(",")),
                "--landlord.agent.join-token-file=" + token,
                "--landlord.agent.state-dir=" + config.agentState(host),
                "--landlord.agent.cgroup-root=" + config.cgroupRoot(host),
                "--landlord.agent.id-base=" + config.firstId(host),
                "--landlord.agent.id-count=" + config.idCount(),
                "--landlord.agent.share.cpu-millis=" + host.cpuMillis(),
                "--landlord.agent.share.memory-bytes=" + host.memoryBytes(),
                "--landlord.agent.metrics-address=" + host.address(),
                "--landlord.agent.metrics-port=" + metricsPort));
        if (host.networkNamespace() == null) {
            // Its firewall table is this machine's, and would stay; in a namespace it goes with that.
            arguments.add("--landlord.agent.teardown-on-exit=true");
        }
        int index = 0;
        for (Map.Entry<String, Path> image : config.images().entrySet()) {
            String prefix = "--landlord.agent.images[" + index++ + "].";
            arguments.add(prefix + "name=" + image.getKey());
            arguments.add(prefix + "kind=directory");
            arguments.add(prefix + "source=" + image.getValue());
        }
        return arguments;
    }

    /** Waits until the control plane calls the node ready. */
    public void awaitReady(RestClient operator) throws IOException, InterruptedException {
        ChildProcess mine = process();
        mine.awaitFile(listeners(), START);
        metricsPort =
                JSON.readTree(Files.readString(listeners())).path("metrics").asInt();
        String path = "/api/v1/nodes/" + host.name();
        String state = Eventually.observe(
                START,
                () -> mine.isAlive() ? operator.get(path).json().path("state").asString() : "dead",
                found -> found.equals("ready") || found.equals("dead"));
        if (!state.equals("ready")) {
            throw mine.failure("did not become ready within " + START + ", the node is '" + state + "'");
        }
    }

    private Path listeners() {
        return config.agentState(host).resolve("listeners.json");
    }

    @Override
    public void close() {
        if (process != null) {
            process.close();
        }
    }
}
