package dev.landlord.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.cli.failure.ExitCode;
import dev.landlord.cli.wire.Problems;
import dev.landlord.cli.wire.TestTerminal;
import dev.landlord.cli.wire.TestTerminal.Outcome;
import dev.landlord.cli.wire.Wire;
import dev.landlord.cli.wire.WireServer;
import dev.landlord.cli.wire.WireServer.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What a session file cannot say: files that are written, questions that are asked, two readings of one metric. */
class CommandsTest {
    @RegisterExtension
    final Wire wire = new Wire();

    @TempDir
    private Path home = Path.of("");

    private WireServer server;

    @BeforeEach
    void start() {
        server = wire.server();
    }

    private TestTerminal terminal() {
        return wire.terminal(home);
    }

    @Test
    void aLoginIsRememberedForLaterCommands() throws IOException {
        server.answer("GET /api/v1/whoami", 200, "{\"kind\":\"tenant\",\"name\":\"alice\"}")
                .answer("GET /api/v1/tenants/alice/workloads", 200, "{\"items\":[]}");
        Outcome login = terminal().input("ll_alice\n").run("login", "--name", "shop");
        Path file = home.resolve(".config/landlord/config.yaml");
        assertThat(login)
                .isEqualTo(new Outcome(0, "", "context shop in " + file + ": tenant alice at " + server.uri() + "\n"));
        assertThat(Files.readString(file)).contains("token: \"ll_alice\"").contains("ca-file: \"" + wire.caFile());
        assertThat(new TestTerminal(home).run("get", "workloads")).isEqualTo(new Outcome(0, "", "none\n"));
        assertThat(server.requests().getLast().authorization()).isEqualTo("Bearer ll_alice");
    }

    @Test
    void aLoginThatFailsIsNotRemembered() {
        Outcome login = terminal().input("ll_alice\n").run("login");
        assertThat(login.code()).isEqualTo(ExitCode.NOT_FOUND.number());
        assertThat(home.resolve(".config")).doesNotExist();
    }

    @Test
    void whatDeletesMuchIsAskedForFirst() {
        server.answer("DELETE /api/v1/tenants/alice", 204, "");
        Outcome no = terminal().interactive().input("n\n").run("tenant", "delete", "alice");
        assertThat(no.code()).isEqualTo(1);
        assertThat(no.err()).contains("Delete tenant alice with all its workloads and data? [y/N]");
        assertThat(server.requests()).isEmpty();
        assertThat(terminal()
                        .interactive()
                        .input("y\n")
                        .run("tenant", "delete", "alice")
                        .code())
                .isZero();
        assertThat(terminal()
                        .interactive()
                        .run("delete", "tenant", "alice", "--yes")
                        .code())
                .isZero();
        assertThat(server.lines()).containsExactly("DELETE /api/v1/tenants/alice", "DELETE /api/v1/tenants/alice");
    }

    @Test
    void aSavedTokenIsForItsOwnerAlone() throws IOException {
        server.answer("PUT /api/v1/tenants/alice", 201, "{\"name\":\"alice\",\"token\":\"ll_a\"}");
        Path file = home.resolve("alice.token");
        Outcome outcome = terminal()
                .run("tenant", "create", "alice", "--plan", "p", "--save-token", file.toString(), "-o", "json");
        assertThat(outcome.out()).isEqualTo("{\n  \"name\" : \"alice\"\n}\n");
        assertThat(Files.readString(file)).isEqualTo("ll_a\n");
        assertThat(Files.getPosixFilePermissions(file)).hasSize(2);
    }

    @Test
    void manifestsComeFromStdinToo() {
        server.answer("PUT /api/v1/plans/small", 201, "{}");
        Outcome outcome =
                terminal().input("{kind: Plan, name: small, spec: {pids: 1}}").run("apply", "-f", "-");
        assertThat(outcome).isEqualTo(new Outcome(0, "plan small created\n", ""));
    }

    @Test
    void aPlanLimitsDiskTraffic() {
        server.answer("PUT /api/v1/plans/small", 201, "{}");
        Outcome outcome = terminal()
                .run(
                        "plan",
                        "put",
                        "small",
                        "--cpu",
                        "1",
                        "--memory",
                        "64Mi",
                        "--io-read",
                        "10Mi",
                        "--io-write",
                        "5Mi",
                        "--io-write-ops",
                        "500",
                        "--io-direct-writes-only",
                        "--io-weight",
                        "700",
                        "--cpu-burst",
                        "50");
        assertThat(outcome.code()).as(outcome.toString()).isZero();
        assertThat(server.requests().getLast().body())
                .contains(
                        "\"io\":{\"readBytesPerSecond\":10485760,\"writeBytesPerSecond\":5242880,"
                                + "\"writeOpsPerSecond\":500,\"bufferedWrites\":false},\"ioWeight\":700,\"cpuBurstPercent\":50");
    }

