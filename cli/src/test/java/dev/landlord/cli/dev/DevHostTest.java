package dev.landlord.cli.dev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landlord.cli.config.ConfigFile;
import dev.landlord.cli.config.ConfigStore;
import dev.landlord.cli.config.Context;
import dev.landlord.cli.dev.DevOptions.Extra;
import dev.landlord.cli.dev.DevOptions.Ports;
import dev.landlord.cli.failure.CommandFailure;
import dev.landlord.cli.failure.ExitCode;
import dev.landlord.cli.terminal.Terminal;
import dev.landlord.cli.wire.Wire;
import dev.landlord.cli.wire.WireServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The programs are shell scripts: they write what the real ones would, wait for SIGTERM, and note what happens to them. */
class DevHostTest {
    /** Notes its start and its end, and lives until it is told to end. It says that it is up only when it is. */
    private static final String LIVE = """
            trap 'echo "$me ends" >> "$notes"; exit 0' TERM
            echo "$me starts" >> "$notes"
            announce
            while :; do sleep 0.05; done
            """;

    @RegisterExtension
    final Wire wire = new Wire();

    @TempDir
    private Path folder = Path.of("");

    private WireServer server;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void start() throws IOException {
        server = wire.server();
        server.answer("POST /api/v1/nodes/n1:join-token", 200, "{\"token\":\"llj_once\"}")
                .answer("GET /api/v1/nodes/n1", 404, "{}")
                .answer("GET /api/v1/nodes/n1", 200, "{\"state\":\"ready\",\"images\":{}}")
                .answer("GET /api/v1/nodes/n1", 200, "{\"state\":\"ready\",\"images\":{\"busybox\":\"sha256:0\"}}");
        program("landlord-control-plane", controlPlane() + LIVE);
        program("landlord-agent", agent() + LIVE);
    }

    private String controlPlane() {
        return """
                state=$(argument state-dir)
                mkdir -p "$state"
                cp '%s' "$state/ca.crt"
                echo ll_operator > "$state/operator.token"
                listeners='{"public":%d,"node":7,"management":8}'
                """.formatted(wire.caFile(), server.uri().getPort());
    }

    private static String agent() {
        return """
                state=$(argument agent.state-dir)
                mkdir -p "$state"
                echo "agent joins with $(cat "$(argument agent.join-token-file)") at $(argument agent.control-plane-url)" >> "$notes"
                echo "agent tears down: $(argument agent.teardown-on-exit)" >> "$notes"
                listeners='{"metrics":9}'
                """;
    }

