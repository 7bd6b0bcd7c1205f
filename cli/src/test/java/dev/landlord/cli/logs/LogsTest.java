package dev.landlord.cli.logs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.cli.wire.Problems;
import dev.landlord.cli.wire.TestTerminal;
import dev.landlord.cli.wire.TestTerminal.Outcome;
import dev.landlord.cli.wire.Wire;
import dev.landlord.cli.wire.WireServer;
import dev.landlord.cli.wire.WireServer.Answer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class LogsTest {
    @RegisterExtension
    final Wire wire = new Wire();

    @TempDir
    private Path folder = Path.of("");

    private WireServer server;
    private String tenant = "alice";

    @BeforeEach
    void start() {
        server = wire.server()
                .answer(
                        "GET /api/v1/tenants/alice/allocations",
                        200,
                        "{\"items\":[{\"id\":\"aaaaaaaa01\",\"workload\":\"one\"},{\"id\":\"aaaaaaaa02\",\"workload\":\"two\"},"
                                + "{\"id\":\"aaaaaaaa03\",\"workload\":\"two\"}]}");
    }

    private void log(int allocation, boolean follow, long tailBytes, String text) {
        server.answer(
                "GET /api/v1/tenants/" + tenant + "/allocations/aaaaaaaa0" + allocation + "/logs?stream=stdout&follow="
                        + follow + "&tailBytes=" + tailBytes,
                new Answer(200, "text/plain", text));
    }

    private TestTerminal terminal() {
        return wire.terminal(folder).env("LANDLORD_TENANT", tenant);
    }

    @Test
    void whatWasWrittenIsPassedOnByteByByte() {
        log(1, false, 65536, "a\u001b[31m\nb");
        assertThat(terminal().run("logs", "one")).isEqualTo(new Outcome(0, "a\u001b[31m\nb", ""));
    }

    @Test
    void aTerminalIsShownNoControlCharacters() {
        log(1, false, 65536, "a\u001b[31m\nb\n");
        assertThat(terminal().interactive().run("logs", "one").out()).isEqualTo("a^[[31m\nb\n");
        assertThat(terminal().interactive().run("logs", "one", "--raw").out()).isEqualTo("a\u001b[31m\nb\n");
    }

    @Test
    void theLastLinesAreCutFromWhatTheServerCountsInBytes() {
        log(1, false, 65536, "1\n2\n3\n4\n");
        assertThat(terminal().run("logs", "one", "--tail", "2").out()).isEqualTo("3\n4\n");
    }

    @Test
    void followingBeginsAtTheLastLinesAndLosesNothingNew() {
        log(1, false, 65536, "1\n22\n333\n");
        log(1, true, 7, "22\n333\nnew\n");
        assertThat(terminal().run("logs", "-f", "one", "--tail", "2").out()).isEqualTo("22\n333\nnew\n");
    }

    @Test
    void followingWithoutThePastAsksForNone() {
        log(1, true, 0, "new\n");
        assertThat(terminal().run("logs", "-f", "one", "--tail", "0").out()).isEqualTo("new\n");
    }

    @Test
    void aReplicaThatTakesThePlaceOfAnotherIsFollowedTooUntilTheWorkloadIsGone() {
        tenant = "bob";
        allocations("three", 4);
        allocations("three", 5);
        server.answer("GET /api/v1/tenants/bob/workloads/three", 200, "{}")
                .answer("GET /api/v1/tenants/bob/workloads/three", 404, Problems.of(404, "not-found", "gone"));
        log(4, true, 65536, "old\n");
        log(5, true, 65536, "new\n");
        Outcome outcome = terminal().run("logs", "-f", "three");
        assertThat(outcome)
                .isEqualTo(new Outcome(0, "old\nnew\n", "follows allocation aaaaaaaa05 of workload three\n"));
    }

    @Test
    void aLogThatEndsBeforeItsAllocationGoesOnWithWhatIsNew() {
        tenant = "bob";
        allocations("three", 4);
        server.answer("GET /api/v1/tenants/bob/workloads/three", 200, "{}")
                .answer("GET /api/v1/tenants/bob/workloads/three", 404, Problems.of(404, "not-found", "gone"));
        log(4, true, 65536, "before\n");
        log(4, true, 0, "after\n");
        assertThat(terminal().run("logs", "-f", "three")).isEqualTo(new Outcome(0, "before\nafter\n", ""));
    }

    @Test
    void aReplicaWhoseLogCannotBeReadIsNamedOnceAndDoesNotEndTheOthers() {
        tenant = "bob";
        allocations("three", 4, 5);
        server.answer("GET /api/v1/tenants/bob/workloads/three", 200, "{}")
                .answer("GET /api/v1/tenants/bob/workloads/three", 200, "{}")
                .answer("GET /api/v1/tenants/bob/workloads/three", 404, Problems.of(404, "not-found", "gone"));
        log(4, true, 65536, "seen\n");
        log(4, true, 0, "");
        Outcome outcome = terminal().run("logs", "-f", "three");
        assertThat(outcome.code()).isZero();
        assertThat(outcome.out()).isEqualTo("[aaaaaaaa04] seen\n");
        assertThat(outcome.err().lines())
                .singleElement()
                .asString()
                .startsWith("warning: allocation aaaaaaaa05: not-found");
    }

    private void allocations(String workload, int... numbers) {
        String items = IntStream.of(numbers)
                .mapToObj(number -> "{\"id\":\"aaaaaaaa0" + number + "\",\"workload\":\"" + workload + "\"}")
                .collect(Collectors.joining(","));
        server.answer("GET /api/v1/tenants/" + tenant + "/allocations", 200, "{\"items\":[" + items + "]}");
    }

    @Test
    void linesOfSeveralReplicasStayWholeAndTellWhoseTheyAre() {
        log(2, false, 65536, "x1\nx2\n");
        log(3, false, 65536, "y1\nno end");
        Outcome outcome = terminal().run("logs", "two");
        assertThat(outcome.code()).isZero();
        assertThat(outcome.out().lines())
                .containsExactlyInAnyOrder(
                        "[aaaaaaaa02] x1", "[aaaaaaaa02] x2", "[aaaaaaaa03] y1", "[aaaaaaaa03] no end");
    }

    @Test
    void aLineWithoutEndIsBounded() throws IOException {
        byte[] endless = new byte[LogLines.MAX_LINE + 1];
        LogLines lines = new LogLines(new ByteArrayInputStream(endless));
        assertThat(lines.next()).hasSize(LogLines.MAX_LINE);
        assertThat(lines.next()).hasSize(1);
        assertThat(lines.next()).isNull();
    }

    @Test
    void onlyTheLastLinesAreKept() throws IOException {
        byte[] text = "a\nb\nc".getBytes(StandardCharsets.UTF_8);
        assertThat(LogLines.last(new ByteArrayInputStream(text), 2))
                .extracting(line -> new String(line, StandardCharsets.UTF_8))
                .containsExactly("b\n", "c");
        assertThat(LogLines.last(new ByteArrayInputStream(text), 0)).isEmpty();
    }
}
