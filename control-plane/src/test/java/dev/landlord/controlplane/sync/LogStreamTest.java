package dev.landlord.controlplane.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.api.sync.DesiredReply;
import dev.landlord.api.sync.DesiredState;
import dev.landlord.api.sync.StreamRequest;
import dev.landlord.controlplane.Answer;
import dev.landlord.controlplane.RunningControlPlane;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A client reads, an agent dials back; both over real TLS. */
@Timeout(120)
class LogStreamTest {
    @TempDir
    static Path folder;

    private static RunningControlPlane controlPlane;
    private static ScriptedAgent agent;
    private static ScriptedAgent otherAgent;
    private static String logs;

    @BeforeAll
    static void start() throws IOException {
        controlPlane = RunningControlPlane.start(folder);
        agent = ScriptedAgent.joined(controlPlane, "n1", "busybox");
        otherAgent = ScriptedAgent.joined(controlPlane, "n2", "other");
        Customers customers = new Customers(controlPlane);
        customers.tenant("alice");
        customers.tenant("eve");
        customers.put("alice/shop", "busybox", "sleep", 1);
        DesiredState set = agent.awaitSet(desired -> desired.assignments().size() == 1);
        agent.obey(set);
        logs = "/api/v1/tenants/alice/allocations/"
                + set.assignments().getFirst().allocation() + "/logs";
    }

    @AfterAll
    static void stop() {
        controlPlane.close();
    }

    @Test
    void clientReadsWhatTheAgentSends() throws Exception {
        CompletableFuture<Answer> reading = read("?stream=stderr&follow=true&tailBytes=100");
        StreamRequest request = awaitRequest();
        assertThat(request.kind()).isEqualTo(StreamRequest.Kind.STDERR);
        assertThat(request.follow()).isTrue();
        assertThat(request.tailBytes()).isEqualTo(100);
        AgentSocket socket = AgentSocket.dial(controlPlane, agent.client, request.id());
        socket.send("one\n");
        socket.send("two\n");
        socket.close(1000, "");
        Answer answer = reading.get(30, TimeUnit.SECONDS);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("one\ntwo\n");
        assertThat(answer.header("Content-Type")).startsWith("text/plain");
    }

    @Test
    void emptyOutputIsAnEmptyAnswer() throws Exception {
        CompletableFuture<Answer> reading = read("");
        AgentSocket.dial(controlPlane, agent.client, awaitRequest().id()).close(1000, "");
        assertThat(reading.get(30, TimeUnit.SECONDS).status()).isEqualTo(200);
        assertThat(reading.get().body()).isEmpty();
    }

    @Test
    void streamIsForTheOneNodeThatWasAskedAndOnce() throws Exception {
        CompletableFuture<HttpResponse<InputStream>> opening = open();
        String id = awaitRequest().id();
        assertThat(AgentSocket.dial(controlPlane, otherAgent.client, id).awaitClosed())
                .isEqualTo(1008);
        AgentSocket socket = AgentSocket.dial(controlPlane, agent.client, id);
        socket.send("mine");
        InputStream body = opening.get(30, TimeUnit.SECONDS).body();
        // The handshake ends before the server has taken the socket up; what went through shows that it has.
        assertThat(body.read()).isEqualTo('m');
        assertThat(AgentSocket.dial(controlPlane, agent.client, id).awaitClosed())
                .isEqualTo(1008);
        socket.close(1000, "");
        assertThat(body).hasContent("ine");
        assertThat(AgentSocket.dial(controlPlane, agent.client, id).awaitClosed())
                .isEqualTo(1008);
    }

    @Test
    void failureBeforeTheFirstByteIsAProblem() throws Exception {
        CompletableFuture<Answer> reading = read("");
        AgentSocket.dial(controlPlane, agent.client, awaitRequest().id()).close(1011, "no such file");
        Answer answer = reading.get(30, TimeUnit.SECONDS);
        assertThat(answer.problem()).isEqualTo("503 unavailable -");
        assertThat(answer.text("/detail")).contains("no such file");
    }

    @Test
    void agentThatDoesNotDialIsA503InBoundedTime() throws Exception {
        CompletableFuture<Answer> reading = read("");
        StreamRequest request = awaitRequest();
        Answer answer = reading.get(60, TimeUnit.SECONDS);
        assertThat(answer.problem()).isEqualTo("503 unavailable -");
        assertThat(answer.text("/detail")).contains("node n1");
        assertThat(AgentSocket.dial(controlPlane, agent.client, request.id()).awaitClosed())
                .isEqualTo(1008);
    }

