package dev.landlord.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.landlord.agent.sync.HttpsControlPlane;
import dev.landlord.agent.sync.PinnedTls;
import dev.landlord.agent.variant.Variant;
import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.Generation;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.rlimit.Rlimit;
import dev.landlord.api.rlimit.Rlimit.Resource;
import dev.landlord.api.sync.AppliedLimits;
import dev.landlord.api.sync.Assignment;
import dev.landlord.api.sync.DesiredReply;
import dev.landlord.api.sync.DesiredState;
import dev.landlord.api.sync.LimitDrift;
import dev.landlord.api.sync.NodeReport;
import dev.landlord.api.sync.ObservedAllocation;
import dev.landlord.api.sync.ObservedPhase;
import dev.landlord.api.workload.IoRates;
import dev.landlord.api.workload.Resources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the kernel enforces while a real agent runs: limits that are changed, by whom may and by whom may not. */
@Tag("root")
class LimitsRootIT {
    private static final AllocationId A = new AllocationId("limitsit1");
    private static final Path CGROUPS = Path.of("/sys/fs/cgroup");

    private final HttpsControlPlane controlPlane = new HttpsControlPlane();
    private final String cgroupRoot =
            "landlord-limits-" + ProcessHandle.current().pid() + "-" + System.nanoTime();

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit fills it
    private Path directory;

    private long generation;

