package dev.landlord.cli.exec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.cli.wire.Problems;
import dev.landlord.cli.wire.TestTerminal.Outcome;
import dev.landlord.cli.wire.Wire;
import dev.landlord.cli.wire.WireServer;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What is asked of the server; the stream itself is tested with a real agent. */
class AttachCommandTest {
    private static final String ALLOCATIONS = "/api/v1/tenants/alice/allocations";

    @RegisterExtension
    final Wire wire = new Wire();

    @TempDir
    private Path folder = Path.of("");

    private WireServer server;

    @BeforeEach
    void start() {
        server = wire.server()
                .answer(
                        "GET " + ALLOCATIONS,
                        200,
                        "{\"items\":[{\"id\":\"aaaaaaaa01\",\"workload\":\"shell\",\"phase\":\"running\"},"
                                + "{\"id\":\"aaaaaaaa02\",\"workload\":\"shop\",\"phase\":\"running\"}]}")
                .answer("GET /api/v1/tenants/alice/workloads/shell", 200, "{\"spec\":{\"stdin\":true}}")
                .answer("GET /api/v1/tenants/alice/workloads/shop", 200, "{\"spec\":{}}")
                .answer(
                        "POST " + ALLOCATIONS + "/aaaaaaaa01:attach",
                        409,
                        Problems.of(409, "exec-refused", "attach to aaaaaaaa01.0: it has ended"));
    }

    private Outcome attach(String... arguments) {
        String[] all = new String[3 + arguments.length];
        System.arraycopy(new String[] {"--tenant", "alice", "attach"}, 0, all, 0, 3);
        System.arraycopy(arguments, 0, all, 3, arguments.length);
        return wire.terminal(folder).run(all);
    }

    @Test
    void sitsDownInFrontOfAProgramThatReads() {
        Outcome outcome = attach("shell");
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err()).contains("exec-refused: attach to aaaaaaaa01.0: it has ended");
        assertThat(server.requests().getLast().body()).isEqualTo("{}");
    }

    @Test
    void onlyLooksOnWhenTheProgramReadsNothingOrItIsAskedTo() {
        attach("shop");
        attach("--no-stdin", "shell");
        assertThat(server.lines())
                .noneMatch(line -> line.startsWith("POST"))
                .anyMatch(line -> line.startsWith("GET " + ALLOCATIONS + "/aaaaaaaa01/logs?stream=stdout"))
                .anyMatch(line -> line.startsWith("GET " + ALLOCATIONS + "/aaaaaaaa02/logs?stream=stderr"));
    }
}
