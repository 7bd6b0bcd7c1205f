package dev.landlord.e2e.lease;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.e2e.cluster.Agent;
import dev.landlord.e2e.cluster.Cluster;
import dev.landlord.e2e.cluster.ClusterConfig;
import dev.landlord.e2e.cluster.Eventually;
import dev.landlord.e2e.cluster.HostConfig;
import dev.landlord.e2e.cluster.RestClient;
import dev.landlord.e2e.host.Footprint;
import dev.landlord.e2e.host.HostCommand;
import dev.landlord.e2e.host.HostSweep;
import dev.landlord.e2e.host.ProcessEntry;
import dev.landlord.e2e.host.TenantCounters;
import dev.landlord.e2e.network.Rack;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/**
 * Two hosts on this machine, whose clock since its start both see: when the program of the one has ended, and when that of the
 * other has begun, can be compared.
 */
@Tag("root")
@Timeout(300)
class LeaseRootIT {
    private static final Path DISTRIBUTION = Path.of("../dist/target/landlord").toAbsolutePath();
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final long MIB = 1L << 20;
    private static final List<String> SETTINGS =
            List.of("--landlord.node.report-interval=500ms", "--landlord.node.lost-after=6s");

    /** Says how long the machine is up, and hears no one who asks it to end. */
    private static final String TELLS_TIME =
            "trap '' TERM; while :; do read up rest < /proc/uptime; echo $up; sleep 0.05; done";

    private final Footprint footprint;
    private final Rack rack;
    private Cluster cluster;
    private RestClient operator;
    private TenantCounters alice;

    @SuppressWarnings("NullAway.Init") // see start
    LeaseRootIT() throws IOException {
        assertThat(DISTRIBUTION).as("assembled by dist").isDirectory();
        footprint = Footprint.of("landlord-leaseit", Files.createTempDirectory("landlord-leaseit-"));
        rack = Rack.assemble(footprint.number(), 2);
    }

    @BeforeEach
    void start() throws Exception {
        List<HostConfig> hosts = IntStream.rangeClosed(1, 2)
                .mapToObj(number -> new HostConfig(
                        "host" + number, rack.namespaceOf(number), rack.addressOf(number), 1000, 512 * MIB))
                .toList();
        ClusterConfig config =
                new ClusterConfig(DISTRIBUTION, footprint, rack.ownAddress(), hosts, Map.of(), SETTINGS, "");
        cluster = Cluster.start(config);
        operator = cluster.operator();
        alice = new TenantCounters(hosts.stream().map(config::cgroupRoot).toList(), "alice");
        operator.put("/api/v1/plans/small", Map.of("cpuMillis", 1000, "memoryBytes", 256 * MIB, "pids", 128))
                .must("make a plan");
        operator.put("/api/v1/tenants/alice", Map.of("plan", "small")).must("make a tenant");
    }

    @AfterEach
    void sweep() throws IOException {
        if (cluster != null) { // it did not even start
            cluster.close();
        }
        HostSweep.sweep(footprint);
        rack.close();
        assertThat(ProcessEntry.all().filter(process -> process.cgroups().contains(footprint.cgroupRoot())))
                .isEmpty();
    }

    @Test
    void whatMustBeAloneRunsNowhereTwiceWhateverBecomesOfItsAgent() throws Exception {
        order("kept", "keep");
        order("till", "stop");
        await("both run", () -> running("till").size() == 1 && running("kept").size() == 1);
        JsonNode first = running("till").getFirst();
        Agent frozen = cluster.agent(node(first));
        String keptAt = node(running("kept").getFirst());
        long kept = programs("kept").getFirst().pid();

        signal(frozen, "STOP");
        JsonNode second;
        try {
            second = awaitTillOn(other(node(first)));
            assertThat(lastTold(first)).as("the end of the first").isLessThan(firstTold(second));
        } finally {
            signal(frozen, "CONT");
        }
        if (keptAt.equals(node(first))) {
            assertThat(ProcessEntry.of(kept)).as("what is to be kept").isPresent();
        }
        awaitNoDouble(second);

        Agent killed = cluster.agent(node(second));
        int host = node(second).equals("host1") ? 1 : 2;
        rack.cut(host);
        killed.process().killHard();
        JsonNode third = awaitTillOn(other(node(second)));
        assertThat(lastTold(second)).as("the end of the second").isLessThan(firstTold(third));
        rack.mend(host);
        cluster.startAgent(killed);
        awaitNoDouble(third);
        String events = operator.get("/api/v1/tenants/alice/events?limit=200").body();
        assertThat(events).contains("replica-fenced", "was stopped by its host at the end of its lease");
    }

