package dev.landlord.cli.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.cli.failure.ExitCode;
import dev.landlord.cli.wire.Problems;
import dev.landlord.cli.wire.TestTerminal.Outcome;
import dev.landlord.cli.wire.Wire;
import dev.landlord.cli.wire.WireServer;
import dev.landlord.cli.wire.WireServer.Answer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A fault here may make the command ask for ever. */
@Timeout(60)
class WatchingTest {
    private static final String LIST = "GET /api/v1/tenants/alice/workloads?watch=true";

    @RegisterExtension
    final Wire wire = new Wire();

    @TempDir
    private Path home = Path.of("");

    private WireServer server;

    @BeforeEach
    void start() {
        server = wire.server();
    }

    private Outcome run(String... arguments) {
        return wire.terminal(home)
                .env("LANDLORD_TENANT", "alice")
                .env("LANDLORD_TOKEN", "ll_alice")
                .run(arguments);
    }

    /** Each event as {@code name data} or {@code name id data}. */
    private static Answer stream(String... events) {
        String body = Arrays.stream(events)
                .map(event -> event.split(" ", -1))
                .map(words -> "event: " + words[0] + "\n" + (words.length > 2 ? "id: " + words[1] + "\n" : "")
                        + "data: " + words[words.length - 1] + "\n\n")
                .collect(Collectors.joining(":\n\n", "retry: 2000\n\n", ""));
        return new Answer(200, "text/event-stream", body);
    }

    private static Answer refusal() {
        return new Answer(401, "application/problem+json", Problems.of(401, "unauthenticated", "who are you"));
    }

    private static String put(String name, int running) {
        return "put {\"name\":\"" + name
                + "\",\"tenant\":\"alice\",\"spec\":{\"image\":\"busybox\"},\"status\":{\"desired\":2," + "\"running\":"
                + running + "}}";
    }

    @Test
    void tellsWhatIsNewOverConnectionsThatEnd() {
        server.answer(
                        LIST,
                        stream(
                                "reset {}",
                                put("a", 1),
                                put("b", 1),
                                "synced {}",
                                put("longer-name", 1),
                                "gone {\"key\":\"a\"}"))
                .answer(LIST, stream("reset {}", put("b", 1), put("c", 2), "synced {}"))
                .answer(LIST, refusal());
        Outcome outcome = run("get", "workloads", "--watch");
        assertThat(outcome.out().lines().map(String::stripTrailing))
                .containsExactly(
                        "TENANT  NAME  IMAGE    DESIRED  RUNNING  HEALTHY  UPDATED  MESSAGE",
                        "alice   a     busybox  2        1        -        -        -",
                        "alice   b     busybox  2        1        -        -        -",
                        "alice   longer-name  busybox  2        1        -        -        -",
                        "alice   c            busybox  2        2        -        -        -");
        assertThat(outcome.err()).isEqualTo("a is gone\nlonger-name is gone\nlandlord: unauthenticated: who are you\n");
        assertThat(outcome.code()).isEqualTo(ExitCode.UNAUTHORIZED.number());
    }

    @Test
    void goesOnAfterTheLastEventOfAHistory() {
        server.answer(
                        "GET /api/v1/tenants/alice/events?limit=5&watch=true",
                        stream("put 7 {\"id\":7,\"kind\":\"made\"}", "put 9 {\"id\":9,\"kind\":\"changed\"}"))
                .answer(
                        "GET /api/v1/tenants/alice/events?limit=5&after=9&watch=true",
                        stream("end {\"code\":\"not-found\",\"detail\":\"alice\"}"));
        Outcome outcome = run("get", "events", "-w", "--limit", "5", "-o", "yaml");
        assertThat(outcome)
                .isEqualTo(new Outcome(
                        ExitCode.NOT_FOUND.number(),
                        "---\nid: 7\nkind: made\n---\nid: 9\nkind: changed\n",
                        "landlord: not-found: alice\n"));
    }

    @Test
    void aFirstConnectionThatFailsIsAFailure() {
        server.answer(LIST, 503, Problems.of(503, "unavailable", "later"));
        assertThat(run("get", "workloads", "-w")).isEqualTo(new Outcome(3, "", "landlord: unavailable: later\n"));
        assertThat(server.lines()).hasSize(1);
    }

    @Test
    void oneThatBreaksOffIsTriedAgain() {
        server.answer(LIST, stream("reset {}", "synced {}", "end {\"code\":\"unavailable\",\"detail\":\"no-store\"}"))
                .answer(
                        LIST,
                        stream("reset {}", put("a", 1), "synced {}", "end {\"code\":\"internal\",\"detail\":\"x\"}"));
        Outcome outcome = run("get", "workloads", "-w", "-o", "json");
        assertThat(outcome.out()).contains("\"name\" : \"a\"");
        assertThat(outcome.err()).isEqualTo("warning: unavailable: no-store; trying again\nlandlord: internal: x\n");
        assertThat(outcome.code()).isEqualTo(1);
    }

    @Test
    void selectsByLabels() {
        server.answer("GET /api/v1/tenants/alice/workloads?selector=app%3Dshop", 200, "{\"items\":[]}")
                .answer("GET /api/v1/tenants/alice/allocations?selector=%21app&watch=true", refusal());
        assertThat(run("get", "workloads", "-l", "app=shop")).isEqualTo(new Outcome(0, "", "none\n"));
        assertThat(run("get", "allocations", "-w", "--selector", "!app").code()).isEqualTo(4);
        assertThat(run("get", "workloads", "shop", "-l", "app").err()).contains("not both");
        assertThat(run("get", "nodes", "n1", "-w").code()).isEqualTo(ExitCode.USAGE.number());
    }
}
