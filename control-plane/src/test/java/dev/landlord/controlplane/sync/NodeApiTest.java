package dev.landlord.controlplane.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.Generation;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.sync.Assignment;
import dev.landlord.api.sync.DesiredReply;
import dev.landlord.api.sync.DesiredState;
import dev.landlord.api.sync.ObservedAllocation;
import dev.landlord.api.sync.ObservedPhase;
import dev.landlord.controlplane.Answer;
import dev.landlord.controlplane.NodeKey;
import dev.landlord.controlplane.RunningControlPlane;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Over real TLS and a real store; each test has a node and an image of its own, so that they do not meet. */
@Timeout(60)
class NodeApiTest {
    @TempDir
    static Path folder;

    private static RunningControlPlane controlPlane;
    private static Customers customers;

    @BeforeAll
    static void start() throws IOException {
        controlPlane = RunningControlPlane.start(folder);
        customers = new Customers(controlPlane);
    }

    @AfterAll
    static void stop() {
        controlPlane.close();
    }

    @Test
    void waitingAgentIsToldAtOnceAndItsWordIsSeenAtOnce() throws Exception {
        ScriptedAgent agent = ScriptedAgent.joined(controlPlane, "told", "told");
        customers.tenant("told");
        agent.awaitSet(set -> set.network() != null);
        CompletableFuture<DesiredReply> waiting = CompletableFuture.supplyAsync(() -> unchecked(agent));
        customers.put("told/shop", "told", "sleep", 1);
        DesiredState desired =
                Objects.requireNonNull(waiting.get(20, TimeUnit.SECONDS).desired());

        Assignment assignment = desired.assignments().getFirst();
        assertThat(assignment.tenant()).isEqualTo(new TenantName("told"));
        assertThat(assignment.process().command()).containsExactly("sleep");
        assertThat(assignment.cpuWeight()).isEqualTo(100);
        agent.obey(desired);
        Answer status = customers.get("told/shop");
        assertThat(status.text("/status/running")).isEqualTo("1");
        Answer allocations = controlPlane.operator("GET", "/api/v1/tenants/told/allocations", null);
        assertThat(allocations.text("/items/0/phase")).isEqualTo("running");
        assertThat(allocations.text("/items/0/node")).isEqualTo("told");
        assertThat(allocations.text("/items/0/startedAt")).isEqualTo("1000");
    }

    @Test
    void timeRunsOutWithoutNews() throws IOException {
        ScriptedAgent agent = ScriptedAgent.joined(controlPlane, "idle", "idle");
        agent.awaitSet(set -> set.network() != null);
        assertThat(agent.askDesired(agent.seen(), 10).status()).isEqualTo(204);
        assertThat(agent.askDesired(new Generation("db-other", 7), 10).status()).isEqualTo(200);
    }

    @Test
    void storeThatIsOlderThanWhatTheNodeWasToldIsNotObeyed() throws IOException {
        ScriptedAgent agent = ScriptedAgent.joined(controlPlane, "ahead", "ahead");
        agent.awaitDesired();
        Generation future =
                new Generation(agent.seen().incarnation(), agent.seen().number() + 100);
        assertThat(agent.askDesired(future, 10).problem()).isEqualTo("409 stale-generation -");
    }

    @Test
    void secondAgentOfTheSameNameIsRefused() throws IOException {
        ScriptedAgent agent = ScriptedAgent.joined(controlPlane, "twin", "twin");
        String secondToken = controlPlane
                .operator("POST", "/api/v1/nodes/twin:join-token", null)
                .text("/token");
        Answer joined = ScriptedAgent.join(controlPlane, "twin", secondToken);
        assertThat(joined.problem()).isEqualTo("409 node-already-joined -");
        assertThat(joined.text("/detail")).contains("node twin");

        Answer reported = agent.twin().report(true, List.of(), List.of());
        assertThat(reported.problem()).isEqualTo("409 node-already-joined -");
        assertThat(reported.text("/detail")).contains("node twin");
        agent.reportChanged(List.of(), List.of());
    }

