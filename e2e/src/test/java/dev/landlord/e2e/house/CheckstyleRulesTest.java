package dev.landlord.e2e.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.puppycrawl.tools.checkstyle.Checker;
import com.puppycrawl.tools.checkstyle.ConfigurationLoader;
import com.puppycrawl.tools.checkstyle.PropertiesExpander;
import com.puppycrawl.tools.checkstyle.api.AuditEvent;
import com.puppycrawl.tools.checkstyle.api.AuditListener;
import com.puppycrawl.tools.checkstyle.api.CheckstyleException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

/** Each rule of {@code .ci/checkstyle.xml} reports a planted fault, and clean code passes. */
class CheckstyleRulesTest {
    private static final Path RULES = Path.of("..", ".ci", "checkstyle.xml");

    @TempDir
    Path room;

    @BeforeEach
    void aMarkedRoom() throws IOException {
        write("package-info.java", "/** A room. */\npackage planted;\n");
    }

    @Test
    void cleanCodePasses() throws Exception {
        write("Planted.java", method("int twice(int a) { return a + a; }"));
        assertThat(violations()).isEmpty();
    }

    @Test
    void aMethodHasAtMost70Lines() throws Exception {
        write("Planted.java", method("void run() {\n" + "    int a;\n".repeat(68) + "}"));
        assertThat(violations()).isEmpty();
        write("Planted.java", method("void run() {\n" + "    int a;\n".repeat(69) + "}"));
        assertThat(violations()).singleElement().asString().contains("Method run has 71 lines, 70 allowed");
    }

    @Test
    void aFileHasAtMost500Lines() throws Exception {
        write("Planted.java", "package planted;\nclass Planted {\n" + "    int a;\n".repeat(497) + "}\n");
        assertThat(violations()).isEmpty();
        write("Planted.java", "package planted;\nclass Planted {\n" + "    int a;\n".repeat(498) + "}\n");
        assertThat(violations()).singleElement().asString().contains("File has 501 lines, 500 allowed");
    }

    @Test
    void aMethodHasAtMostSevenParameters() throws Exception {
        write("Planted.java", method("void run(int a, int b, int c, int d, int e, int f, int g) {}"));
        assertThat(violations()).isEmpty();
        write("Planted.java", method("void run(int a, int b, int c, int d, int e, int f, int g, int h) {}"));
        assertThat(violations()).singleElement().asString().contains("More than 7 parameters");
    }

    @Test
    void componentsOfARecordAreDataNotParameters() throws Exception {
        write("Planted.java", """
                package planted;
                record Planted(int a, int b, int c, int d, int e, int f, int g, int h) {
                    Planted {}
                }
                """);
        assertThat(violations()).isEmpty();
    }

    @Test
    void everyRoomIntroducesItself() throws Exception {
        write("Planted.java", method(""));
        Files.delete(room.resolve("package-info.java"));
        assertThat(violations()).singleElement().asString().contains("what this room decides");
        write("package-info.java", "package planted;\n");
        assertThat(violations()).singleElement().asString().contains("what this room decides");
    }

    @ParameterizedTest
    @CsvFileSource(resources = "banned-words.csv", delimiter = '|')
    void aBannedWordNamesItsReplacement(String planted, String message) throws Exception {
        write("Planted.java", method(planted));
        assertThat(violations()).singleElement().asString().contains(message);
    }

    @ParameterizedTest
    @CsvSource({
        "org.mockito.Mockito, one fake written by hand",
        "lombok.Data, records",
        "com.google.common.collect.ImmutableList, List.copyOf",
        "java.util.Date, java.time.Instant",
        "java.time.LocalDateTime, java.time.Instant",
        "org.hamcrest.Matchers, AssertJ"
    })
    void aBannedImportNamesItsReplacement(String planted, String message) throws Exception {
        write("Planted.java", "package planted;\nimport " + planted + ";\nclass Planted {}\n");
        assertThat(violations()).singleElement().asString().contains(message);
    }

    private static String method(String source) {
        return "package planted;\nclass Planted {\n" + source + "\n}\n";
    }

    private void write(String name, String source) throws IOException {
        Files.writeString(room.resolve(name), source);
    }

    private List<String> violations() throws CheckstyleException, IOException {
        var listener = new Collector();
        var checker = new Checker();
        try {
            checker.setModuleClassLoader(Checker.class.getClassLoader());
            checker.configure(
                    ConfigurationLoader.loadConfiguration(RULES.toString(), new PropertiesExpander(new Properties())));
            checker.addListener(listener);
            try (var files = Files.list(room)) {
                checker.process(files.map(Path::toFile).sorted().toList());
            }
        } finally {
            checker.destroy();
        }
        return listener.messages;
    }

    private static final class Collector implements AuditListener {
        private final List<String> messages = new ArrayList<>();

        @Override
        public void addError(AuditEvent event) {
            messages.add(event.getMessage());
        }

        @Override
        public void addException(AuditEvent event, Throwable failure) {
            throw new IllegalStateException(event.getFileName(), failure);
        }

        @Override
        public void auditStarted(AuditEvent event) {}

        @Override
        public void auditFinished(AuditEvent event) {}

        @Override
        public void fileStarted(AuditEvent event) {}

        @Override
        public void fileFinished(AuditEvent event) {}
    }
}
