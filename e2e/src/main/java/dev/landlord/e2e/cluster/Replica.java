package dev.landlord.e2e.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One of several control planes on a database, as a child process on a host of its own. It keeps its state from start to
 * start. Not thread-safe.
 */
public final class Replica implements AutoCloseable {
    public static final int PUBLIC_PORT = 7700;
    public static final int NODE_PORT = 7701;
    private static final int MANAGEMENT_PORT = 7702;
    private static final Duration START = Duration.ofMinutes(2);
    private static final JsonMapper JSON = new JsonMapper();
    private static final List<String> SHARED = List.of("ca.crt", "ca.key", "operator.token", "scrape.token");

    private final ClusterConfig config;
    private final HostConfig host;
    private @Nullable ChildProcess process;

    /** @param host where it runs; its share of the machine does not matter */
    public Replica(ClusterConfig config, HostConfig host) {
        this.config = config;
        this.host = host;
    }

    public String name() {
        return host.name();
    }

    public String address() {
        return host.address();
    }

    private Path folder() {
        return config.agentState(host);
    }

    public Path caCertificate() {
        return folder().resolve("ca.crt");
    }

    public String operatorToken() throws IOException {
        return Files.readString(folder().resolve("operator.token")).strip();
    }

    /** What all of an installation have in common, before the first start. */
    public void share(Replica first) throws IOException {
        Files.createDirectories(folder());
        for (String file : SHARED) {
            Files.copy(first.folder().resolve(file), folder().resolve(file));
        }
    }

    /** Lets it begin; {@link #awaitReady} tells when it is there. */
    public void begin() throws IOException {
        Files.deleteIfExists(folder().resolve("listeners.json"));
        List<String> command = new ArrayList<>(host.entering());
        command.add(config.distribution().resolve("bin/landlord-control-plane").toString());
        command.add("--landlord.state-dir=" + folder());
        command.add("--landlord.bind-address=" + host.address());
        command.add("--landlord.advertised-names=" + host.address() + "," + config.address());
        command.add("--landlord.public-port=" + PUBLIC_PORT);
        command.add("--landlord.node-port=" + NODE_PORT);
        command.add("--landlord.management-port=" + MANAGEMENT_PORT);
        command.addAll(config.settings());
        process = ChildProcess.start(name(), config.log(name()), Agent.environment(config), command);
    }

    public void awaitReady() throws InterruptedException {
        process().awaitFile(folder().resolve("listeners.json"), START);
    }

    public ChildProcess process() {
        if (process == null) {
            throw new IllegalStateException(name() + " was never started");
        }
        return process;
    }

    public boolean isAlive() {
        return process != null && process.isAlive();
    }

    /** The term that it believes to have; 0 if it does not lead, or is dead. */
    public long termAsLeader() throws IOException {
        Path file = folder().resolve("role.json");
        if (!isAlive() || !Files.exists(file)) {
            return 0;
        }
        JsonNode role = JSON.readTree(Files.readString(file));
        return role.path("role").asString().equals("leader")
                ? role.path("epoch").asLong()
                : 0;
    }

    @Override
    public void close() {
        if (process != null) {
            process.close();
        }
    }
}
