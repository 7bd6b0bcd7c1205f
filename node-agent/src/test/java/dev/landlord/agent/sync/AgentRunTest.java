package dev.landlord.agent.sync;

import static dev.landlord.agent.sync.SyncFixtures.FACTS;
import static dev.landlord.agent.sync.SyncFixtures.state;
import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.api.sync.NodeReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AgentRunTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit fills it
    private Path directory;

    @SuppressWarnings("NullAway.Init") // see setUp
    private Path file;

    @BeforeEach
    void setUp() {
        file = directory.resolve("agent-run");
    }

    @Test
    void aSuccessorNamesTheRunThatWasHeardAndNotOneThatWasNot() {
        AgentRun first = AgentRun.begin(file);
        assertThat(first.previous()).isNull();
        ReportDelta delta = new ReportDelta(first);
        delta.next(state(1), FACTS);
        assertThat(AgentRun.begin(file).previous()).as("nothing was taken").isNull();
        delta.acknowledged(state(1), FACTS);
        AgentRun neverHeard = AgentRun.begin(file);
        assertThat(neverHeard.previous()).isEqualTo(first.current());
        NodeReport report = new ReportDelta(AgentRun.begin(file)).next(state(1), FACTS);
        assertThat(report.previousRun()).isEqualTo(first.current());
        assertThat(report.agentRun()).isNotIn(first.current(), neverHeard.current());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "../x", "a b", "\u0000"})
    void aBrokenFileNamesNobodyAndIsReplaced(String broken) throws IOException {
        Files.writeString(file, broken);
        AgentRun run = AgentRun.begin(file);
        assertThat(run.previous()).isNull();
        run.heard();
        assertThat(AgentRun.begin(file).previous()).isEqualTo(run.current());
    }

    @Test
    void aFileThatCannotBeWrittenCostsNoReport() throws IOException {
        Files.createDirectories(file.resolve("in-the-way"));
        AgentRun run = AgentRun.begin(file);
        run.heard();
        assertThat(run.previous()).isNull();
    }
}
