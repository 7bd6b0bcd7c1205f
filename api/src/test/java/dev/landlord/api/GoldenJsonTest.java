package dev.landlord.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.api.exec.AttachSpec;
import dev.landlord.api.exec.ExecSpec;
import dev.landlord.api.exec.ExecTerminal;
import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.Generation;
import dev.landlord.api.id.Id;
import dev.landlord.api.id.ImageName;
import dev.landlord.api.id.NodeName;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.id.WorkloadName;
import dev.landlord.api.join.JoinReply;
import dev.landlord.api.join.JoinRequest;
import dev.landlord.api.join.RenewalReply;
import dev.landlord.api.join.RenewalRequest;
import dev.landlord.api.network.Attachment;
import dev.landlord.api.network.ClusterNetwork;
import dev.landlord.api.network.NodeNetwork;
import dev.landlord.api.network.PublishedPort;
import dev.landlord.api.node.NodeFacts;
import dev.landlord.api.plan.PlanSpec;
import dev.landlord.api.problem.Problem;
import dev.landlord.api.rlimit.Rlimit;
import dev.landlord.api.sync.AppliedLimits;
import dev.landlord.api.sync.Assignment;
import dev.landlord.api.sync.DesiredReply;
import dev.landlord.api.sync.DesiredState;
import dev.landlord.api.sync.ExecRequest;
import dev.landlord.api.sync.LimitDrift;
import dev.landlord.api.sync.NodeReport;
import dev.landlord.api.sync.ObservedAllocation;
import dev.landlord.api.sync.ObservedHealth;
import dev.landlord.api.sync.ObservedPhase;
import dev.landlord.api.sync.ReportReply;
import dev.landlord.api.sync.StreamRequest;
import dev.landlord.api.workload.Console;
import dev.landlord.api.workload.HealthCheck;
import dev.landlord.api.workload.IoRates;
import dev.landlord.api.workload.NetworkSpec;
import dev.landlord.api.workload.OnDisconnect;
import dev.landlord.api.workload.PortSpec;
import dev.landlord.api.workload.ProcessSpec;
import dev.landlord.api.workload.Protocol;
import dev.landlord.api.workload.Resources;
import dev.landlord.api.workload.RestartPolicy;
import dev.landlord.api.workload.WorkloadKind;
import dev.landlord.api.workload.WorkloadSpec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.ToStringSerializer;

