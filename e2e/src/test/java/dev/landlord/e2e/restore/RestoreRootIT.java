package dev.landlord.e2e.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.e2e.cluster.Cluster;
import dev.landlord.e2e.cluster.ClusterConfig;
import dev.landlord.e2e.cluster.Eventually;
import dev.landlord.e2e.cluster.HostConfig;
import dev.landlord.e2e.cluster.RestClient;
import dev.landlord.e2e.host.Footprint;
import dev.landlord.e2e.host.HostCommand;
import dev.landlord.e2e.host.HostSweep;
import dev.landlord.e2e.host.ProcessEntry;
import dev.landlord.e2e.network.Rack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** As docs/operations.md and docs/runbooks.md say it, with a host whose sandboxes are real. */
@Tag("root")
@Timeout(300)
class RestoreRootIT {
    private static final Path DISTRIBUTION = Path.of("../dist/target/landlord").toAbsolutePath();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long MIB = 1L << 20;
    private static final int LATER_REPLICAS = 5;
    private static final List<String> STORE = List.of("landlord.db", "landlord.db-wal", "landlord.db-shm");

    private final Footprint footprint;
    private final Rack rack;
    private final HostConfig host;
    private Cluster cluster;

    @SuppressWarnings("NullAway.Init") // see start
    RestoreRootIT() throws IOException {
        assertThat(DISTRIBUTION).as("assembled by dist").isDirectory();
        footprint = Footprint.of("landlord-restoreit", Files.createTempDirectory("landlord-restoreit-"));
        rack = Rack.assemble(footprint.number(), 1);
        host = new HostConfig("host1", rack.namespaceOf(1), rack.addressOf(1), 1000, 512 * MIB);
    }

    @BeforeEach
    void start() throws Exception {
        ClusterConfig config =
                new ClusterConfig(DISTRIBUTION, footprint, rack.ownAddress(), List.of(host), Map.of(), List.of(), "");
        cluster = Cluster.start(config);
        cluster.operator()
                .put("/api/v1/plans/small", Map.of("cpuMillis", 1000, "memoryBytes", 256 * MIB, "pids", 128))
                .must("make a plan");
        cluster.operator().put("/api/v1/tenants/alice", Map.of("plan", "small")).must("make a tenant");
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
    void aStoreOfYesterdayStopsNothingBeforeAnOperatorHasSeenIt() throws Exception {
        order("shop", 1);
        await("the shop is open", () -> programs("shop").size() == 1);
        String copy = cluster.operator()
                .post("/api/v1/cluster:backup")
                .must("copy the store")
                .json()
                .path("file")
                .asString();
        order("later", LATER_REPLICAS);
        await("what came later runs", () -> programs("later").size() == LATER_REPLICAS);
        Set<Long> before = allPrograms();

        cluster.controlPlane().close();
        for (String file : STORE) {
            Files.deleteIfExists(cluster.controlPlaneState().resolve(file));
        }
        cluster.startControlPlane("--landlord.database.restore-from="
                + cluster.controlPlaneState().resolve("backups").resolve(copy));

        await("the host holds what it is told", () -> !held().isMissingNode());
        assertThat(held().path("reason").asString()).contains("incarnation");
        assertThat(allPrograms()).isEqualTo(before);
        assertThat(workloads()).containsExactly("shop");

        String told = held().path("reason").asString();
        HostCommand.must(List.of("sh", "-c", told.substring(told.indexOf("echo "))));
        await("what the store does not know has ended", () -> programs("later").isEmpty());
        assertThat(before).as("the shop was not touched").containsAll(allPrograms());
        assertThat(programs("shop")).hasSize(1);
        await("nothing is held any more", () -> held().isMissingNode());
        order("next", 1);
        await("the host takes work", () -> programs("next").size() == 1);
    }

    private void order(String workload, int replicas) {
        Map<String, Object> form = Map.of(
                "image",
                "busybox",
                "command",
                List.of("sh", "-c", "while :; do sleep 86399; done", workload),
                "network",
                "none",
                "replicas",
                replicas,
                "resources",
                Map.of("cpuMillis", 50, "memoryBytes", 16 * MIB, "pids", 16, "diskBytes", MIB, "inodes", 64));
        cluster.operator()
                .put("/api/v1/tenants/alice/workloads/" + workload, form)
                .must("order " + workload);
    }

    private Set<String> workloads() {
        RestClient operator = cluster.operator();
        return operator.get("/api/v1/tenants/alice/workloads")
                .json()
                .path("items")
                .valueStream()
                .map(workload -> workload.path("name").asString())
                .collect(Collectors.toSet());
    }

    private JsonNode held() {
        JsonNode held = cluster.operator().get("/api/v1/nodes/host1").json().path("held");
        return held.isNull() ? held.path("nothing") : held;
    }

    private Set<Long> programs(String workload) {
        return programsEndingWith(" " + workload + " ");
    }

    private Set<Long> allPrograms() {
        return programsEndingWith("");
    }

    private Set<Long> programsEndingWith(String end) {
        return ProcessEntry.all()
                .filter(process -> process.cgroups().contains(footprint.cgroupRoot()))
                .filter(process -> process.commandLine().startsWith("sh -c while")
                        && process.commandLine().endsWith(end))
                .map(ProcessEntry::pid)
                .collect(Collectors.toSet());
    }

    private static void await(String what, Supplier<Boolean> holds) throws InterruptedException {
        assertThat(Eventually.observe(PATIENCE, holds, held -> held)).as(what).isTrue();
    }
}