    @Test
    void othersLogsDoNotExist() throws IOException {
        String eves = logs.replace("/tenants/alice/", "/tenants/eve/");
        assertThat(controlPlane.operator("GET", eves, null).problem()).isEqualTo("404 not-found -");
        assertThat(controlPlane.operator("GET", logs + "?stream=stdin", null).problem())
                .isEqualTo("422 invalid-field ?stream");
        assertThat(controlPlane.operator("GET", logs + "?tailBytes=-1", null).problem())
                .isEqualTo("422 invalid-field ?tailBytes");
    }

    @Test
    void clientThatGoesAwayEndsTheAgentsSocket() throws Exception {
        CompletableFuture<HttpResponse<InputStream>> opening = open();
        AgentSocket socket =
                AgentSocket.dial(controlPlane, agent.client, awaitRequest().id());
        socket.send("hello");
        InputStream body = opening.get(30, TimeUnit.SECONDS).body();
        assertThat(body.read()).isEqualTo('h');
        body.close();
        while (!socket.isClosed()) {
            trySend(socket);
        }
        assertThat(socket.awaitClosed()).isIn(1001, 1006);
    }

    /** Each of these clients may have gone long ago. */
    @Test
    void abandonedStreamsDoNotKeepTheirTenantOut() throws Exception {
        List<AgentSocket> sockets = new ArrayList<>();
        try {
            for (int number = 0; number < Streams.OF_TENANT_MAX; number++) {
                CompletableFuture<HttpResponse<InputStream>> quiet = open();
                sockets.add(AgentSocket.dial(
                        controlPlane, agent.client, awaitRequest().id()));
                assertThat(quiet.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
            }
            CompletableFuture<Answer> reading = read("");
            AgentSocket.dial(controlPlane, agent.client, awaitRequest().id()).close(1000, "");
            assertThat(reading.get(30, TimeUnit.SECONDS).status()).isEqualTo(200);
            assertThat(sockets.getFirst().awaitClosed())
                    .as("the agent is freed too")
                    .isEqualTo(1001);
        } finally {
            for (AgentSocket socket : sockets) {
                if (!socket.isClosed()) {
                    socket.close(1000, "");
                }
            }
        }
    }

    /** Sending fails once the other end is closed, which may be seen a little later. */
    private static void trySend(AgentSocket socket) throws InterruptedException {
        try {
            socket.send("x".repeat(1000));
        } catch (Exception closing) {
            Thread.sleep(1);
        }
    }

    @Test
    void slowClientHoldsTheAgentBack() throws Exception {
        int chunks = 1024;
        byte[] chunk = new byte[64 << 10];
        CompletableFuture<HttpResponse<InputStream>> opening = open();
        AgentSocket socket =
                AgentSocket.dial(controlPlane, agent.client, awaitRequest().id());
        AtomicInteger sent = new AtomicInteger();
        Thread sender = Thread.ofVirtual().start(() -> sendAll(socket, chunk, chunks, sent));
        InputStream body = opening.get(30, TimeUnit.SECONDS).body();
        int before = -1;
        while (sent.get() > before) {
            before = sent.get();
            sender.join(500);
        }
        assertThat(before).as("chunks sent while nobody reads").isLessThan(chunks);
        assertThat(body.readAllBytes()).hasSize(chunks * chunk.length);
        assertThat(sent.get()).isEqualTo(chunks);
    }

    private static void sendAll(AgentSocket socket, byte[] chunk, int chunks, AtomicInteger sent) {
        try {
            while (sent.get() < chunks) {
                socket.send(chunk);
                sent.incrementAndGet();
            }
            socket.close(1000, "");
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static CompletableFuture<Answer> read(String query) throws IOException {
        HttpRequest request = controlPlane
                .request("public", controlPlane.operatorToken(), logs + query)
                .build();
        return controlPlane
                .client()
                .sendAsync(request, HttpResponse.BodyHandlers.ofString())
                .thenApply(response -> new Answer(response.statusCode(), response.body(), response.headers()));
    }

    private static CompletableFuture<HttpResponse<InputStream>> open() throws IOException {
        HttpRequest request = controlPlane
                .request("public", controlPlane.operatorToken(), logs + "?follow=true")
                .build();
        return controlPlane.client().sendAsync(request, HttpResponse.BodyHandlers.ofInputStream());
    }

    private static StreamRequest awaitRequest() throws IOException {
        DesiredReply reply = agent.awaitDesired();
        while (reply.streams().isEmpty()) {
            reply = agent.awaitDesired();
        }
        return reply.streams().getFirst();
    }
}