/** Pins the wire form: two versions of the product talk to each other, so a changed file here is a protocol change. */
class GoldenJsonTest {
    private static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new SimpleModule().addSerializer(Id.class, ToStringSerializer.instance))
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();
    private static final AllocationId ALLOCATION = new AllocationId("0123456789abcdef");
    private static final ProcessSpec PROCESS = new ProcessSpec(
            new ImageName("busybox"),
            List.of("sh", "-c", "sleep 1"),
            Map.of("A", "b"),
            "1000:1000",
            "/",
            true,
            Console.TERMINAL,
            OnDisconnect.STOP,
            Map.of(Rlimit.Resource.NOFILE, new Rlimit(256L, 512L), Rlimit.Resource.FSIZE, new Rlimit(1L << 30, null)));
    private static final Resources RESOURCES =
            new Resources(500, 64 * Resources.MIB, 64, Resources.MIB, 1000, 32 * Resources.MIB);

    private static final HealthCheck HEALTH = new HealthCheck(HealthCheck.Kind.HTTP, 8080, "/up", 1000, 500, 1, 3);

    private static final ExecSpec EXEC =
            new ExecSpec(List.of("sh", "-i"), true, new ExecTerminal(24, 80, "xterm-256color"));

    private static final AttachSpec ATTACH = new AttachSpec(EXEC.terminal());

    private static final LimitDrift DRIFT = new LimitDrift(
            new TenantName("alice"), ALLOCATION, "cpuMaxMillis", "cpu.max", "25000 100000", "max 100000", null, 2_000);

    private static final IoRates IO = new IoRates(10L << 20, 5L << 20, null, 500L, false);

    private static WorkloadSpec workload() {
        NetworkSpec network =
                new NetworkSpec(NetworkSpec.Mode.ROUTED, List.of(new PortSpec("web", 8080, Protocol.TCP, null)));
        return new WorkloadSpec(
                WorkloadKind.SERVICE,
                PROCESS,
                2,
                RESOURCES,
                RestartPolicy.DEFAULT,
                network,
                HEALTH,
                Map.of("tier", "web", "app", "shop"));
    }

    static Stream<Object> records() {
        Generation generation = new Generation("db-1", 7);
        StreamRequest stream = new StreamRequest("s1", StreamRequest.Kind.STDOUT, ALLOCATION, true, 4096, "cp-1:7701");
        NodeFacts facts = new NodeFacts(
                2000,
                1L << 30,
                4096,
                1L << 29,
                "6.18",
                "hybrid",
                "0.1",
                List.of("cpu.max"),
                Map.of("io", "no controller"),
                Map.of(new ImageName("busybox"), "sha256:00"),
                "127.0.0.1:9100",
                new NodeNetwork("192.0.2.1", 20_000, 29_999, Set.of(80)));
        return Stream.of(
                workload(),
                new PlanSpec(2000, 100, 1L << 30, 512, 1L << 28, 10_000, 1L << 29, 50, "standard", IO, 500, 50),
                facts,
                new DesiredReply(
                        new DesiredState(
                                generation, List.of(assignment()), Set.of(new TenantName("eve")), clusterNetwork()),
                        List.of(stream),
                        List.of(
                                new ExecRequest("e1", ALLOCATION, EXEC, null, "cp-1:7701"),
                                new ExecRequest("e2", ALLOCATION, null, ATTACH, null))),
                EXEC,
                new NodeReport(
                        3,
                        "run1",
                        "run0",
                        true,
                        generation,
                        facts,
                        List.of(new ObservedAllocation(
                                ALLOCATION,
                                ObservedPhase.BACKING_OFF,
                                1_000,
                                1,
                                137,
                                true,
                                ObservedHealth.UNHEALTHY,
                                "out of memory",
                                new AppliedLimits(250, 64L << 20, 32, 16L << 20),
                                true)),
                        List.of(ALLOCATION),
                        List.of(),
                        new NodeReport.HeldSet(new Generation("db-2", 1), "new incarnation"),
                        List.of(DRIFT)),
                new ReportReply(3, 5_000, 30_000, false),
                new JoinRequest(new NodeName("n1"), "ll_x", "pem", "pem-m"),
                new JoinReply("pem", "pem-m", "00ff"),
                new RenewalRequest("pem", "pem"),
                new RenewalReply("pem", "pem"),
                new Problem(
                        "about:blank",
                        "Invalid field",
                        422,
                        "replicas: must be between 0 and 10000, was -1",
                        "invalid-field",
                        List.of(new Problem.FieldError("/replicas", "must be between 0 and 10000, was -1")),
                        "r1"));
    }

    private static Assignment assignment() {
        return new Assignment(
                ALLOCATION,
                new TenantName("alice"),
                new WorkloadName("shop"),
                0,
                Assignment.Desired.RUNNING,
                PROCESS,
                RESOURCES,
                100,
                RestartPolicy.DEFAULT,
                2,
                10_000,
                new Attachment("100.64.0.5", List.of(new PublishedPort("web", Protocol.TCP, 8080, 20_001))),
                HEALTH,
                IO,
                500,
                50);
    }

    private static ClusterNetwork clusterNetwork() {
        return new ClusterNetwork(
                "100.64.0.0/10",
                "100.64.0.0/22",
                List.of(new ClusterNetwork.Route("100.64.4.0/22", "192.0.2.2")),
                List.of(new ClusterNetwork.Peer(new TenantName("alice"), "100.64.4.9")),
                Set.of("192.0.2.1"));
    }

    @ParameterizedTest
    @MethodSource("records")
    void writesTheGoldenForm(Object value) throws IOException {
        assertThat(JSON.readTree(JSON.writeValueAsString(value)))
                .as(JSON.writeValueAsString(value))
                .isEqualTo(JSON.readTree(golden(value)));
    }

    @ParameterizedTest
    @MethodSource("records")
    void readsTheGoldenFormBack(Object value) throws IOException {
        assertThat((Object) JSON.readValue(golden(value), value.getClass())).isEqualTo(value);
    }

    private static String golden(Object value) throws IOException {
        String name = "/golden/" + value.getClass().getSimpleName() + ".json";
        try (InputStream in = GoldenJsonTest.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("no golden file " + name + "; it would be\n" + JSON.writeValueAsString(value));
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