    @Test
    void applySaysWhatAChangeMeansForWhatRuns() throws IOException {
        String document = "{kind: Workload, name: shop, tenant: alice, spec: {image: busybox, command: [sh]}}";
        server.answer(
                        "PUT /api/v1/tenants/alice/workloads/shop",
                        200,
                        "{\"change\":{\"kind\":\"live\",\"fields\":[\"resources.pids\",\"resources.cpuMillis\"]}}")
                .answer(
                        "PUT /api/v1/tenants/alice/workloads/shop",
                        200,
                        "{\"change\":{\"kind\":\"rolling\",\"fields\":[\"resources.diskBytes\"]}}")
                .answer("PUT /api/v1/tenants/alice/workloads/shop", 200, "{\"change\":{\"kind\":\"scale\"}}");
        assertThat(terminal().input(document).run("apply", "-f", "-").out())
                .isEqualTo("workload alice/shop applied; changed while replicas run: resources.pids,"
                        + " resources.cpuMillis\n");
        assertThat(terminal().input(document).run("apply", "-f", "-").out())
                .isEqualTo("workload alice/shop applied; replicas are replaced one after the other because of:"
                        + " resources.diskBytes\n");
        assertThat(terminal().input(document).run("apply", "-f", "-").out()).isEqualTo("workload alice/shop applied\n");
    }

    @Test
    void applyCanSayOnlyWhatItWouldDo() throws IOException {
        String documents = "{kind: Plan, name: small, spec: {pids: 1}}\n---\n"
                + "{kind: Workload, name: shop, tenant: alice, spec: {image: busybox, command: [sh], replicas: 3}}";
        server.answer(
                        "POST /api/v1/tenants/alice/workloads/shop:preview",
                        200,
                        "{\"change\":\"rolling\",\"fields\":[\"command\"],\"places\":[{\"index\":2,\"node\":\"n1\"}],"
                                + "\"resizes\":[\"a1\"],\"stops\":[\"a2\",\"a3\"],\"waits\":[{\"indexes\":[0,1],"
                                + "\"waits\":\"turn\",\"reasons\":[\"r1\",\"r2\"]}],\"truncated\":true}")
                .answer(
                        "POST /api/v1/tenants/alice/workloads/shop:preview",
                        422,
                        Problems.ofFields(422, "invalid-field", "/replicas", "too many"));
        assertThat(terminal().input(documents).run("apply", "-f", "-", "--preview", "--wait"))
                .isEqualTo(new Outcome(0, """
                        workload alice/shop would be changed, replicas replaced one after the other: command
                          replica 2 would be placed on node n1
                          allocation a1 would change its limits
                          allocation a2 would be stopped
                          allocation a3 would be stopped
                          replicas 0, 1 would wait: turn
                            r1
                            r2
                          and more in later passes
                        """, ""));
        assertThat(server.lines()).containsExactly("POST /api/v1/tenants/alice/workloads/shop:preview");
        assertThat(terminal()
                        .input(documents)
                        .run("apply", "-f", "-", "--preview")
                        .err())
                .endsWith("invalid-field at /replicas: too many\n");
    }

    @Test
    void topMakesRatesOfTwoReadings() throws IOException {
        String host = server.uri().getAuthority();
        server.answer(
                        "GET /api/v1/prometheus/targets",
                        200,
                        "[{\"targets\":[\"" + host
                                + "\",\"127.0.0.1:1\"],\"labels\":{\"__metrics_path__\":\"/metrics\"}}]")
                .answer("GET /metrics", new Answer(200, "text/plain", metrics(10)))
                .answer("GET /metrics", new Answer(200, "text/plain", metrics(1e6)));
        Path token = Files.writeString(home.resolve("scrape.token"), "ll_scrape");
        Outcome outcome =
                terminal().run("top", "--interval", "1", "--scrape-token-file", token.toString(), "-o", "yaml");
        assertThat(outcome.code()).isZero();
        assertThat(outcome.out()).contains("tenant: eve", "workload: miner", "memoryBytes: 1048576", "oomKills: 3");
        assertThat(outcome.out()).containsPattern("cores: \\d{5,}");
        assertThat(outcome.err()).contains("warning: cannot reach https://127.0.0.1:1: connection refused");
        assertThat(server.requests().getLast().authorization()).isEqualTo("Bearer ll_scrape");
    }

    private static String metrics(double cpu) {
        String labels = "{tenant=\"eve\",workload=\"miner\",allocation=\"aaaaaaaa01\",node=\"n1\"}";
        return "container_cpu_usage_seconds_total" + labels + " " + cpu + "\ncontainer_memory_working_set_bytes"
                + labels + " 1048576\ncontainer_oom_events_total" + labels + " 3\n";
    }

    @Test
    void theCompletionScriptKnowsEveryCommand() {
        Outcome outcome = terminal().run("completion", "bash");
        assertThat(outcome.out())
                .contains("complete -F _complete_landlord", "rotate-token", "--save-token", "bashcompinit");
    }

    @Test
    void everyExitCodeIsDocumented() throws IOException {
        String documentation = Files.readString(Path.of("../docs/cli.md"));
        for (ExitCode code : ExitCode.values()) {
            assertThat(documentation).contains("| " + code.number() + " | " + code.meaning() + " |");
        }
    }
}