    @Test
    void restartedAgentNeedNotWaitUntilItsPredecessorCountsAsSilent() throws IOException {
        ScriptedAgent agent = ScriptedAgent.joined(controlPlane, "successor", "successor");
        ScriptedAgent next = agent.successor();
        next.reportAll(List.of());
        next.reportChanged(List.of(), List.of());
        assertThat(agent.report(true, List.of(), List.of()).problem()).isEqualTo("409 node-already-joined -");
        String broken = "{\"sequence\":1,\"agentRun\":\"a\",\"previousRun\":\"../x\",\"complete\":true,\"accepted\":"
                + "{\"incarnation\":\"none\",\"number\":0},\"changed\":[],\"gone\":[],\"orphans\":[]}";
        assertThat(agent.post(broken).problem()).isEqualTo("422 invalid-field /previousRun");
    }

    @Test
    void joinerMayAskForJoinTokensAndForNothingElse() throws IOException {
        String joiner = Files.readString(folder.resolve("joiner.token")).strip();
        String token = controlPlane
                .call("public", joiner, "POST", "/api/v1/nodes/autumn:join-token", null)
                .text("/token");
        assertThat(ScriptedAgent.join(controlPlane, "autumn", token).status()).isEqualTo(200);
        for (String call :
                List.of("GET nodes", "GET nodes/autumn", "DELETE nodes/autumn", "GET tenants", "GET events")) {
            String[] parts = call.split(" ", 2);
            assertThat(controlPlane
                            .call("public", joiner, parts[0], "/api/v1/" + parts[1], null)
                            .problem())
                    .as(call)
                    .isEqualTo("403 forbidden -");
        }
    }

    @Test
    void joinTokenIsGoodForOneNodeOnce() throws IOException {
        String token = controlPlane
                .operator("POST", "/api/v1/nodes/once:join-token", null)
                .text("/token");
        assertThat(token).matches("llj_[A-Za-z0-9_-]{43}\\.[0-9a-f]{64}");
        assertThat(ScriptedAgent.join(controlPlane, "other", token).problem()).isEqualTo("401 join-token-invalid -");
        assertThat(ScriptedAgent.join(controlPlane, "once", token.replace("llj_", "llj_x"))
                        .problem())
                .isEqualTo("401 join-token-invalid -");
        Answer joined = ScriptedAgent.join(controlPlane, "once", token);
        assertThat(joined.status()).isEqualTo(200);
        assertThat(joined.text("/certificate")).contains("BEGIN CERTIFICATE");
        assertThat(joined.text("/metricsCertificate")).contains("BEGIN CERTIFICATE");
        assertThat(joined.text("/scrapeTokenSha256")).matches("[0-9a-f]{64}");
        assertThat(ScriptedAgent.join(controlPlane, "once", token).problem()).isEqualTo("401 join-token-invalid -");
    }

    @Test
    void brokenRequestForACertificateLeavesTheTokenGood() throws IOException {
        String token = controlPlane
                .operator("POST", "/api/v1/nodes/csr:join-token", null)
                .text("/token");
        String good = new NodeKey().request().replace("\n", "\\n");
        for (String bad : List.of("certificateRequest", "metricsCertificateRequest")) {
            String body = ("{'node':'csr','token':'" + token + "','certificateRequest':'" + good
                            + "','metricsCertificateRequest':'" + good + "'}")
                    .replaceAll("'" + bad + "':'[^']*'", "'" + bad + "':'rubbish'")
                    .replace('\'', '"');
            Answer refused = controlPlane.call("node", null, "POST", "/node/v1/join", body);
            assertThat(refused.problem()).isEqualTo("422 invalid-field /" + bad);
            assertThat(refused.body()).contains("must hold a PEM block of type CERTIFICATE REQUEST");
        }
        assertThat(ScriptedAgent.join(controlPlane, "csr", token).status()).isEqualTo(200);
    }

    @Test
    void nodeSpeaksOnlyOfItself() throws IOException {
        ScriptedAgent agent = ScriptedAgent.joined(controlPlane, "self", "self");
        String query = "/desired?generation=none:0&waitMillis=0";
        Answer other = controlPlane.nodeCall(agent.client, "GET", "/node/v1/nodes/told" + query, null);
        assertThat(other.problem()).isEqualTo("403 forbidden -");
        Answer operator =
                controlPlane.call("node", controlPlane.operatorToken(), "GET", "/node/v1/nodes/self" + query, null);
        assertThat(operator.problem()).isEqualTo("401 unauthenticated -");
    }

