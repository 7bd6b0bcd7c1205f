package dev.landlord.controlplane.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.api.exec.AttachSpec;
import dev.landlord.api.exec.ExecFrame;
import dev.landlord.api.exec.ExecSpec;
import dev.landlord.api.exec.ExecTerminal;
import dev.landlord.api.sync.DesiredReply;
import dev.landlord.api.sync.DesiredState;
import dev.landlord.api.sync.ExecRequest;
import dev.landlord.controlplane.Answer;
import dev.landlord.controlplane.RunningControlPlane;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A client, the control plane and an agent, over real TLS; only the program is played. */
@Timeout(180)
class ExecTest {
    private static final String SHELL = "{\"command\":[\"sh\",\"-c\",\"ls\\n/\"],\"input\":true}";

    @TempDir
    static Path folder;

    private static RunningControlPlane controlPlane;
    private static ScriptedAgent agent;
    private static ScriptedAgent otherAgent;
    private static String alice;
    private static String eve;
    private static String exec;
    private static String attach;

    @BeforeAll
    static void start() throws IOException {
        controlPlane = RunningControlPlane.start(folder);
        agent = ScriptedAgent.joined(controlPlane, "n1", "busybox");
        otherAgent = ScriptedAgent.joined(controlPlane, "n2", "other");
        Customers customers = new Customers(controlPlane);
        alice = customers.tenant("alice");
        eve = customers.tenant("eve");
        customers.put("alice/shop", "busybox", "sleep", 1);
        String shell = "{\"image\":\"busybox\",\"command\":[\"sh\"],\"stdin\":true,\"tty\":true}";
        assertThat(controlPlane
                        .operator("PUT", Customers.path("alice/shell"), shell)
                        .status())
                .isEqualTo(201);
        // On a slow machine it has been silent for long by now, and gets nothing new.
        agent.reportAll(List.of());
        DesiredState set = agent.awaitSet(desired -> desired.assignments().size() == 2);
        agent.obey(set);
        exec = path(set, "shop") + ":exec";
        attach = path(set, "shell") + ":attach";
    }

    private static String path(DesiredState set, String workload) {
        return "/api/v1/tenants/alice/allocations/"
                + set.assignments().stream()
                        .filter(assignment -> assignment.workload().value().equals(workload))
                        .findFirst()
                        .orElseThrow()
                        .allocation();
    }

    @AfterAll
    static void stop() {
        controlPlane.close();
    }

    @Test
    void theTwoEndsHearEachOtherToTheEnd() throws Exception {
        String body = "{\"command\":[\"top\"],\"terminal\":{\"rows\":50,\"columns\":132,\"type\":\"vt100\"}}";
        Session session = Session.open(alice, body);
        assertThat(session.request.exec())
                .isEqualTo(new ExecSpec(List.of("top"), false, new ExecTerminal(50, 132, "vt100")));
        session.client.say(new ExecFrame.Input(new byte[] {'q'}));
        assertThat(session.agent.hear()).isEqualTo(new byte[] {0, 'q'});
        session.client.say(new ExecFrame.Resize(24, 80));
        assertThat(session.agent.hear()).isEqualTo(new ExecFrame.Resize(24, 80).encode());
        byte[] most = new byte[ExecFrame.DATA_MAX_BYTES];
        session.agent.say(new ExecFrame.Output(most));
        assertThat(session.client.hear()).isEqualTo(new ExecFrame.Output(most).encode());
        session.agent.say(new ExecFrame.Exited(3, 0));
        session.agent.close();
        assertThat(session.client.hear()).isEqualTo(new ExecFrame.Exited(3, 0).encode());
        assertThat(session.client.awaitClosed()).isEqualTo(1000);
    }

    @Test
    void whatItSaysBeforeTheClientComesIsNotLost() throws Exception {
        CompletableFuture<Answer> asked = ask(alice, SHELL);
        ExecRequest request = awaitRequest();
        FrameSocket program = FrameSocket.ofAgent(controlPlane, agent.client, request.id());
        program.say(new ExecFrame.Started());
        program.say(new ExecFrame.Output(new byte[] {'a'}));
        program.say(new ExecFrame.Exited(0, 0));
        program.close();
        assertThat(asked.get(30, TimeUnit.SECONDS).status()).isEqualTo(201);
        FrameSocket client = FrameSocket.ofClient(controlPlane, alice, "alice", request.id());
        assertThat(client.hear()).isEqualTo(new byte[] {16, 'a'});
        assertThat(client.hear()).isEqualTo(new ExecFrame.Exited(0, 0).encode());
    }

