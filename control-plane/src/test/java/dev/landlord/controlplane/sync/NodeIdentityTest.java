package dev.landlord.controlplane.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landlord.api.sync.DesiredState;
import dev.landlord.api.sync.ObservedPhase;
import dev.landlord.api.sync.StreamRequest;
import dev.landlord.controlplane.Answer;
import dev.landlord.controlplane.NodeKey;
import dev.landlord.controlplane.RunningControlPlane;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Over real TLS: who is let in at the node API, and as whom. Each test has nodes of its own. */
@Timeout(120)
class NodeIdentityTest {
    private static final String DESIRED = "/desired?generation=none:0&waitMillis=0";

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

    private static Answer joined(RunningControlPlane at, String node, NodeKey key) throws IOException {
        String token = at.operator("POST", "/api/v1/nodes/" + node + ":join-token", null)
                .text("/token");
        return ScriptedAgent.join(at, node, token, key);
    }

    private static Answer renew(RunningControlPlane at, HttpClient by, String node, String request) throws IOException {
        String body = "{\"certificateRequest\":\"" + request.replace("\n", "\\n") + "\"}";
        return at.nodeCall(by, "POST", "/node/v1/nodes/" + node + "/certificate", body);
    }

    private static long refusals(String reason) throws IOException {
        Matcher line = Pattern.compile("landlord_controlplane_node_refusals_total\\{reason=\"" + reason + "\"} (\\S+)")
                .matcher(controlPlane.metrics());
        assertThat(line.find()).as(reason).isTrue();
        return (long) Double.parseDouble(line.group(1));
    }