    @Test
    void rubbishIsAnsweredByName() throws IOException {
        ScriptedAgent agent = ScriptedAgent.joined(controlPlane, "rubbish", "rubbish");
        assertThat(agent.post("{").problem()).isEqualTo("400 malformed-body -");
        assertThat(agent.post("{\"sequence\":1,\"complete\":true,\"changed\":[],\"gone\":[],\"orphans\":[]}")
                        .problem())
                .isEqualTo("422 invalid-field /agentRun");
        String report = "{\"sequence\":9,\"agentRun\":\"../x\",\"complete\":true,\"accepted\":"
                + "{\"incarnation\":\"none\",\"number\":0},\"changed\":[],\"gone\":[],\"orphans\":[],\"later\":1}";
        assertThat(agent.post(report).problem()).isEqualTo("422 invalid-field /agentRun");
        assertThat(agent.askDesired(new Generation("none", 0), 30_000).status()).isEqualTo(200);
        Answer malformed = controlPlane.nodeCall(
                agent.client, "GET", "/node/v1/nodes/rubbish/desired?generation=7&waitMillis=0", null);
        assertThat(malformed.problem()).isEqualTo("422 invalid-field ?generation");
    }

    @Test
    void updateReplacesOneReplicaAfterTheOther() throws IOException {
        ScriptedAgent agent = ScriptedAgent.joined(controlPlane, "roll", "roll");
        customers.tenant("roll");
        customers.put("roll/shop", "roll", "one", 2);
        agent.obey(agent.awaitSet(set -> set.assignments().size() == 2));
        customers.put("roll/shop", "roll", "two", 2);

        Set<String> shapes = new HashSet<>();
        while (true) {
            DesiredState desired = agent.awaitSet(set -> true);
            shapes.add(shape(desired));
            agent.obey(desired);
            if (shape(desired).equals("0 old + 2 new")) {
                break;
            }
        }
        assertThat(shapes)
                .containsExactlyInAnyOrder("2 old + 1 new", "1 old + 1 new", "1 old + 2 new", "0 old + 2 new");
        customers.awaitStatus(
                "roll/shop",
                answer -> answer.text("/status/updated").equals("2")
                        && answer.text("/status/running").equals("2"));
    }

    /** Of those that are to run. */
    private static String shape(DesiredState desired) {
        long old = running(desired, "one");
        return old + " old + " + running(desired, "two") + " new";
    }

    private static long running(DesiredState desired, String command) {
        return desired.assignments().stream()
                .filter(assignment -> assignment.desired() == Assignment.Desired.RUNNING
                        && assignment.process().command().contains(command))
                .count();
    }

    @Test
    void saysWhyThereIsNoPlace() throws IOException {
        ScriptedAgent agent = ScriptedAgent.joined(controlPlane, "why", "why");
        agent.awaitDesired();
        customers.tenant("why");
        customers.put("why/nowhere", "no-such-image", "sleep", 1);
        Answer nowhere =
                customers.awaitStatus("why/nowhere", answer -> answer.body().contains("no image no-such-image"));
        assertThat(nowhere.text("/status/running")).isEqualTo("0");

        customers.put("why/first", "why", "sleep", 1, 600L << 20);
        Answer first = customers.awaitStatus(
                "why/first", answer -> answer.text("/status/updated").equals("1"));
        assertThat(first.json().at("/status/reasons")).isEmpty();
        customers.put("why/second", "why", "sleep", 1, 600L << 20);
        customers.awaitStatus("why/second", answer -> answer.body().contains("node why lacks 176 MiB of memory"));
    }

