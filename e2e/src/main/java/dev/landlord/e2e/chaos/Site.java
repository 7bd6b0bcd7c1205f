package dev.landlord.e2e.chaos;

import dev.landlord.e2e.cluster.Agent;
import dev.landlord.e2e.cluster.ClusterConfig;
import dev.landlord.e2e.cluster.HostConfig;
import dev.landlord.e2e.cluster.Replica;
import dev.landlord.e2e.cluster.RestClient;
import dev.landlord.e2e.host.Footprint;
import dev.landlord.e2e.host.HostCommand;
import dev.landlord.e2e.network.Rack;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * All machines and programs of a run: hosts with agents, then two with control planes, then one with the database, in one rack.
 * Not thread-safe.
 */
final class Site implements AutoCloseable {
    private static final int REPLICAS = 2;
    /** Programs that are killed every few seconds start more often than they get to be fast. */
    private static final String JAVA_OPTIONS = "-XX:TieredStopAtLevel=1";

    private static final long MIB = 1L << 20;
    /** An agent leaves 256 MiB free when it makes images. */
    private static final String AGENT_DISK_SIZE = "384m";

    private static final Duration ANSWER_PATIENCE = Duration.ofSeconds(5);

    private final Footprint footprint;
    private final int hosts;
    private final Rack rack;
    private final Database database;
    private final Releases releases;
    private final ClusterConfig config;
    private final List<Replica> replicas;
    private final List<Agent> agents;
    private @Nullable Balancer balancer;

    /** @param settings of the control planes, besides where the database is */
    Site(Releases releases, Footprint footprint, int hosts, List<String> settings) {
        this.releases = releases;
        this.footprint = footprint;
        this.hosts = hosts;
        this.rack = Rack.assemble(footprint.number(), hosts + REPLICAS + 1);
        this.database = new Database(
                footprint.scratch().resolve("database"),
                rack.namespaceOf(databaseHost()),
                rack.addressOf(databaseHost()));
        List<String> all = new ArrayList<>(settings);
        all.add("--landlord.database.url=" + database.url());
        all.add("--landlord.database.user=postgres");
        List<HostConfig> machines = IntStream.rangeClosed(1, hosts)
                .mapToObj(number -> machine("host" + number, number))
                .toList();
        this.config = new ClusterConfig(
                releases.older(), footprint, rack.ownAddress(), machines, Map.of(), all, JAVA_OPTIONS);
        this.replicas = List.of(
                new Replica(config, machine("replica-a", hosts + 1)),
                new Replica(config.with(releases.newer()), machine("replica-b", hosts + 2)));
        this.agents =
                machines.stream().map(machine -> new Agent(config, machine)).toList();
    }

    private HostConfig machine(String name, int number) {
        long cpuMillis = 1000L * Runtime.getRuntime().availableProcessors();
        return new HostConfig(name, rack.namespaceOf(number), rack.addressOf(number), cpuMillis, 512 * MIB);
    }

    /** Returns when all nodes are ready. */
    void start() throws IOException, InterruptedException {
        Files.createDirectories(config.temporaries());
        database.install();
        database.start();
        Replica first = replicas.getFirst();
        first.begin();
        first.awaitReady();
        Replica second = replicas.getLast();
        second.share(first);
        second.begin();
        balancer = new Balancer(
                config.address(),
                replicas.stream()
                        .map(replica ->
                                new InetSocketAddress(InetAddress.ofLiteral(replica.address()), Replica.NODE_PORT))
                        .toList());
        for (Agent agent : agents) {
            giveDisk(agent);
            begin(agent);
        }
        second.awaitReady();
        for (Agent agent : agents) {
            agent.awaitReady(operator(first));
        }
    }

    private void giveDisk(Agent agent) throws IOException {
        Path disk = diskOf(agent);
        Files.createDirectories(disk);
        HostCommand.must(
                List.of("mount", "-t", "tmpfs", "-o", "mode=0700,size=" + AGENT_DISK_SIZE, "tmpfs", disk.toString()));
    }

    Path diskOf(Agent agent) {
        return config.agentState(agent.host());
    }

    void beginAgain(Agent agent) throws IOException {
        agent.changeTo(releases.newer());
        begin(agent);
    }

    private void begin(Agent agent) throws IOException {
        agent.begin(nodeApis(agent), operator(replicas.getFirst()));
    }

    /** An installation may do it either way: every other host knows the control planes themselves, and goes from one to the next. */
    private List<URI> nodeApis(Agent agent) {
        if (balancer == null) {
            throw new IllegalStateException("there is nobody to whom an agent could talk");
        }
        return numberOf(agent) % 2 == 0
                ? replicas.stream()
                        .map(replica -> URI.create("https://" + replica.address() + ":" + Replica.NODE_PORT))
                        .toList()
                : List.of(URI.create("https://" + config.address() + ":" + balancer.port()));
    }

    /** The API of one control plane, as its operator. */
    RestClient operator(Replica replica) throws IOException {
        return anonymous(replica).as(replica.operatorToken());
    }

    RestClient anonymous(Replica replica) {
        URI uri = URI.create("https://" + replica.address() + ":" + Replica.PUBLIC_PORT);
        return RestClient.anonymous(uri, replica.caCertificate(), ANSWER_PATIENCE);
    }

    List<Replica> replicas() {
        return replicas;
    }

    /** Who has the newest term; the first if nobody has one now. */
    Replica leader() throws IOException {
        Replica leader = replicas.getFirst();
        for (Replica replica : replicas) {
            if (replica.termAsLeader() > leader.termAsLeader()) {
                leader = replica;
            }
        }
        return leader;
    }

    Replica follower() throws IOException {
        return leader().equals(replicas.getFirst()) ? replicas.getLast() : replicas.getFirst();
    }

    List<Agent> agents() {
        return agents;
    }

    Database database() {
        return database;
    }

    Footprint footprint() {
        return footprint;
    }

    Rack rack() {
        return rack;
    }

    /** Its number in the rack. */
    int numberOf(Agent agent) {
        return 1 + agents.indexOf(agent);
    }

    int numberOf(Replica replica) {
        return hosts + 1 + replicas.indexOf(replica);
    }

    int databaseHost() {
        return hosts + REPLICAS + 1;
    }

    @Override
    public void close() {
        agents.forEach(Agent::close);
        replicas.forEach(Replica::close);
        if (balancer != null) {
            balancer.close();
        }
        database.close();
        agents.forEach(agent -> HostCommand.run(List.of("umount", diskOf(agent).toString())));
        rack.close();
    }
}