    @Test
    void certificateSpeaksOfTheNodeWhateverItsRequestWishesFor() throws Exception {
        Answer answer = joined(controlPlane, "plain", new NodeKey());
        List<X509Certificate> chain = NodeKey.certificates(answer.text("/certificate"));
        X509Certificate own = chain.getFirst();
        own.verify(chain.getLast().getPublicKey());
        assertThat(own.getSubjectX500Principal().getName()).isEqualTo("CN=plain");
        assertThat(own.getSubjectAlternativeNames())
                .hasSize(1)
                .first()
                .satisfies(name -> assertThat(name.get(1).toString()).matches("landlord:node:plain:[0-9a-f]{32}"));
        assertThat(own.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
        assertThat(own.getBasicConstraints()).isEqualTo(-1);
        assertThat(own.getNotAfter().toInstant())
                .isBetween(
                        Instant.now().plus(Duration.ofDays(29)), Instant.now().plus(Duration.ofDays(31)));
        assertThat(Long.parseLong(controlPlane
                        .operator("GET", "/api/v1/nodes/plain", null)
                        .text("/certificateExpiresAt")))
                .isBetween(
                        own.getNotAfter().toInstant().toEpochMilli(),
                        own.getNotAfter().toInstant().toEpochMilli() + 999);
    }

    @Test
    void stolenCertificateOfAnotherNodeReadsAndWritesNothing() throws Exception {
        ScriptedAgent victim = ScriptedAgent.joined(controlPlane, "victim", "victim");
        ScriptedAgent thief = ScriptedAgent.joined(controlPlane, "thief", "thief");
        customers.tenant("victim");
        customers.put("victim/shop", "victim", "sleep", 1);
        DesiredState set = victim.awaitSet(desired -> desired.assignments().size() == 1);
        victim.obey(set);
        long before = refusals("other-node");
        String path = "/node/v1/nodes/victim";
        String report = thief.reportBody(true, List.of(), List.of());
        for (Answer refused : List.of(
                controlPlane.nodeCall(thief.client, "GET", path + DESIRED, null),
                controlPlane.nodeCall(thief.client, "POST", path + "/report", report),
                renew(controlPlane, thief.client, "victim", new NodeKey().request()))) {
            assertThat(refused.problem()).isEqualTo("403 forbidden -");
            assertThat(refused.text("/detail")).startsWith("this is not of node thief, whose certificate was shown");
        }
        assertThat(refusals("other-node")).isEqualTo(before + 3);
        // Under its own name it may name the other's allocation, and that is no word on it.
        thief.reportChanged(
                List.of(ScriptedAgent.observed(set.assignments().getFirst().allocation(), ObservedPhase.FAILED)),
                List.of(set.assignments().getFirst().allocation()));
        assertThat(customers.get("victim/shop").text("/status/running")).isEqualTo("1");
        assertThat(thief.askDesired(thief.seen(), 0).body()).doesNotContain("\"tenant\":\"victim\"");
    }

    @Test
    void whoShowsNoCertificateMayOnlyJoin() throws Exception {
        ScriptedAgent.joined(controlPlane, "shy", "shy");
        long before = refusals("no-certificate");
        HttpClient nothing = controlPlane.client();
        for (Answer refused : List.of(
                controlPlane.nodeCall(nothing, "GET", "/node/v1/nodes/shy" + DESIRED, null),
                controlPlane.nodeCall(nothing, "POST", "/node/v1/nodes/shy/report", "{}"),
                controlPlane.nodeCall(nothing, "GET", "/node/v1/streams/0123", null),
                controlPlane.nodeCall(nothing, "GET", "/node/v1/execs/0123", null),
                renew(controlPlane, nothing, "shy", new NodeKey().request()))) {
            assertThat(refused.problem()).isEqualTo("401 unauthenticated -");
            assertThat(refused.text("/detail")).startsWith("the node's own certificate is required");
        }
        assertThat(refusals("no-certificate")).isEqualTo(before + 5);
        assertThat(controlPlane.nodeCall(nothing, "GET", "/node/v1/ca", null).status())
                .isEqualTo(200);
    }

    /** The one of its metrics listener is of the same authority, and names the same node. */
    @Test
    void certificateOfAServerIsNotThatOfANode() throws Exception {
        NodeKey key = new NodeKey();
        String token = controlPlane
                .operator("POST", "/api/v1/nodes/server:join-token", null)
                .text("/token");
        String request = key.request().replace("\n", "\\n");
        Answer answer = controlPlane.call(
                "node",
                null,
                "POST",
                "/node/v1/join",
                "{\"node\":\"server\",\"token\":\"" + token + "\",\"certificateRequest\":\"" + request
                        + "\",\"metricsCertificateRequest\":\"" + request + "\"}");
        HttpClient own = key.client(answer.text("/certificate"));
        assertThat(controlPlane
                        .nodeCall(own, "GET", "/node/v1/nodes/server" + DESIRED, null)
                        .status())
                .isBetween(200, 204);
        HttpClient server = key.client(answer.text("/metricsCertificate"));
        assertThatThrownBy(() -> controlPlane.nodeCall(server, "GET", "/node/v1/nodes/server" + DESIRED, null))
                .isInstanceOf(IOException.class);
    }

    @Test
    void nextCertificateIsGoodAndSoIsTheOneBefore() throws Exception {
        NodeKey oldKey = new NodeKey();
        HttpClient old = oldKey.client(joined(controlPlane, "renews", oldKey).text("/certificate"));
        NodeKey nextKey = new NodeKey();
        Answer renewed = renew(controlPlane, old, "renews", nextKey.request());
        assertThat(renewed.status()).isEqualTo(200);
        HttpClient next = nextKey.client(renewed.text("/certificate"));
        for (HttpClient each : List.of(next, old)) {
            assertThat(controlPlane
                            .nodeCall(each, "GET", "/node/v1/nodes/renews" + DESIRED, null)
                            .status())
                    .isBetween(200, 204);
        }
        assertThat(renew(controlPlane, next, "renews", "rubbish").problem())
                .isEqualTo("422 invalid-field /certificateRequest");
        assertThat(controlPlane
                        .nodeCall(next, "POST", "/node/v1/nodes/renews/certificate", "{}")
                        .problem())
                .isEqualTo("422 invalid-field /certificateRequest");
    }

    @Test
    void revokedNodeIsAStrangerAtItsNextRequestAndMayJoinAnew() throws Exception {
        ScriptedAgent agent = ScriptedAgent.joined(controlPlane, "revoked", "revoked");
        agent.awaitSet(set -> set.network() != null);
        String spare = controlPlane
                .operator("POST", "/api/v1/nodes/revoked:join-token", null)
                .text("/token");
        Answer revoked = controlPlane.operator("POST", "/api/v1/nodes/revoked:revoke", null);
        assertThat(revoked.status()).isEqualTo(200);
        assertThat(revoked.json().at("/certificateExpiresAt").isNull()).isTrue();

        Answer refused = agent.report(true, List.of(), List.of());
        assertThat(refused.problem()).isEqualTo("401 unauthenticated -");
        assertThat(refused.text("/detail"))
                .isEqualTo("the certificate of node revoked was revoked: let the node join anew");
        assertThat(renew(controlPlane, agent.client, "revoked", new NodeKey().request())
                        .status())
                .isEqualTo(401);
        assertThat(ScriptedAgent.join(controlPlane, "revoked", spare).problem()).isEqualTo("401 join-token-invalid -");
        assertThat(controlPlane.operator("GET", "/api/v1/events", null).body()).contains("node-revoked");

        ScriptedAgent anew = ScriptedAgent.joined(controlPlane, "revoked", "revoked");
        assertThat(anew.askDesired(anew.seen(), 0).status()).isBetween(200, 204);
        assertThat(agent.askDesired(agent.seen(), 0).status()).isEqualTo(401);
        assertThat(controlPlane
                        .operator("POST", "/api/v1/nodes/nobody:revoke", null)
                        .problem())
                .isEqualTo("404 not-found -");
    }

    @Test
    void whatComesUpForARevokedNodeIsNotToldToWhomWaits() throws Exception {
        ScriptedAgent agent = ScriptedAgent.joined(controlPlane, "waits", "waits");
        customers.tenant("waits");
        agent.awaitSet(set -> set.network() != null);
        CompletableFuture<Answer> waiting = CompletableFuture.supplyAsync(() -> {
            try {
                return agent.askDesired(agent.seen(), 30_000);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        });
        Mailbox box = controlPlane.context().getBean(Mailboxes.class).of(agent.node);
        awaitWaiting(box);
        controlPlane.operator("POST", "/api/v1/nodes/waits:revoke", null);
        customers.put("waits/shop", "waits", "sleep", 1);
        Answer told = waiting.get(40, TimeUnit.SECONDS);
        assertThat(told.problem()).isEqualTo("401 unauthenticated -");
        assertThat(told.body()).doesNotContain("waits/shop", "assignments");
    }

    private static void awaitWaiting(Mailbox box) {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!box.isWaitedAt()) {
            assertThat(System.nanoTime()).isLessThan(until);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    @Test
    void openStreamOfARevokedNodeIsClosed() throws Exception {
        ScriptedAgent agent = ScriptedAgent.joined(controlPlane, "streams", "streams");
        customers.tenant("streams");
        customers.put("streams/shop", "streams", "sleep", 1);
        DesiredState set = agent.awaitSet(desired -> desired.assignments().size() == 1);
        agent.obey(set);
        String logs = "/api/v1/tenants/streams/allocations/"
                + set.assignments().getFirst().allocation() + "/logs?follow=true";
        CompletableFuture<Answer> reading = CompletableFuture.supplyAsync(() -> {
            try {
                return controlPlane.operator("GET", logs, null);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        });
        StreamRequest request = awaitStream(agent);
        AgentSocket socket = AgentSocket.dial(controlPlane, agent.client, request.id());
        socket.send("some");
        assertThat(socket.isClosed()).isFalse();
        controlPlane.operator("POST", "/api/v1/nodes/streams:revoke", null);
        assertThat(socket.awaitClosed()).isEqualTo(1008);
        assertThat(reading.handle((answer, broken) -> true).get(40, TimeUnit.SECONDS))
                .isTrue();
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
    void expiredCertificateIsRefusedOnAnOpenConnectionAndOnANewOne(@TempDir Path own) throws Exception {
        try (RunningControlPlane shortLived = RunningControlPlane.start(own, "node.certificate-life=10s")) {
            NodeKey key = new NodeKey();
            String chain = joined(shortLived, "short", key).text("/certificate");
            Instant end = NodeKey.certificates(chain).getFirst().getNotAfter().toInstant();
            HttpClient open = key.client(chain);
            String path = "/node/v1/nodes/short" + DESIRED;
            assertThat(shortLived.nodeCall(open, "GET", path, null).status()).isBetween(200, 204);
            while (Instant.now().isBefore(end)) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            }
            Answer late = shortLived.nodeCall(open, "GET", path, null);
            assertThat(late.problem()).isEqualTo("401 unauthenticated -");
            assertThat(late.text("/detail"))
                    .isEqualTo("the certificate of node short has expired: let the node join anew");
            assertThatThrownBy(() -> shortLived.nodeCall(key.client(chain), "GET", path, null))
                    .isInstanceOf(IOException.class);
        }
    }
}
