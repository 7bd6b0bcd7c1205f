package dev.landlord.cli.exec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.cli.wire.Problems;
import dev.landlord.cli.wire.TestTerminal;
import dev.landlord.cli.wire.TestTerminal.Outcome;
import dev.landlord.cli.wire.Wire;
import dev.landlord.cli.wire.WireServer;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What is asked of the server, and of whom; the stream itself is tested with a real agent. */
class ExecCommandTest {
    @RegisterExtension
    final Wire wire = new Wire();

    @TempDir
    private Path folder = Path.of("");

    private WireServer server;

    @BeforeEach
    void start() {
        server = wire.server()
                .answer(
                        "GET /api/v1/tenants/alice/allocations",
                        200,
                        "{\"items\":[{\"id\":\"aaaaaaaa01\",\"workload\":\"shop\",\"phase\":\"pending\"},"
                                + "{\"id\":\"aaaaaaaa02\",\"workload\":\"shop\",\"phase\":\"running\"}]}")
                .answer(
                        "POST /api/v1/tenants/alice/allocations/aaaaaaaa02:exec",
                        409,
                        Problems.of(409, "exec-refused", "exec nosuch: No such file or directory"));
    }

    private TestTerminal terminal() {
        return wire.terminal(folder);
    }

    @Test
    void asksForOneReplicaThatRunsAndSaysWhyItWasRefused() {
        Outcome outcome = terminal().run("-t", "alice", "exec", "-i", "shop", "--", "nosuch", "-t", "x y");
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err())
                .contains("in allocation aaaaaaaa02, one of 2")
                .contains("exec-refused: exec nosuch: No such file or directory");
        assertThat(server.requests().getLast().body())
                .isEqualTo("{\"command\":[\"nosuch\",\"-t\",\"x y\"],\"input\":true}");
    }

    @Test
    void behindExecTheShortOptionIsForTheTerminal() {
        Outcome outcome = terminal().run("exec", "--tenant", "alice", "-it", "shop", "--", "sh");
        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.err()).contains("-t: stdin and stdout must be a terminal");
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void aWorkloadThatDoesNotRunHasNoProgramBesideIt() {
        Outcome outcome = terminal().run("--tenant", "alice", "exec", "site", "--", "sh");
        assertThat(outcome.code()).isEqualTo(5);
        assertThat(outcome.err()).contains("workload site has no allocation that runs");
    }

    @Test
    void withoutACommandItIsWrongUsage() {
        assertThat(terminal().run("--tenant", "alice", "exec", "shop").code()).isEqualTo(2);
    }
}