    /** Also what a test that failed has left running. */
    @AfterEach
    void close() throws IOException, InterruptedException {
        controlPlane.close();
        for (int i = 0; i < 1_000 && !groups().isEmpty(); i++) {
            for (Path group : groups()) {
                for (String pid :
                        Files.readString(group.resolve("cgroup.procs")).lines().toList()) {
                    ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly);
                }
                if (!group.toFile().delete()) {
                    Thread.sleep(10);
                }
            }
        }
        assertThat(groups()).isEmpty();
    }

    /** Of this test in all hierarchies, the innermost first. */
    private List<Path> groups() throws IOException {
        List<Path> groups = new ArrayList<>();
        try (Stream<Path> hierarchies = Files.list(CGROUPS)) {
            for (Path hierarchy : Stream.concat(Stream.of(CGROUPS), hierarchies).toList()) {
                Path root = hierarchy.resolve(cgroupRoot);
                if (Files.exists(root)) {
                    try (Stream<Path> below = Files.walk(root)) {
                        below.filter(Files::isDirectory).forEach(groups::add);
                    }
                }
            }
        }
        groups.sort(Comparator.comparingInt(Path::getNameCount).reversed());
        return groups;
    }

    /** Returns when it has its images: what is to start before they are there begins with a failure. */
    private AgentProcess start(String... more) throws IOException, InterruptedException {
        Path state = directory.resolve("state");
        List<String> properties = Stream.concat(
                        Stream.of(
                                "node=n1",
                                "control-plane-url=" + controlPlane.uri(),
                                "join-token=" + controlPlane.joinToken(),
                                "state-dir=" + state,
                                "cgroup-root=" + cgroupRoot,
                                "id-base=3221225472",
                                "id-count=1048576",
                                "metrics-port=0",
                                "network.enabled=false"),
                        Stream.of(more))
                .toList();
        AgentProcess agent = AgentProcess.start(List.of(), state, directory.resolve("agent.log"), properties);
        for (int i = 0; i < 6_000 && !hasImages(); i++) {
            Thread.sleep(10);
        }
        if (!hasImages()) {
            agent.close();
            throw new AssertionError("no images; it says " + Files.readString(directory.resolve("agent.log")));
        }
        return agent;
    }

    private boolean hasImages() {
        return controlPlane.reports.stream()
                .map(NodeReport::facts)
                .anyMatch(facts -> facts != null && !facts.images().isEmpty());
    }

    private void want(Assignment... assignments) {
        DesiredState set =
                new DesiredState(new Generation("it", ++generation), Arrays.asList(assignments), Set.of(), null);
        controlPlane.desired.add(new DesiredReply(set, List.of()));
    }

    private ObservedAllocation await(AllocationId id, Predicate<ObservedAllocation> condition)
            throws InterruptedException, IOException {
        for (int i = 0; i < 6_000; i++) {
            Optional<ObservedAllocation> last = lastOf(id);
            if (last.isPresent() && condition.test(last.get())) {
                return last.get();
            }
            Thread.sleep(10);
        }
        throw new AssertionError(id + " does not come to this; last " + lastOf(id) + "; it says "
                + Files.readString(directory.resolve("agent.log")));
    }

    private Optional<ObservedAllocation> lastOf(AllocationId id) {
        return controlPlane.reports.stream()
                .flatMap(report -> report.changed().stream())
                .filter(observed -> observed.allocation().equals(id))
                .reduce((first, second) -> second);
    }

    private void end(AgentProcess agent) throws IOException, InterruptedException {
        want();
        Path slice = groupFile("pids", "alice");
        for (int i = 0; i < 3_000 && Files.exists(slice); i++) {
            Thread.sleep(10);
        }
        assertThat(slice).doesNotExist();
        assertThat(agent.terminate()).isIn(0, 143);
    }

    @Test
    void newLimitsReachWhatRunsWithoutARestart() throws Exception {
        try (AgentProcess agent = start()) {
            Assignment small = TestHost.assignment(A, "alice", "exec sleep 1000");
            want(small);
            ObservedAllocation before = await(A, observed -> observed.phase() == ObservedPhase.RUNNING);
            String members = Files.readString(groupFile("pids", "alice/limitsit1-r1/cgroup.procs"));
            assertThat(members).isNotBlank();

            // More, then less than at first: the slice goes up before the sandbox, and down after it.
            for (Resources resources : List.of(
                    new Resources(400, 96 << 20, 64, 1 << 20, 100), new Resources(100, 32 << 20, 16, 1 << 20, 100))) {
                want(Variant.of(small).resources(resources).make());
                for (String group : List.of("alice/limitsit1-r1/", "alice/")) {
                    awaitText(groupFile("pids", group + "pids.max"), (resources.pids() + 1) + "\n");
                    awaitNumber(group, "cpu", "cpu.cfs_quota_us", "cpu.max", resources.cpuMillis() * 100);
                    awaitNumber(group, "memory", "memory.limit_in_bytes", "memory.max", resources.memoryBytes());
                }
                AppliedLimits applied = limits(resources);
                assertThat(await(A, observed -> applied.equals(observed.limits())))
                        .isEqualTo(before.with(applied));
            }
            assertThat(Files.readString(groupFile("pids", "alice/limitsit1-r1/cgroup.procs")))
                    .isEqualTo(members);
            end(agent);
        }
    }

    /** Seen from inside; the files that a program can have open are counted by trying, 0, 1 and 2 among them. */
    @Test
    void rlimitsHoldAndAreNotInTheWayOfOtherLimits() throws Exception {
        String script = "ulimit -n; ulimit -Hn; ulimit -c; busybox awk 'BEGIN { f = \"dev/null\";"
                + " for (n = 3; n < 999; n++) { f = \"/\" f; if ((getline x < f) < 0) break }; print n }'; sleep 1000";
        Assignment shop = Variant.of(TestHost.assignment(A, "alice", script))
                .rlimits(Map.of(Resource.NOFILE, new Rlimit(200L, 300L)))
                .make();
        Resources more = new Resources(300, 96 << 20, 64, 1 << 20, 100);
        try (AgentProcess agent = start()) {
            assertThat(capabilities()).contains("assignment.rlimits");
            want(shop);
            ObservedAllocation before = await(A, observed -> observed.phase() == ObservedPhase.RUNNING);
            awaitText(directory.resolve("state/sandboxes/limitsit1-r1/stdout.0"), "200\n300\n0\n200\n");

            want(Variant.of(shop).resources(more).make());
            assertThat(await(A, observed -> limits(more).equals(observed.limits())))
                    .isEqualTo(before.with(limits(more)));
            end(agent);
        }
    }

    private static AppliedLimits limits(Resources resources) {
        return new AppliedLimits(
                resources.cpuMillis(), resources.memoryBytes(), resources.pids(), resources.swapBytes());
    }

    /** All or nothing: the cap of the CPU, which could be set, stays as well. */
    @Test
    void memoryInUseIsNotTakenAwayAndTheOldLimitsHoldOn() throws Exception {
        String fill = "x=$(head -c 30000000 /dev/zero | tr '\\0' x); echo ${#x}; sleep 1000";
        Resources large = new Resources(1000, 256 << 20, 32, 1 << 20, 100);
        Resources small = new Resources(500, 16 << 20, 32, 1 << 20, 100);
        Resources enough = new Resources(500, 128 << 20, 32, 1 << 20, 100);
        try (AgentProcess agent = start()) {
            Assignment shop = Variant.of(TestHost.assignment(A, "alice", fill))
                    .resources(large)
                    .make();
            want(shop);
            await(A, observed -> limits(large).equals(observed.limits()));
            awaitMemoryInUse(28_000_000);

            want(Variant.of(shop).resources(small).make());
            ObservedAllocation stuck = await(A, observed -> observed.message() != null);
            assertThat(stuck.message()).contains("memory.maxBytes");
            assertThat(stuck.phase()).isEqualTo(ObservedPhase.RUNNING);
            assertThat(stuck.limits()).isEqualTo(limits(large));
            for (String group : List.of("alice/limitsit1-r1/", "alice/")) {
                awaitNumber(group, "memory", "memory.limit_in_bytes", "memory.max", large.memoryBytes());
                awaitNumber(group, "cpu", "cpu.cfs_quota_us", "cpu.max", large.cpuMillis() * 100);
            }

            want(Variant.of(shop).resources(enough).make());
            ObservedAllocation resized = await(A, observed -> limits(enough).equals(observed.limits()));
            assertThat(await(A, observed -> observed.message() == null).restarts())
                    .isZero();
            assertThat(resized.startedAtEpochMillis()).isEqualTo(stuck.startedAtEpochMillis());
            awaitNumber("alice/", "memory", "memory.limit_in_bytes", "memory.max", enough.memoryBytes());
            end(agent);
        }
    }

    private void awaitMemoryInUse(long bytes) throws IOException, InterruptedException {
        Path v1 = groupFile("memory", "alice/limitsit1-r1/memory.usage_in_bytes");
        Path file = Files.exists(v1) ? v1 : groupFile("memory", "alice/limitsit1-r1/memory.current");
        for (int i = 0; i < 6_000 && inUse(file) < bytes; i++) {
            Thread.sleep(10);
        }
        assertThat(inUse(file)).as(file.toString()).isGreaterThanOrEqualTo(bytes);
    }

    private static long inUse(Path file) throws IOException {
        return Long.parseLong(Files.readString(file).strip());
    }

    /** A sandbox cannot spend it: the limit is the slice's, which holds for all that the tenant has here. */
    @Test
    void diskTrafficOfAPlanIsLimitedInTheSlice() throws Exception {
        try (AgentProcess agent = start("limit-check-period=1s")) {
            assumeThat(capabilities()).as("what this host has verified").contains("io.read", "io.direct");
            IoRates rates = new IoRates(5L << 20, 3L << 20, null, null, false);
            want(Variant.of(TestHost.assignment(A, "alice", "exec sleep 1000"))
                    .io(rates)
                    .make());
            await(A, observed -> observed.phase() == ObservedPhase.RUNNING);
            String device = deviceOf(directory);
            Path reads = groupFile("blkio", "alice/blkio.throttle.read_bps_device");
            boolean v1 = Files.exists(reads);
            Path file = v1 ? reads : groupFile("io", "alice/io.max");
            String line = device + (v1 ? " 5242880" : " rbps=5242880 wbps=3145728 riops=max wiops=max") + "\n";
            awaitText(file, line);

            Files.writeString(file, device + (v1 ? " 0" : " rbps=max"));
            awaitText(file, line);
            assertThat(awaitDrift(drift -> drift.limit().equals("io")).allocation())
                    .isNull();

            want(TestHost.assignment(A, "alice", "exec sleep 1000"));
            awaitText(file, "");
            end(agent);
        }
    }

    /** The leaf has the burst too, the weight is the slice's alone; what somebody else writes there is found. */
    @Test
    void shareOfTheDiskAndBurstOfTheCpuComeAndGoWhileTheSandboxRuns() throws Exception {
        String leaf = "alice/limitsit1-r1/";
        try (WeighingDisk disk = WeighingDisk.mountedAt(directory.resolve("state"), directory.resolve("disk"));
                AgentProcess agent = start("limit-check-period=1s")) {
            assertThat(capabilities())
                    .contains("cpu.burst", "io.weight", "assignment.cpuBurstPercent", "assignment.ioWeight");
            Assignment plain = TestHost.assignment(A, "alice", "exec sleep 1000");
            want(plain);
            await(A, observed -> observed.phase() == ObservedPhase.RUNNING);
            String members = Files.readString(groupFile("pids", leaf + "cgroup.procs"));

            want(Variant.of(plain).ioWeight(10_000).cpuBurstPercent(50).make());
            awaitBurst(leaf, 200 * 50);
            awaitBurst("alice/", 200 * 50);
            Path weights = groupFile("blkio", "alice/blkio.bfq.weight_device");
            Path file = Files.exists(weights) ? weights : groupFile("io", "alice/io.bfq.weight");
            awaitLine(file, disk.number() + " 1000");
            assertThat(Files.readString(file.resolveSibling("limitsit1-r1").resolve(file.getFileName())))
                    .doesNotContain(disk.number());

            Files.writeString(burst("alice/"), "0\n");
            Files.writeString(file, disk.number() + " 77");
            awaitBurst("alice/", 200 * 50);
            awaitLine(file, disk.number() + " 1000");
            awaitDrift(drift -> drift.limit().equals("cpu.burstMicros") && drift.allocation() == null);
            awaitDrift(drift -> drift.limit().equals("io.weight") && drift.allocation() == null);
            Files.writeString(burst(leaf), "0\n");
            awaitBurst(leaf, 200 * 50);
            awaitDrift(drift -> drift.limit().equals("cpu.burstMicros") && A.equals(drift.allocation()));

            want(plain);
            awaitBurst(leaf, 0);
            awaitBurst("alice/", 0);
            for (int i = 0; i < 3_000 && Files.readString(file).contains(disk.number()); i++) {
                Thread.sleep(10);
            }
            assertThat(Files.readString(file)).doesNotContain(disk.number());
            assertThat(Files.readString(groupFile("pids", leaf + "cgroup.procs")))
                    .isEqualTo(members);
            end(agent);
        }
    }

    private Path burst(String group) {
        Path v1 = groupFile("cpu", group + "cpu.cfs_burst_us");
        return Files.exists(v1) ? v1 : groupFile("cpu", group + "cpu.max.burst");
    }

    private void awaitBurst(String group, long micros) throws IOException, InterruptedException {
        awaitText(burst(group), micros + "\n");
    }

    private static void awaitLine(Path file, String line) throws IOException, InterruptedException {
        for (int i = 0; i < 3_000 && !Files.readAllLines(file).contains(line); i++) {
            Thread.sleep(10);
        }
        assertThat(Files.readAllLines(file)).as(file.toString()).contains(line);
    }

    private Set<String> capabilities() {
        return controlPlane.reports.stream()
                .map(NodeReport::facts)
                .filter(Objects::nonNull)
                .flatMap(facts -> facts.capabilities().stream())
                .collect(Collectors.toSet());
    }

    /** Of the whole disk; enough for numbers below 256. */
    private static String deviceOf(Path file) throws IOException {
        long device = (Long) Files.getAttribute(file, "unix:dev");
        Path entry = Path.of("/sys/dev/block", (device >> 8 & 0xfff) + ":" + (device & 0xff))
                .toRealPath();
        Path disk = entry.resolve(Files.exists(entry.resolve("partition")) ? ".." : ".");
        return Files.readString(disk.resolve("dev")).strip();
    }

    private void awaitNumber(String group, String controller, String v1, String v2, long number)
            throws IOException, InterruptedException {
        Path file = groupFile(controller, group + v1);
        Path found = Files.exists(file) ? file : groupFile(controller, group + v2);
        for (int i = 0; i < 3_000 && !Files.readString(found).matches("(?s)" + number + "\\b.*"); i++) {
            Thread.sleep(10);
        }
        assertThat(Files.readString(found)).as(found.toString()).matches("(?s)" + number + "\\b.*");
    }

    @Test
    void whatRootWritesIntoControlGroupsIsRepairedAndTold() throws Exception {
        try (AgentProcess agent = start("limit-check-period=1s")) {
            want(TestHost.assignment(A, "alice", "exec sleep 1000"));
            ObservedAllocation before = await(A, observed -> observed.phase() == ObservedPhase.RUNNING);
            Path leaf = groupFile("pids", "alice/limitsit1-r1/pids.max");
            Path slice = groupFile("pids", "alice/pids.max");
            assertThat(Files.readString(leaf)).isEqualTo("33\n");

            Files.writeString(leaf, "max\n");
            Files.writeString(slice, "1000\n");
            awaitText(leaf, "33\n");
            awaitText(slice, "33\n");
            LimitDrift ofReplica = awaitDrift(drift -> A.equals(drift.allocation()));
            assertThat(List.of(ofReplica.limit(), ofReplica.file(), ofReplica.found(), ofReplica.wanted()))
                    .containsExactly("pidsMax", "pids.max", "max", "33");
            assertThat(ofReplica.failure()).isNull();
            LimitDrift ofTenant = awaitDrift(drift -> drift.allocation() == null);
            assertThat(ofTenant.tenant()).isEqualTo(new TenantName("alice"));
            assertThat(ofTenant.found()).isEqualTo("1000");

            Path cap = cpuCap();
            String capped = Files.readString(cap);
            Files.writeString(cap, capped.startsWith("20000 ") ? "max\n" : "-1\n");
            awaitText(cap, capped);
            LimitDrift ofCap = awaitDrift(drift -> cap.endsWith(drift.file()));
            assertThat(ofCap.allocation()).isEqualTo(A);

            var trust = PinnedTls.trusting(controlPlane.authority.certificate());
            assertThat(agent.get(trust, "/metrics", "Bearer " + HttpsControlPlane.SCRAPE_TOKEN)
                            .body())
                    .contains("landlord_agent_limit_drifts_total{limit=\"pidsMax\",outcome=\"repaired\"} 2.0")
                    .contains("landlord_agent_limit_drifts_total{limit=\"" + ofCap.limit()
                            + "\",outcome=\"repaired\"} 1.0");
            assertThat(lastOf(A)).hasValue(before);
            end(agent);
        }
    }

    /** Of version 1 in its controller's hierarchy, of version 2 in the only one. */
    private Path groupFile(String controller, String name) {
        Path ofController = CGROUPS.resolve(controller).resolve(cgroupRoot).resolve(name);
        return Files.exists(ofController)
                ? ofController
                : CGROUPS.resolve(cgroupRoot).resolve(name);
    }

    private Path cpuCap() {
        Path quota = groupFile("cpu", "alice/limitsit1-r1/cpu.cfs_quota_us");
        return Files.exists(quota) ? quota : groupFile("cpu", "alice/limitsit1-r1/cpu.max");
    }

    private static void awaitText(Path file, String text) throws IOException, InterruptedException {
        for (int i = 0; i < 3_000 && !Files.readString(file).equals(text); i++) {
            Thread.sleep(10);
        }
        assertThat(Files.readString(file)).isEqualTo(text);
    }

    private LimitDrift awaitDrift(Predicate<LimitDrift> condition) throws InterruptedException {
        for (int i = 0; i < 3_000; i++) {
            Optional<LimitDrift> found = controlPlane.reports.stream()
                    .flatMap(report -> report.drifts().stream())
                    .filter(condition)
                    .findFirst();
            if (found.isPresent()) {
                return found.get();
            }
            Thread.sleep(10);
        }
        throw new AssertionError("no such drift is reported");
    }
}