    @Test
    void suspensionFreezesAndDeletionEndsInNothing() throws IOException {
        ScriptedAgent agent = ScriptedAgent.joined(controlPlane, "freeze", "freeze");
        customers.tenant("freeze");
        customers.put("freeze/shop", "freeze", "sleep", 1);
        agent.obey(agent.awaitSet(set -> set.assignments().size() == 1));
        controlPlane.operator("POST", "/api/v1/tenants/freeze:suspend", null);
        DesiredState frozen = agent.awaitSet(set -> !set.frozen().isEmpty());
        assertThat(frozen.frozen()).containsExactly(new TenantName("freeze"));
        agent.obey(frozen);
        assertThat(customers.get("freeze/shop").text("/status/running")).isEqualTo("0");
        controlPlane.operator("POST", "/api/v1/tenants/freeze:resume", null);
        agent.obey(agent.awaitSet(set -> set.frozen().isEmpty()));
        assertThat(customers.get("freeze/shop").text("/status/running")).isEqualTo("1");

        assertThat(controlPlane.operator("DELETE", "/api/v1/nodes/freeze", null).problem())
                .isEqualTo("409 in-use -");
        controlPlane.operator("DELETE", Customers.path("freeze/shop"), null);
        agent.obey(agent.awaitSet(set -> set.assignments().getFirst().desired() == Assignment.Desired.STOPPED));
        agent.obey(agent.awaitSet(set -> set.assignments().isEmpty()));
        customers.awaitStatus("freeze/shop", answer -> answer.status() == 404);
        assertThat(controlPlane
                        .operator("DELETE", "/api/v1/tenants/freeze", null)
                        .status())
                .isEqualTo(204);
        assertThat(controlPlane.operator("DELETE", "/api/v1/nodes/freeze", null).status())
                .isEqualTo(204);
        assertThat(agent.report(false, List.of(), List.of()).status()).isEqualTo(401);
    }

    @Test
    void hostThatJoinsAgainAfterItsDeletionIsToldNewerSetsThanBefore() throws IOException {
        ScriptedAgent first = ScriptedAgent.joined(controlPlane, "again", "again");
        customers.tenant("again");
        customers.put("again/shop", "again", "sleep", 1);
        first.obey(first.awaitSet(set -> set.assignments().size() == 1));
        controlPlane.operator("DELETE", Customers.path("again/shop"), null);
        first.obey(first.awaitSet(set -> set.assignments().getFirst().desired() == Assignment.Desired.STOPPED));
        first.obey(first.awaitSet(set -> set.assignments().isEmpty()));
        customers.awaitStatus("again/shop", answer -> answer.status() == 404);
        assertThat(controlPlane.operator("DELETE", "/api/v1/nodes/again", null).status())
                .isEqualTo(204);

        ScriptedAgent second = ScriptedAgent.joined(controlPlane, "again", "again");
        second.remember(first.seen());
        customers.put("again/shop", "again", "sleep", 1);
        DesiredState told = second.awaitSet(set -> set.assignments().size() == 1);
        assertThat(told.generation().isNewerThan(first.seen())).isTrue();
    }

