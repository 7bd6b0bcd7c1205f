package dev.landlord.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.agent.sync.HttpsControlPlane;
import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.Generation;
import dev.landlord.api.id.ImageName;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.id.WorkloadName;
import dev.landlord.api.network.Attachment;
import dev.landlord.api.network.ClusterNetwork;
import dev.landlord.api.node.NodeFacts;
import dev.landlord.api.sync.Assignment;
import dev.landlord.api.sync.DesiredReply;
import dev.landlord.api.sync.DesiredState;
import dev.landlord.api.sync.NodeReport;
import dev.landlord.api.sync.ObservedAllocation;
import dev.landlord.api.workload.ProcessSpec;
import dev.landlord.api.workload.Resources;
import dev.landlord.api.workload.RestartPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A host with an agent to be tried: starts the program, says as its control plane what is to run, and hears its reports. */
final class TestHost implements AutoCloseable {
    private static final Path CGROUPS = Path.of("/sys/fs/cgroup");

    final HttpsControlPlane controlPlane;
    private final Path directory;
    private final List<String> enter;
    private final String cgroupRoot =
            "landlord-agent-" + ProcessHandle.current().pid() + "-" + System.nanoTime();
    private long generation;

    /** @param enter words before the agent's command, for a host that has a namespace of its own */
    TestHost(Path directory, HttpsControlPlane controlPlane, List<String> enter) {
        this.directory = directory;
        this.controlPlane = controlPlane;
        this.enter = enter;
    }

    /** As the agent names it. */
    String cgroupRoot() {
        return cgroupRoot;
    }

    @Override
    public void close() {
        controlPlane.close();
    }

    AgentProcess start(String... more) throws IOException {
        return start(directory.resolve("state"), more);
    }

    AgentProcess start(Path state, String... more) throws IOException {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("node", "n1");
        properties.put("control-plane-url", controlPlane.uri().toString());
        properties.put("join-token", controlPlane.joinToken());
        properties.put("state-dir", state.toString());
        properties.put("cgroup-root", cgroupRoot);
        properties.put("id-base", "3221225472");
        properties.put("id-count", "1048576");
        properties.put("metrics-port", "0");
        // The firewall of this machine is not the test's.
        properties.put("network.enabled", "false");
        for (String one : more) {
            int equals = one.indexOf('=');
            properties.put(one.substring(0, equals), one.substring(equals + 1));
        }
        List<String> arguments = properties.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .toList();
        return AgentProcess.start(enter, state, directory.resolve("agent.log"), arguments);
    }

    static Assignment assignment(AllocationId id, String tenant, String script) {
        return assignment(id, tenant, script, null);
    }

    static Assignment assignment(AllocationId id, String tenant, String script, @Nullable Attachment attachment) {
        return new Assignment(
                id,
                new TenantName(tenant),
                new WorkloadName("shop"),
                0,
                Assignment.Desired.RUNNING,
                new ProcessSpec(new ImageName("busybox"), List.of("sh", "-c", script), Map.of(), "0", "/", true),
                new Resources(200, 64 << 20, 32, 1 << 20, 100),
                100,
                new RestartPolicy(RestartPolicy.Mode.ALWAYS, 100, 1_000),
                0,
                500,
                attachment,
                null,
                null,
                null,
                null);
    }

    void want(Assignment... assignments) {
        want(null, assignments);
    }

    void want(@Nullable ClusterNetwork network, Assignment... assignments) {
        DesiredState set =
                new DesiredState(new Generation("it", ++generation), Arrays.asList(assignments), Set.of(), network);
        controlPlane.desired.add(new DesiredReply(set, List.of()));
    }

    ObservedAllocation await(AllocationId id, Predicate<ObservedAllocation> condition) throws InterruptedException {
        for (int i = 0; i < 6_000; i++) {
            Optional<ObservedAllocation> last = lastOf(id);
            if (last.isPresent() && condition.test(last.get())) {
                return last.get();
            }
            Thread.sleep(10);
        }
        throw new AssertionError(id + " does not come to this; last " + lastOf(id));
    }

    private Optional<ObservedAllocation> lastOf(AllocationId id) {
        return controlPlane.reports.stream()
                .flatMap(report -> report.changed().stream())
                .filter(observed -> observed.allocation().equals(id))
                .reduce((first, second) -> second);
    }

    NodeFacts awaitImages() throws InterruptedException {
        for (int i = 0; i < 6_000; i++) {
            for (NodeReport report : controlPlane.reports) {
                NodeFacts facts = report.facts();
                if (facts != null && !facts.images().isEmpty()) {
                    return facts;
                }
            }
            Thread.sleep(10);
        }
        throw new AssertionError("no images are reported");
    }

    void awaitGone(AllocationId id) throws InterruptedException {
        for (int i = 0; i < 3_000; i++) {
            if (controlPlane.reports.stream().anyMatch(report -> report.gone().contains(id))) {
                return;
            }
            Thread.sleep(10);
        }
        throw new AssertionError(id + " does not go");
    }

    /** The agent has asked for its set once more. */
    void awaitAskedAfter(int queries) throws InterruptedException {
        for (int i = 0; i < 6_000 && controlPlane.desiredQueries.size() <= queries; i++) {
            Thread.sleep(10);
        }
        assertThat(controlPlane.desiredQueries).hasSizeGreaterThan(queries);
    }

    void awaitNoGroups() throws IOException, InterruptedException {
        for (int i = 0; i < 1_000 && !groupsLeft().isEmpty(); i++) {
            Thread.sleep(10);
        }
        assertThat(groupsLeft()).isEmpty();
    }

    private List<Path> groupsLeft() throws IOException {
        try (Stream<Path> hierarchies = Files.list(CGROUPS)) {
            return hierarchies
                    .map(hierarchy -> hierarchy.resolve(cgroupRoot))
                    .filter(Files::exists)
                    .flatMap(TestHost::tenants)
                    .toList();
        }
    }

    private static Stream<Path> tenants(Path root) {
        try (Stream<Path> all = Files.list(root)) {
            return all.filter(Files::isDirectory).filter(path -> !path.endsWith("supervisors")).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void removeGroups() throws IOException {
        try (Stream<Path> hierarchies = Files.list(CGROUPS)) {
            for (Path hierarchy : hierarchies.toList()) {
                Files.deleteIfExists(hierarchy.resolve(cgroupRoot).resolve("supervisors"));
                Files.deleteIfExists(hierarchy.resolve(cgroupRoot));
            }
        }
        Files.deleteIfExists(CGROUPS.resolve(cgroupRoot).resolve("supervisors"));
        Files.deleteIfExists(CGROUPS.resolve(cgroupRoot));
    }
}