    private void order(String workload, String onDisconnect) {
        Map<String, Object> form = Map.of(
                "image",
                "busybox",
                "command",
                List.of("sh", "-c", TELLS_TIME, workload),
                "network",
                "none",
                "onDisconnect",
                onDisconnect,
                "resources",
                Map.of("cpuMillis", 100, "memoryBytes", 16 * MIB, "pids", 16, "diskBytes", MIB, "inodes", 64));
        operator.put("/api/v1/tenants/alice/workloads/" + workload, form).must("order " + workload);
    }

    private List<JsonNode> allocations(String workload) {
        JsonNode items =
                operator.get("/api/v1/tenants/alice/allocations").json().path("items");
        return StreamSupport.stream(items.spliterator(), false)
                .filter(item -> item.path("workload").asString().equals(workload))
                .toList();
    }

    private List<JsonNode> running(String workload) {
        return allocations(workload).stream()
                .filter(item -> item.path("phase").asString().equals("running"))
                .toList();
    }

    private static String node(JsonNode allocation) {
        return allocation.path("node").asString();
    }

    private static String other(String host) {
        return host.equals("host1") ? "host2" : "host1";
    }

    /** All this time there is never more than one, by the kernel's own count. */
    private JsonNode awaitTillOn(String host) throws InterruptedException {
        await("till runs on " + host, () -> {
            assertThat(sandboxes("till")).as("where till runs").hasSizeLessThan(2);
            return running("till").stream().anyMatch(item -> node(item).equals(host));
        });
        JsonNode there = running("till").stream()
                .filter(item -> node(item).equals(host))
                .findFirst()
                .orElseThrow();
        await("it speaks", () -> !told(there).isEmpty());
        return there;
    }

    private void awaitNoDouble(JsonNode survivor) throws InterruptedException {
        String id = survivor.path("id").asString();
        await("only " + id + " is left, and both nodes are ready", () -> {
            assertThat(sandboxes("till")).as("where till runs").hasSizeLessThan(2);
            List<String> left = allocations("till").stream()
                    .map(item -> item.path("id").asString())
                    .toList();
            return left.equals(List.of(id)) && sandboxes("till").size() == 1 && isReady("host1") && isReady("host2");
        });
    }

    private boolean isReady(String host) {
        return operator.get("/api/v1/nodes/" + host)
                .json()
                .path("state")
                .asString()
                .equals("ready");
    }

    private static void await(String what, Supplier<Boolean> holds) throws InterruptedException {
        assertThat(Eventually.observe(PATIENCE, holds, held -> held)).as(what).isTrue();
    }

    /** Processes of the program, which for a moment are two of one while it starts another. */
    private List<ProcessEntry> programs(String workload) {
        return alice.programs().stream()
                .flatMap(pid -> ProcessEntry.of(pid).stream())
                .filter(process -> process.commandLine().startsWith("sh -c trap")
                        && process.commandLine().endsWith(" " + workload + " "))
                .toList();
    }

    /** The control groups that the program runs in. */
    private Set<String> sandboxes(String workload) {
        return programs(workload).stream()
                .flatMap(process -> process.cgroups().lines())
                .filter(line -> line.contains(":pids:") || line.startsWith("0::"))
                .filter(line -> line.contains("/alice/"))
                .map(line -> line.substring(line.indexOf('/')))
                .collect(Collectors.toSet());
    }

    /** What an allocation has said, in hundredths of seconds since the machine was started; read past the product. */
    private List<Long> told(JsonNode allocation) {
        Path sandboxes = footprint.scratch().resolve(node(allocation)).resolve("sandboxes");
        String prefix = allocation.path("id").asString() + "-r";
        try (Stream<Path> all = Files.list(sandboxes)) {
            return all.filter(path -> path.getFileName().toString().startsWith(prefix))
                    .map(path -> path.resolve("stdout.0"))
                    .filter(Files::exists)
                    .flatMap(LeaseRootIT::lines)
                    .map(line -> Long.valueOf(line.replace(".", "")))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<String> lines(Path file) {
        try {
            String text = Files.readString(file);
            return text.substring(0, text.lastIndexOf('\n') + 1).lines();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long firstTold(JsonNode allocation) {
        return told(allocation).getFirst();
    }

    private long lastTold(JsonNode allocation) {
        return told(allocation).getLast();
    }

    private static void signal(Agent agent, String name) {
        HostCommand.must(
                List.of("kill", "-" + name, Long.toString(agent.process().pid())));
    }
}