    private void program(String name, String script) throws IOException {
        Path file = Files.createDirectories(folder.resolve("programs/bin")).resolve(name);
        Files.writeString(
                file,
                "#!/bin/sh\nme=" + name + "\nnotes='" + folder.resolve("notes") + "'\n"
                        + "argument() { for a in \"$@\"; do :; done; for given in $all; do case $given in"
                        + " --landlord.$1=*) echo \"${given#*=}\";; esac; done; }\nall=\"$*\"\n"
                        + "announce() { echo \"$listeners\" > \"$state/new\""
                        + " && mv \"$state/new\" \"$state/listeners.json\"; }\n"
                        + script);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private List<String> notes() throws IOException {
        return Files.readAllLines(folder.resolve("notes"));
    }

    private ConfigStore config() {
        return new ConfigStore(folder.resolve("config.yaml"));
    }

    private ExitCode live(@Nullable Path stateDir, boolean keep, Attention attention) {
        Terminal terminal = new Terminal(
                InputStream.nullInputStream(),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                Map.of("LANDLORD_CONFIG", config().file().toString()),
                folder,
                InstantSource.system());
        DevOptions options = new DevOptions(
                folder.resolve("programs"),
                stateDir,
                "n1",
                new Ports(0, 0, 0, 0),
                keep,
                true,
                new Extra(List.of(), List.of()));
        StateFolder state = StateFolder.open(stateDir);
        try (Slot slot = Slot.take(folder.resolve("slots"), OptionalInt.empty())) {
            state.rememberSlot(slot.number());
            return new DevHost(options, terminal, attention, state, slot).live();
        }
    }

    /** Asks for the end as soon as the announcement was printed. */
    private void stopWhenReady(Attention attention) {
        Thread.ofVirtual().start(() -> {
            while (out.size() == 0) {
                Thread.onSpinWait();
            }
            attention.stopWanted().complete(null);
        });
    }

    @Test
    void bothComeUpAndGoInTheOppositeOrderAndNothingStays() throws IOException {
        Context other = new Context("https://prod:1", null, null, null, null, null);
        config().update(file -> file.withCurrent("prod", other));
        ConfigFile before = config().read();
        try (Attention attention = new Attention()) {
            stopWhenReady(attention);
            assertThat(live(null, false, attention)).isEqualTo(ExitCode.OK);
        }
        assertThat(notes())
                .containsExactly(
                        "landlord-control-plane starts",
                        "agent joins with llj_once at https://127.0.0.1:7",
                        "agent tears down: true",
                        "landlord-agent starts",
                        "landlord-agent ends",
                        "landlord-control-plane ends");
        String ready = out.toString(StandardCharsets.UTF_8);
        assertThat(ready)
                .contains(
                        "\"server\":\"" + server.uri() + "\"",
                        "\"metrics\":\"https://127.0.0.1:9\"",
                        "\"context\":\"dev\"");
        Path state = Path.of(ready.replaceAll("(?s).*\"stateDir\":\"([^\"]*)\".*", "$1"));
        assertThat(state.getFileName().toString()).startsWith("landlord-dev-");
        assertThat(state).doesNotExist();
        assertThat(config().read()).isEqualTo(before);
        assertThat(folder.resolve("slots")).doesNotExist();
        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void whileItRunsItsContextIsTheCurrentOne() {
        ConfigFile[] seen = {ConfigFile.EMPTY};
        try (Attention attention = new Attention()) {
            Thread.ofVirtual().start(() -> {
                while (out.size() == 0) {
                    Thread.onSpinWait();
                }
                seen[0] = config().read();
                attention.stopWanted().complete(null);
            });
            live(null, false, attention);
        }
        assertThat(seen[0].current()).isEqualTo("dev");
        assertThat(seen[0].contexts().get("dev"))
                .extracting(Context::server)
                .isEqualTo(server.uri().toString());
        assertThat(config().read().contexts()).isEmpty();
    }

    /** An end that stopped at the first thing it could not undo would leave all the rest. */
    @Test
    void whatCannotBeUndoneIsSaidAndTheRestIsUndone() throws IOException {
        try (Attention attention = new Attention()) {
            Thread.ofVirtual().start(() -> {
                while (out.size() == 0) {
                    Thread.onSpinWait();
                }
                spoilConfig();
                attention.stopWanted().complete(null);
            });
            assertThat(live(null, false, attention)).isEqualTo(ExitCode.FAILED);
        }
        assertThat(err.toString(StandardCharsets.UTF_8)).startsWith("cannot forget the context dev: ");
        assertThat(notes()).contains("landlord-agent ends", "landlord-control-plane ends");
        String ready = out.toString(StandardCharsets.UTF_8);
        assertThat(Path.of(ready.replaceAll("(?s).*\"stateDir\":\"([^\"]*)\".*", "$1")))
                .doesNotExist();
    }

    private void spoilConfig() {
        try {
            Files.writeString(config().file(), "contexts: [");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void whatIsToBeKeptIsKept() throws IOException {
        Path state = folder.resolve("state");
        try (Attention attention = new Attention()) {
            stopWhenReady(attention);
            assertThat(live(state, true, attention)).isEqualTo(ExitCode.OK);
        }
        assertThat(notes()).contains("agent tears down: false");
        assertThat(state.resolve("control-plane/operator.token")).exists();
        assertThat(state.resolve("join.token")).doesNotExist();
    }

    @Test
    void aProgramThatCannotStartIsNamedWithItsLastWords() throws IOException {
        program("landlord-control-plane", "echo 'landlord-control-plane: port 7700 is taken'\nexit 3\n");
        try (Attention attention = new Attention()) {
            assertThatThrownBy(() -> live(null, false, attention))
                    .isInstanceOfSatisfying(CommandFailure.class, failure -> {
                        assertThat(failure.code()).isEqualTo(ExitCode.CHILD_DIED);
                        assertThat(failure.lines().getFirst())
                                .startsWith("the control-plane ended with exit code 3; the last it said");
                        assertThat(failure.lines().getLast()).isEqualTo("  landlord-control-plane: port 7700 is taken");
                    });
        }
        assertThat(err.toString(StandardCharsets.UTF_8))
                .startsWith("control-plane: landlord-control-plane: port 7700 is taken");
    }

    @Test
    void anAgentThatDiesIsStartedOnceMoreToTakeItsSandboxesAway() throws IOException {
        program("landlord-agent", agent() + """
                if [ ! -e "$notes.died" ]; then
                    touch "$notes.died"
                    announce
                    while ! grep -q current '%s' 2>/dev/null; do sleep 0.05; done
                    kill -9 $$
                fi
                """.formatted(config().file()) + LIVE);
        try (Attention attention = new Attention()) {
            assertThatThrownBy(() -> live(null, false, attention))
                    .isInstanceOfSatisfying(CommandFailure.class, failure -> {
                        assertThat(failure.code()).isEqualTo(ExitCode.CHILD_DIED);
                        assertThat(failure.lines().getFirst()).startsWith("the agent was ended by signal 9");
                    });
        }
        assertThat(notes())
                .containsSubsequence("landlord-agent starts", "landlord-agent ends", "landlord-control-plane ends");
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("starting the agent once more, to delete its sandboxes");
    }
}
