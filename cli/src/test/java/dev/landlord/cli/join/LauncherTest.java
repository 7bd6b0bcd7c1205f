package dev.landlord.cli.join;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The start script itself, with scripts in the place of the JVM and of the agent. */
class LauncherTest {
    private static final Path SOURCES = Path.of("..", "dist", "src");

    @TempDir
    private Path home = Path.of("");

    @BeforeEach
    void layOut() throws IOException {
        for (String file : List.of("bin/landlord", "lib/java.sh")) {
            Path copy = home.resolve(file);
            Files.createDirectories(copy.getParent());
            Files.copy(SOURCES.resolve(file), copy);
        }
        Files.createDirectories(home.resolve("tmp"));
        script("jdk/bin/java", "exit 0");
        Files.writeString(home.resolve("jdk/release"), "JAVA_VERSION=\"25\"\n");
    }

    private void script(String file, String... lines) throws IOException {
        Path script = home.resolve(file);
        Files.createDirectories(script.getParent());
        Files.writeString(script, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Process landlord(String... arguments) throws IOException {
        List<String> command =
                new ArrayList<>(List.of("sh", home.resolve("bin/landlord").toString()));
        command.addAll(Arrays.asList(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment()
                .putAll(Map.of(
                        "JAVA_HOME",
                        home.resolve("jdk").toString(),
                        "TMPDIR",
                        home.resolve("tmp").toString()));
        return builder.start();
    }

    @Test
    void becomesTheAgentAndLeavesNothingOfTheToken() throws Exception {
        script(
                "jdk/bin/java",
                "umask 077",
                "echo secret >\"$LANDLORD_HANDOVER/token\"",
                "echo \"'--node=n1' '--dir=/srv/Eve'\\\\''s \\$HOME'\" >\"$LANDLORD_HANDOVER/arguments\"");
        script(
                "bin/landlord-agent",
                "printf '%s\\n' \"$$\" \"$(cat /dev/fd/3)\" \"${LANDLORD_HANDOVER:-none}\" \"$@\"",
                "exit 42");
        Process agent = landlord("--server", "https://a", "node", "join", "https://b", "-");
        assertThat(agent.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(agent.inputReader().readAllLines())
                .containsExactly(Long.toString(agent.pid()), "secret", "none", "--node=n1", "--dir=/srv/Eve's $HOME");
        assertThat(agent.exitValue()).as("the agent's own").isEqualTo(42);
        assertThat(home.resolve("tmp")).isEmptyDirectory();
    }

    @Test
    void startsNoAgentWhenTheClientRefusesOrOnlyHelps() throws Exception {
        script("bin/landlord-agent", "echo agent");
        for (int code : new int[] {0, 2}) {
            script("jdk/bin/java", "echo client >\"$LANDLORD_HANDOVER/token\"; exit " + code);
            Process client = landlord("node", "join", "--help");
            assertThat(client.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(client.exitValue()).isEqualTo(code);
            assertThat(client.inputReader().readAllLines()).isEmpty();
            assertThat(home.resolve("tmp")).isEmptyDirectory();
        }
    }

    @Test
    void everyOtherCommandIsTheClientAndMakesNoFile() throws Exception {
        script("jdk/bin/java", "echo \"$$ ${LANDLORD_HANDOVER:-none} $LANDLORD_HOME\"");
        Process client = landlord("node", "join-token", "n1");
        assertThat(client.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(client.inputReader().readAllLines()).containsExactly(client.pid() + " none " + home.toRealPath());
        try (Stream<Path> left = Files.list(home.resolve("tmp"))) {
            assertThat(left).isEmpty();
        }
    }
}
