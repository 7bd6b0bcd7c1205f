package dev.landlord.e2e.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DemoReportTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @SuppressWarnings("NullAway.Init")
    private DemoReport report;

    @BeforeEach
    void open() {
        report = new DemoReport(new PrintStream(printed, true, StandardCharsets.UTF_8));
    }

    @Test
    void nothingHoldsWhenNothingWasObserved() {
        assertThat(report.allHold()).isFalse();
    }

    @Test
    void oneStepThatDoesNotHoldIsEnough() throws InterruptedException {
        report.step("one", "1", () -> "1", "1"::equals);
        assertThat(report.allHold()).isTrue();
        report.step("two", "2", () -> "3", "2"::equals);
        assertThat(report.allHold()).isFalse();
    }

    @Test
    void aStepThatThrowsAndAnActThatBreaksOffHaveFailed() throws Exception {
        report.step("throws", "no fault", () -> broken("step"), observed -> true);
        report.act("breaks off", () -> broken("act"));
        report.step("goes on", "1", () -> "1", "1"::equals);
        JsonNode written = write();
        assertThat(written).hasSize(3);
        assertThat(written.path(0).path("ok").asBoolean()).isFalse();
        assertThat(written.path(0).path("observed").asString()).isEqualTo("IOException: step");
        assertThat(written.path(1).path("ok").asBoolean()).isFalse();
        assertThat(written.path(2).path("ok").asBoolean()).isTrue();
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("1 steps hold, 2 do not");
    }

    @Test
    void theFileHoldsWhatWasExpectedAndObserved() throws Exception {
        report.step("look", "a | b", () -> "a\n  b\n", "a | b"::equals);
        assertThat(write().path(0).toString())
                .isEqualTo("{\"step\":\"look\",\"expected\":\"a | b\",\"observed\":\"a | b\",\"ok\":true}");
    }

    private static String broken(String what) throws IOException {
        throw new IOException(what);
    }

    private JsonNode write() throws IOException {
        Path file = directory.resolve("demo/report.json");
        report.write(file);
        return new JsonMapper().readTree(Files.readString(file));
    }
}