    @Test
    void whoeverLeavesTakesTheOtherAlong() throws Exception {
        Session byClient = Session.open(alice, SHELL);
        byClient.client.cut();
        assertThat(byClient.agent.awaitClosed()).isEqualTo(1001);
        Session byAgent = Session.open(alice, SHELL);
        byAgent.agent.cut();
        assertThat(byAgent.client.awaitClosed()).isEqualTo(1011);
    }

    @Test
    void nobodyElseSitsInFrontOfIt() throws Exception {
        assertThat(send(eve, exec, SHELL).problem()).isEqualTo("404 not-found -");
        assertThat(send(eve, exec.replace("/alice/", "/eve/"), SHELL).problem()).isEqualTo("404 not-found -");
        Session session = Session.open(alice, SHELL);
        String id = session.request.id();
        // Taken by its own client already, of another tenant, and a stranger's node.
        assertThat(FrameSocket.ofClient(controlPlane, alice, "alice", id).awaitClosed())
                .isEqualTo(1008);
        assertThat(FrameSocket.ofClient(controlPlane, eve, "eve", id).awaitClosed())
                .isEqualTo(1008);
        assertThat(FrameSocket.ofAgent(controlPlane, otherAgent.client, id).awaitClosed())
                .isEqualTo(1008);
        assertThat(FrameSocket.ofAgent(controlPlane, agent.client, id).awaitClosed())
                .isEqualTo(1008);
        session.client.say(new ExecFrame.InputEnd());
        assertThat(session.agent.hear()).isEqualTo(new ExecFrame.InputEnd().encode());
        session.client.close();
    }

    @Test
    void aClientCannotSpeakForTheProgram() throws Exception {
        Session session = Session.open(alice, SHELL);
        session.client.say(new ExecFrame.Exited(0, 0));
        assertThat(session.client.awaitClosed()).isEqualTo(1011);
        assertThat(session.agent.awaitClosed()).isEqualTo(1001);
    }

    @Test
    void whyItDoesNotStartIsAProblem() throws Exception {
        CompletableFuture<Answer> asked = ask(alice, SHELL);
        FrameSocket program =
                FrameSocket.ofAgent(controlPlane, agent.client, awaitRequest().id());
        program.say(new ExecFrame.Failed("exec nosuch: No such file or directory"));
        Answer answer = asked.get(30, TimeUnit.SECONDS);
        assertThat(answer.problem()).isEqualTo("409 exec-refused -");
        assertThat(answer.text("/detail")).isEqualTo("exec nosuch: No such file or directory");
        assertThat(program.awaitClosed()).isEqualTo(1001);
    }

    @Test
    void anAgentThatDoesNotDialIsA503InBoundedTime() throws Exception {
        CompletableFuture<Answer> asked = ask(alice, SHELL);
        ExecRequest request = awaitRequest();
        assertThat(asked.get(60, TimeUnit.SECONDS).problem()).isEqualTo("503 unavailable -");
        assertThat(FrameSocket.ofAgent(controlPlane, agent.client, request.id()).awaitClosed())
                .isEqualTo(1008);
    }

    @Test
    void sitsDownInFrontOfTheProgramItself() throws Exception {
        CompletableFuture<Answer> asked = ask(alice, attach, "{\"terminal\":{\"rows\":50,\"columns\":132}}");
        ExecRequest request = awaitRequest();
        assertThat(request.exec()).isNull();
        assertThat(request.attach()).isEqualTo(new AttachSpec(new ExecTerminal(50, 132, "xterm")));
        assertThat(request.allocation().value()).isEqualTo(attach.replaceAll(".*/(.*):attach", "$1"));
        FrameSocket program = FrameSocket.ofAgent(controlPlane, agent.client, request.id());
        program.say(new ExecFrame.Started());
        Answer answer = asked.get(30, TimeUnit.SECONDS);
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        assertThat(answer.text("/terminal")).isEqualTo("true");
        FrameSocket client = FrameSocket.ofClient(controlPlane, alice, "alice", request.id());
        client.say(new ExecFrame.Input(new byte[] {'q'}));
        assertThat(program.hear()).isEqualTo(new byte[] {0, 'q'});
        client.close();
        assertThat(program.awaitClosed()).isEqualTo(1001);
        String events = controlPlane
                .operator("GET", "/api/v1/tenants/alice/events?limit=500", null)
                .body();
        assertThat(events).contains("tenant/alice sits in front of allocation " + request.allocation());
    }

    @Test
    void aProgramThatReadsNothingOrIsAnothersIsNotAttachedTo() throws IOException {
        Answer answer = send(alice, exec.replace(":exec", ":attach"), "{}");
        assertThat(answer.problem()).isEqualTo("409 exec-refused -");
        assertThat(answer.text("/detail")).contains("its workload needs stdin: true");
        assertThat(send(eve, attach, "{}").problem()).isEqualTo("404 not-found -");
        assertThat(send(alice, attach, "{\"command\":[\"sh\"]}").problem()).isEqualTo("400 unknown-field /command");
        assertThat(send(alice, attach, "{\"terminal\":{\"rows\":0}}").problem())
                .isEqualTo("422 invalid-field /terminal/rows");
    }