    @Test
    void deletionOfANodeVoidsItsJoinToken() throws IOException {
        ScriptedAgent.joined(controlPlane, "leaver", "leaver");
        String spare = controlPlane
                .operator("POST", "/api/v1/nodes/leaver:join-token", null)
                .text("/token");
        assertThat(controlPlane.operator("DELETE", "/api/v1/nodes/leaver", null).status())
                .isEqualTo(204);
        assertThat(ScriptedAgent.join(controlPlane, "leaver", spare).problem()).isEqualTo("401 join-token-invalid -");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "/facts/kernel|'kernel':'6.18'|'kernel':'LONG'",
                "/facts/agentVersion|'agentVersion':'test'|'agentVersion':'LONG'",
                "/facts/capabilities|'capabilities':[|'capabilities':['LONG',",
                "/facts/missing|'missing':{|'missing':{'a':'LONG',",
                "/facts/images|'sha256:00'|'LONG'",
                "/facts/metricsAddress|127.0.0.1:9999|127.0.0.1:99999",
                "/facts/network/address|10.0.0.1|10.0.0.256",
                "/facts/network/address|10.0.0.1|100.64.0.1",
                "/facts/network/address|10.0.0.1|0.0.0.0",
                "/facts/network/address|10.0.0.1|224.0.0.1",
                "/facts/network/firstPort|'firstPort':20000|'firstPort':30000",
                "/facts/network/firstPort|'lastPort':29999|'lastPort':65536",
                "/facts/network/extraPorts|'extraPorts':[80]|'extraPorts':[-1]",
                "/held/reason|'held':null|'held':{'generation':{'incarnation':'none','number':1},'reason':'LONG'}"
            })
    void wordsOfAnAgentAreBounded(String pointer, String from, String to) throws IOException {
        String name = "bound-" + Integer.toHexString((from + to).hashCode());
        ScriptedAgent agent = ScriptedAgent.joined(controlPlane, name, name);
        String report = agent.reportBody(true, List.of(), List.of());
        String bad =
                report.replace(from.replace('\'', '"'), to.replace('\'', '"').replace("LONG", "x".repeat(5000)));
        assertThat(bad).isNotEqualTo(report);
        assertThat(agent.post(bad).problem()).isEqualTo("422 invalid-field " + pointer);
    }

    @Test
    void whatAHostHasLostIsReplaced() throws IOException {
        ScriptedAgent agent = ScriptedAgent.joined(controlPlane, "lose", "lose");
        customers.tenant("lose");
        customers.put("lose/shop", "lose", "sleep", 1);
        DesiredState first = agent.awaitSet(set -> set.assignments().size() == 1);
        AllocationId lost = first.assignments().getFirst().allocation();
        agent.reportAll(List.of());
        DesiredState second = agent.awaitSet(set -> set.assignments().size() == 1);
        assertThat(second.assignments().getFirst().allocation()).isNotEqualTo(lost);
        Answer events = controlPlane.operator("GET", "/api/v1/tenants/lose/events", null);
        assertThat(events.body()).contains("replica-vanished");
    }

    @Test
    void troubleOfAReplicaIsTold() throws IOException {
        ScriptedAgent agent = ScriptedAgent.joined(controlPlane, "oom", "oom");
        customers.tenant("oom");
        customers.put("oom/shop", "oom", "sleep", 1);
        AllocationId id = agent.awaitSet(set -> set.assignments().size() == 1)
                .assignments()
                .getFirst()
                .allocation();
        agent.reportChanged(
                List.of(new ObservedAllocation(
                        id, ObservedPhase.BACKING_OFF, 5, 3, 137, true, null, "out of memory", null, null)),
                List.of());
        assertThat(customers.get("oom/shop").text("/status/message")).isEqualTo("replica 0: out of memory");
        Answer allocation = controlPlane.operator("GET", "/api/v1/tenants/oom/allocations/" + id, null);
        assertThat(allocation.text("/phase")).isEqualTo("backing-off");
        assertThat(allocation.text("/exitCode")).isEqualTo("137");
        assertThat(allocation.text("/oomKilled")).isEqualTo("true");
        assertThat(allocation.text("/restarts")).isEqualTo("3");
        assertThat(controlPlane
                        .operator("GET", "/api/v1/tenants/oom/events", null)
                        .body())
                .contains("replica-oom-killed");
    }

    @Test
    void nodesTellTheirFactsAndWhatIsTaken() throws IOException {
        ScriptedAgent agent = ScriptedAgent.joined(controlPlane, "facts", "facts");
        customers.tenant("facts");
        customers.put("facts/shop", "facts", "sleep", 2);
        agent.awaitSet(set -> set.assignments().size() == 2);
        Answer node = controlPlane.operator("GET", "/api/v1/nodes/facts", null);
        assertThat(node.text("/state")).isEqualTo("ready");
        assertThat(node.text("/capacity/memoryBytes")).isEqualTo(Long.toString(1L << 30));
        assertThat(node.text("/allocated/memoryBytes")).isEqualTo(Long.toString(128L << 20));
        assertThat(node.text("/allocations")).isEqualTo("2");
        assertThat(node.text("/images/facts")).isEqualTo("sha256:00");
        assertThat(node.text("/missing/io")).isEqualTo("no controller");
        assertThat(controlPlane.operator("GET", "/api/v1/nodes", null).body()).contains("\"facts\"");
    }

    private static DesiredReply unchecked(ScriptedAgent agent) {
        try {
            return agent.awaitDesired();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
