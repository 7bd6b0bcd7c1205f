package dev.landlord.controlplane.sync;

import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.Generation;
import dev.landlord.api.id.Id;
import dev.landlord.api.id.ImageName;
import dev.landlord.api.id.NodeName;
import dev.landlord.api.join.JoinRequest;
import dev.landlord.api.network.NodeNetwork;
import dev.landlord.api.node.NodeFacts;
import dev.landlord.api.sync.AppliedLimits;
import dev.landlord.api.sync.Assignment;
import dev.landlord.api.sync.DesiredReply;
import dev.landlord.api.sync.DesiredState;
import dev.landlord.api.sync.LimitDrift;
import dev.landlord.api.sync.NodeReport;
import dev.landlord.api.sync.ObservedAllocation;
import dev.landlord.api.sync.ObservedHealth;
import dev.landlord.api.sync.ObservedPhase;
import dev.landlord.api.workload.ProcessSpec;
import dev.landlord.api.workload.Resources;
import dev.landlord.controlplane.Answer;
import dev.landlord.controlplane.NodeKey;
import dev.landlord.controlplane.RunningControlPlane;
import java.io.IOException;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.ToStringSerializer;

/** An agent at the wire: it says what a test tells it to say. For one thread. */
public final class ScriptedAgent {
    private static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new SimpleModule().addSerializer(Id.class, ToStringSerializer.instance))
            .build();
    private static final List<String> CAPABILITIES = List.of(
            ProcessSpec.RLIMITS_HEEDED,
            "console",
            "cpu.max",
            "cpu.weight",
            "devices",
            "freezer",
            "lease",
            "memory.max",
            "network",
            "overlay.idmap",
            "pids.max",
            "seccomp",
            "userns");

    final NodeName node;
    /** Shows its certificate. */
    final HttpClient client;

    private final ImageName image;
    private String run = "run-1";
    private @Nullable String previousRun;
    private RunningControlPlane controlPlane;
    private Generation seen = new Generation("none", 0);
    private Generation accepted = new Generation("none", 0);
    private String address = "10.0.0.1";
    private long sequence;
    private Set<AllocationId> known = new HashSet<>();
    /** Told with all else that its host has. */
    @Nullable
    Long swapBytes;

    /** What the next reports say of limits. */
    List<LimitDrift> drifts = List.of();

    private ScriptedAgent(RunningControlPlane controlPlane, NodeName node, HttpClient client, ImageName image) {
        this.controlPlane = controlPlane;
        this.node = node;
        this.client = client;
        this.image = image;
    }

    /** Joins a new node and sends its first report. It alone has the image, so that only it gets what needs it. */
    public static ScriptedAgent joined(RunningControlPlane controlPlane, String node, String image) throws IOException {
        return joined(controlPlane, node, image, "10.0.0.1");
    }

    /** The same, with an address of its own. */
    static ScriptedAgent joined(RunningControlPlane controlPlane, String node, String image, String address)
            throws IOException {
        String token = controlPlane
                .operator("POST", "/api/v1/nodes/" + node + ":join-token", null)
                .text("/token");
        NodeKey key = new NodeKey();
        Answer answer = join(controlPlane, node, token, key);
        if (answer.status() != 200) {
            throw new AssertionError("join: " + answer);
        }
        ScriptedAgent agent = new ScriptedAgent(
                controlPlane, new NodeName(node), key.client(answer.text("/certificate")), new ImageName(image));
        agent.address = address;
        agent.reportAll(List.of());
        return agent;
    }

    static Answer join(RunningControlPlane controlPlane, String node, String joinToken) throws IOException {
        return join(controlPlane, node, joinToken, new NodeKey());
    }

    static Answer join(RunningControlPlane controlPlane, String node, String joinToken, NodeKey key)
            throws IOException {
        JoinRequest request = new JoinRequest(new NodeName(node), joinToken, key.request(), new NodeKey().request());
        return controlPlane.call("node", null, "POST", "/node/v1/join", JSON.writeValueAsString(request));
    }

    /** The control plane was started again. */
    void talkTo(RunningControlPlane restarted) {
        controlPlane = restarted;
    }

    /** Its ledger is that of an earlier agent of the same host. */
    void remember(Generation earlier) {
        seen = earlier;
        accepted = earlier;
    }

    /** Another process with the same name and certificate. */
    ScriptedAgent twin() {
        ScriptedAgent twin = new ScriptedAgent(controlPlane, node, client, image);
        twin.run = "run-2";
        return twin;
    }

    /** The next process on the same state directory. */
    ScriptedAgent successor() {
        ScriptedAgent next = new ScriptedAgent(controlPlane, node, client, image);
        next.previousRun = run;
        next.run = "run-3";
        return next;
    }

    NodeFacts facts() {
        return new NodeFacts(
                4000,
                1L << 30,
                1000,
                swapBytes,
                "6.18",
                "hybrid",
                "test",
                Stream.concat(
                                CAPABILITIES.stream(),
                                swapBytes == null
                                        ? Stream.of(Resources.SWAP_HEEDED)
                                        : Stream.of(Resources.SWAP_HEEDED, "memory.swap"))
                        .toList(),
                swapBytes == null
                        ? Map.of("io", "no controller", "memory.swap", "verify memory.swap: this host has no swap")
                        : Map.of("io", "no controller"),
                Map.of(image, "sha256:00"),
                "127.0.0.1:9999",
                new NodeNetwork(address, 20_000, 29_999, Set.of(80)));
    }

    Answer report(boolean complete, List<ObservedAllocation> changed, List<AllocationId> gone) throws IOException {
        return post(reportBody(complete, changed, gone));
    }

    String reportBody(boolean complete, List<ObservedAllocation> changed, List<AllocationId> gone) {
        sequence++;
        NodeReport report = new NodeReport(
                sequence,
                run,
                previousRun,
                complete,
                accepted,
                complete ? facts() : null,
                changed,
                gone,
                List.of(),
                null,
                drifts);
        return JSON.writeValueAsString(report);
    }

    Answer post(String body) throws IOException {
        return controlPlane.nodeCall(client, "POST", "/node/v1/nodes/" + node + "/report", body);
    }

    public void reportAll(List<ObservedAllocation> all) throws IOException {
        requireOk(report(true, all, List.of()));
    }

    void reportChanged(List<ObservedAllocation> changed, List<AllocationId> gone) throws IOException {
        requireOk(report(false, changed, gone));
    }

    private static void requireOk(Answer answer) {
        if (answer.status() != 200) {
            throw new AssertionError("report: " + answer);
        }
    }

    Answer askDesired(Generation generation, long waitMillis) throws IOException {
        String query = "?generation=" + generation + "&waitMillis=" + waitMillis;
        return controlPlane.nodeCall(client, "GET", "/node/v1/nodes/" + node + "/desired" + query, null);
    }

    /** Waits for something new, and accepts it. */
    public DesiredReply awaitDesired() throws IOException {
        Answer answer = askDesired(seen, 30_000);
        return accept(answer);
    }

    /** Takes what it was told as its own. */
    DesiredReply accept(Answer answer) {
        if (answer.status() != 200) {
            throw new AssertionError("desired: " + answer);
        }
        DesiredReply reply = JSON.readValue(answer.body(), DesiredReply.class);
        DesiredState desired = reply.desired();
        if (desired != null) {
            seen = desired.generation();
            accepted = desired.generation();
        }
        return reply;
    }

    /** Accepts sets until one has the property. */
    DesiredState awaitSet(Predicate<DesiredState> property) throws IOException {
        while (true) {
            DesiredState desired = awaitDesired().desired();
            if (desired != null && property.test(desired)) {
                return desired;
            }
        }
    }

    /** Does at once what the set says, and reports it: what should run runs, what should stop has stopped, the rest is gone. */
    void obey(DesiredState desired) throws IOException {
        List<ObservedAllocation> changed = new ArrayList<>();
        Set<AllocationId> now = new HashSet<>();
        for (Assignment assignment : desired.assignments()) {
            boolean runs = assignment.desired() == Assignment.Desired.RUNNING;
            boolean frozen = desired.frozen().contains(assignment.tenant());
            ObservedPhase phase = frozen ? ObservedPhase.FROZEN : ObservedPhase.RUNNING;
            ObservedHealth health = runs && !frozen && assignment.health() != null ? ObservedHealth.HEALTHY : null;
            changed.add(new ObservedAllocation(
                            assignment.allocation(),
                            runs ? phase : ObservedPhase.STOPPED,
                            1000,
                            0,
                            null,
                            false,
                            health,
                            null,
                            null,
                            null)
                    .with(runs ? limits(assignment.resources()) : null));
            now.add(assignment.allocation());
        }
        known.removeAll(now);
        List<AllocationId> gone = List.copyOf(known);
        known = now;
        reportChanged(changed, gone);
    }

    static AppliedLimits limits(Resources resources) {
        return new AppliedLimits(
                resources.cpuMillis(), resources.memoryBytes(), resources.pids(), resources.swapBytes());
    }

    static ObservedAllocation observed(AllocationId id, ObservedPhase phase) {
        return new ObservedAllocation(id, phase, 1000, 0, null, false, null, null, null, null);
    }

    Generation seen() {
        return seen;
    }
}
