package dev.landlord.controlplane.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landlord.api.sync.Assignment;
import dev.landlord.api.sync.DesiredState;
import dev.landlord.api.sync.ObservedPhase;
import dev.landlord.api.sync.StreamRequest;
import dev.landlord.controlplane.Answer;
import dev.landlord.controlplane.RunningControlPlane;
import dev.landlord.controlplane.store.Database;
import dev.landlord.controlplane.store.StoreKind;
import dev.landlord.controlplane.store.TestStores;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Two replicas of the control plane on one database. Each test has nodes and tenants of its own names. */
@Timeout(120)
@ExtendWith(TestStores.Extension.class)
class ReplicasTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final List<String> TIMES =
            List.of("node.report-interval=300ms", "node.suspect-after=6s", "node.lost-after=7s");
    private static final Duration LONGER_THAN_LOST_AFTER = Duration.ofSeconds(9);

    @TempDir
    static Path folder;

    private static String[] settings;
    private static RunningControlPlane leader;
    private static RunningControlPlane follower;

    private interface Condition {
        boolean holds() throws IOException;
    }

    @BeforeAll
    static void start(TestStores stores) throws IOException {
        settings = Stream.concat(Stream.of(stores.settings(StoreKind.POSTGRES)), TIMES.stream())
                .toArray(String[]::new);
        leader = RunningControlPlane.start(folder.resolve("a"), settings);
        await(() -> leader.leads());
        RunningControlPlane.share(leader.folder(), folder.resolve("b"));
        String[] more = Stream.concat(Stream.of(settings), Stream.of("network.control-plane-addresses=10.77.0.2"))
                .toArray(String[]::new);
        follower = RunningControlPlane.start(folder.resolve("b"), more);
    }

    /** Who leads may have changed since the last test. */
    @BeforeEach
    void tellThemApart() throws IOException {
        await(() -> leader.leads() != follower.leads());
        if (!leader.leads()) {
            RunningControlPlane other = leader;
            leader = follower;
            follower = other;
        }
    }

    @AfterAll
    static void stop() {
        follower.close();
        leader.close();
    }

    @Test
    void nodeAndTenantOfAFollowerAreServedAsThoseOfTheLeader() throws IOException {
        assertThat(follower.leads()).isFalse();
        ScriptedAgent agent = ScriptedAgent.joined(follower, "n1", "told");
        Customers customers = new Customers(follower);
        customers.tenant("told");
        customers.put("told/shop", "told", "sleep", 2);
        DesiredState set = agent.awaitSet(desired -> desired.assignments().size() == 2);
        assertThat(Objects.requireNonNull(set.network()).hosts())
                .as("of both replicas")
                .contains("10.77.0.2");
        agent.obey(set);
        new Customers(leader)
                .awaitStatus(
                        "told/shop", answer -> answer.text("/status/running").equals("2"));
        customers.awaitStatus(
                "told/shop", answer -> answer.text("/status/updated").equals("2"));
        customers.put("told/shop", "told", "sleep", 0);
        agent.obey(agent.awaitSet(desired ->
                desired.assignments().stream().allMatch(each -> each.desired() == Assignment.Desired.STOPPED)));
        DesiredState empty = agent.awaitSet(desired -> desired.assignments().isEmpty());
        agent.obey(empty);
        customers.awaitStatus(
                "told/shop", answer -> answer.text("/status/running").equals("0"));
    }

    @Test
    void followerSaysWhyAReplicaWaits() throws IOException {
        Customers customers = new Customers(follower);
        customers.tenant("waits");
        customers.put("waits/shop", "nobody-has-it", "sleep", 1);
        Answer said = customers.awaitStatus(
                "waits/shop", answer -> !answer.json().at("/status/reasons").isEmpty());
        String reasons = said.json().at("/status/reasons").toString();
        new Customers(leader)
                .awaitStatus(
                        "waits/shop",
                        answer -> answer.json().at("/status/reasons").toString().equals(reasons));
    }

    @Test
    void agentThatMovesToAnotherReplicaNoticesNothing() throws IOException {
        ScriptedAgent agent = ScriptedAgent.joined(leader, "mover", "moves");
        Customers customers = new Customers(leader);
        customers.tenant("moves");
        customers.put("moves/shop", "moves", "sleep", 1);
        DesiredState set = agent.awaitSet(desired -> desired.assignments().size() == 1);
        agent.obey(set);
        agent.talkTo(follower);
        assertThat(agent.report(false, List.of(), List.of()).text("/resend")).isEqualTo("true");
        agent.reportAll(
                List.of(ScriptedAgent.observed(set.assignments().getFirst().allocation(), ObservedPhase.RUNNING)));
        assertThat(agent.askDesired(agent.seen(), 200).status()).isEqualTo(204);
        customers.put("moves/shop", "moves", "sleep", 2);
        DesiredState more = agent.awaitSet(desired -> desired.assignments().size() == 2);
        agent.talkTo(leader);
        assertThat(more.generation().isNewerThan(set.generation())).isTrue();
        assertThat(agent.askDesired(agent.seen(), 200).status()).isEqualTo(204);
    }

    /** The leader does not hear of it, and is told by the follower. */
    @Test
    void nodeThatReportsToAFollowerIsLostOnlyWhenItIsSilent() throws IOException {
        try (LiveAgent agent = new LiveAgent(follower, "silent", "10.0.0.9")) {
            await(() -> state("silent").equals("ready"));
            long until = System.nanoTime() + LONGER_THAN_LOST_AFTER.toNanos();
            while (System.nanoTime() < until) {
                assertThat(state("silent")).as("it is heard").isNotEqualTo("lost");
                LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
            }
            agent.cut();
            await(() -> state("silent").equals("lost"));
            agent.mend();
            await(() -> state("silent").equals("ready"));
        }
    }

    @Test
    void joinedAnewAtAnotherReplicaItIsToldNothingThatWasMeantForTheOneBefore() throws IOException {
        ScriptedAgent before = ScriptedAgent.joined(follower, "anew", "anew");
        Customers customers = new Customers(leader);
        customers.tenant("anew");
        customers.put("anew/shop", "anew", "sleep", 1);
        before.awaitSet(desired -> desired.assignments().size() == 1);
        await(() -> state("anew").equals("lost"));
        assertThat(leader.operator("DELETE", "/api/v1/nodes/anew?abandon=true", null)
                        .status())
                .isEqualTo(204);
        assertThat(leader.operator("DELETE", Customers.path("anew/shop"), null).status())
                .isBetween(200, 204);
        ScriptedAgent after = ScriptedAgent.joined(leader, "anew", "anew");
        after.talkTo(follower);
        after.reportAll(List.of());
        DesiredState told = Objects.requireNonNull(after.awaitDesired().desired());
        assertThat(told.assignments()).isEmpty();
        assertThat(told.generation().isNewerThan(before.seen())).isTrue();
    }

    /** As if this leader had stood still for a term: it has not noticed yet, and is asked to place something. */
    @Test
    void whatALeaderDecidesAfterAnotherTookItsTermIsNotWritten() throws IOException {
        ScriptedAgent agent = ScriptedAgent.joined(leader, "deposed", "deposed");
        Customers customers = new Customers(leader);
        customers.tenant("deposed");
        Database database = leader.context().getBean(Database.class);
        database.writeQuietly(
                writer -> writer.sql("UPDATE leader SET holder = 'ghost', epoch = epoch + 1, held_until = ?")
                        .param(database.now(writer) + 2500)
                        .update());
        customers.put("deposed/shop", "deposed", "sleep", 1);
        boolean ghostLeads = true;
        while (ghostLeads) {
            ghostLeads = database.read(reader -> {
                boolean ghost = reader.sql("SELECT holder FROM leader")
                        .query(String.class)
                        .single()
                        .equals("ghost");
                long placed = reader.sql("SELECT COUNT(*) FROM allocation WHERE tenant = 'deposed'")
                        .query(Long.class)
                        .single();
                assertThat(ghost && placed > 0).as("placed by nobody's right").isFalse();
                return ghost;
            });
        }
        assertThat(agent.awaitSet(desired -> desired.assignments().size() == 1)).isNotNull();
    }

    @Test
    void logsAreReadThroughAReplicaToWhichTheNodeIsNotConnected() throws Exception {
        ScriptedAgent agent = ScriptedAgent.joined(follower, "logs", "logs");
        Customers customers = new Customers(leader);
        customers.tenant("logs");
        customers.put("logs/shop", "logs", "sleep", 1);
        DesiredState set = agent.awaitSet(desired -> desired.assignments().size() == 1);
        agent.obey(set);
        String path = "/api/v1/tenants/logs/allocations/"
                + set.assignments().getFirst().allocation() + "/logs";
        CompletableFuture<Answer> reading = CompletableFuture.supplyAsync(() -> {
            try {
                return leader.operator("GET", path, null);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        });
        StreamRequest request = awaitStream(agent);
        assertThat(request.address()).isEqualTo("localhost:" + leader.port("node"));
        AgentSocket socket = AgentSocket.dial(leader, agent.client, request.id());
        socket.send("from afar");
        socket.close(1000, "");
        assertThat(reading.get(30, TimeUnit.SECONDS).body()).isEqualTo("from afar");
    }

    @Test
    void nodeThatIsRevokedAtOneReplicaIsAStrangerAtTheOther() throws IOException {
        ScriptedAgent agent = ScriptedAgent.joined(leader, "revoked", "revoked");
        agent.talkTo(follower);
        agent.reportAll(List.of());
        assertThat(leader.operator("POST", "/api/v1/nodes/revoked:revoke", null).status())
                .isEqualTo(200);
        // Until the other has heard of the commit, which takes it milliseconds.
        await(() -> agent.askDesired(agent.seen(), 0).status() == 401);
        assertThat(agent.report(false, List.of(), List.of()).text("/detail")).contains("was revoked");
        ScriptedAgent anew = ScriptedAgent.joined(follower, "revoked", "revoked");
        await(() -> leader.nodeCall(
                                anew.client,
                                "GET",
                                "/node/v1/nodes/revoked/desired?generation=none:0&waitMillis=0",
                                null)
                        .status()
                != 401);
    }

    private static StreamRequest awaitStream(ScriptedAgent agent) throws IOException {
        while (true) {
            List<StreamRequest> streams = agent.awaitDesired().streams();
            if (!streams.isEmpty()) {
                return streams.getFirst();
            }
        }
    }

    @Test
    void bothAreScrapedAndSayWhoLeads() throws IOException {
        Answer targets = leader.operator("GET", "/api/v1/prometheus/targets", null);
        assertThat(targets.body()).contains("localhost:" + leader.port("management"));
        await(() -> leader.operator("GET", "/api/v1/prometheus/targets", null)
                .body()
                .contains("localhost:" + follower.port("management")));
        assertThat(role(leader)).isEqualTo("leader");
        assertThat(role(follower)).isEqualTo("follower");
        assertThat(Files.readString(leader.folder().resolve("role.json"))).contains("\"role\":\"leader\"");
        assertThat(follower.metrics()).doesNotContain("landlord_node_state");
        assertThat(leader.metrics()).contains("landlord_controlplane_takeovers_total");
    }

    @Test
    void replicaOfAnotherAuthorityIsRefused() throws IOException {
        assertThatThrownBy(() -> RunningControlPlane.start(folder.resolve("stranger"), settings)
                        .close())
                .hasStackTraceContaining("has no certificate authority");
        assertThat(folder.resolve("stranger").resolve("ca.crt")).doesNotExist();
        Path foreign = folder.resolve("foreign");
        try (RunningControlPlane own = RunningControlPlane.start(foreign)) {
            assertThat(own.port("public")).isPositive();
        }
        assertThatThrownBy(() -> RunningControlPlane.start(foreign, settings).close())
                .hasStackTraceContaining("is not the one of the others");
    }

    @Test
    void folderOfAnotherReplicaIsRefused() {
        assertThatThrownBy(() ->
                        RunningControlPlane.start(leader.folder(), settings).close())
                .hasStackTraceContaining("is in use by another control plane");
    }

    private static String role(RunningControlPlane replica) throws IOException {
        return replica.call("management", null, "GET", "/actuator/health/role", null)
                .text("/components/replica/details/role");
    }

    private String state(String node) throws IOException {
        return leader.operator("GET", "/api/v1/nodes/" + node, null).text("/state");
    }

    private static void await(Condition condition) throws IOException {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("waiting").isLessThan(until);
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }
}