    @Test
    void aConsoleIsAskedForInTheSpec() throws IOException {
        assertThat(controlPlane
                        .operator("GET", Customers.path("alice/shell"), null)
                        .body())
                .contains("\"stdin\":true,\"tty\":true");
        String body = "{\"image\":\"busybox\",\"command\":[\"sh\"],\"tty\":true}";
        Answer answer = controlPlane.operator("PUT", Customers.path("alice/other"), body);
        assertThat(answer.problem()).isEqualTo("422 invalid-field /tty");
    }

    @Test
    void badInputIsNamed() throws IOException {
        assertThat(send(alice, exec, "{}").problem()).isEqualTo("422 invalid-field /command");
        assertThat(send(alice, exec, "{\"command\":[]}").problem()).isEqualTo("422 invalid-field /command");
        assertThat(send(alice, exec, "{\"command\":[\"a\\u0000\"]}").problem()).isEqualTo("422 invalid-field /command");
        assertThat(send(alice, exec, "{\"command\":[\"a\"],\"terminal\":{\"rows\":0}}")
                        .problem())
                .isEqualTo("422 invalid-field /terminal/rows");
        assertThat(send(alice, exec, "{\"command\":[\"a\"],\"user\":\"root\"}").problem())
                .isEqualTo("400 unknown-field /user");
    }

    @Test
    void aTenantHasABoundedNumber() throws Exception {
        List<Session> sessions = new ArrayList<>();
        try {
            for (int i = 0; i < 8; i++) {
                sessions.add(Session.open(alice, SHELL));
            }
            assertThat(send(alice, exec, SHELL).problem()).isEqualTo("429 rate-limited -");
            assertThat(controlPlane.metrics())
                    .contains("landlord_controlplane_rate_limited_total{kind=\"programs\"} 1.0");
        } finally {
            for (Session session : sessions) {
                session.client.close();
                session.agent.awaitClosed();
            }
        }
        Session again = Session.open(alice, SHELL);
        again.client.close();
    }

    @Test
    void leavesAnEventThatNamesWhoAndWhat() throws Exception {
        Session session = Session.open(alice, SHELL.replace("ls", "marked" + "x".repeat(500)));
        session.client.close();
        String events = controlPlane
                .operator("GET", "/api/v1/tenants/alice/events?limit=500", null)
                .body();
        assertThat(events).contains("tenant/alice runs in allocation").contains(": sh -c markedxxx");
        assertThat(events).doesNotContain("x".repeat(250));
    }

    /** One that runs. */
    private record Session(ExecRequest request, FrameSocket agent, FrameSocket client) {
        static Session open(String token, String body) throws Exception {
            CompletableFuture<Answer> asked = ask(token, body);
            ExecRequest request = awaitRequest();
            FrameSocket program = FrameSocket.ofAgent(controlPlane, ExecTest.agent.client, request.id());
            program.say(new ExecFrame.Started());
            Answer answer = asked.get(30, TimeUnit.SECONDS);
            assertThat(answer.status()).as(answer.body()).isEqualTo(201);
            assertThat(answer.text("/id")).isEqualTo(request.id());
            FrameSocket client = FrameSocket.ofClient(controlPlane, token, "alice", request.id());
            // A client's handshake ends before the server has taken its socket up; what went through shows that it has.
            ExecFrame marker = new ExecFrame.Resize(1, 1);
            client.say(marker);
            assertThat(program.hear()).isEqualTo(marker.encode());
            return new Session(request, program, client);
        }
    }

    private static HttpRequest request(String token, String path, String body) {
        return controlPlane
                .request("public", token, path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    private static Answer send(String token, String path, String body) throws IOException {
        return controlPlane.send(request(token, path, body));
    }

    private static CompletableFuture<Answer> ask(String token, String body) {
        return ask(token, exec, body);
    }

    private static CompletableFuture<Answer> ask(String token, String path, String body) {
        return controlPlane
                .client()
                .sendAsync(request(token, path, body), HttpResponse.BodyHandlers.ofString())
                .thenApply(response -> new Answer(response.statusCode(), response.body(), response.headers()));
    }

    private static ExecRequest awaitRequest() throws IOException {
        DesiredReply reply = agent.awaitDesired();
        while (reply.execs().isEmpty()) {
            reply = agent.awaitDesired();
        }
        return reply.execs().getFirst();
    }
}
