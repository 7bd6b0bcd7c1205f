package dev.landlord.cli.join;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.cli.failure.ExitCode;
import dev.landlord.cli.wire.TestTerminal;
import dev.landlord.cli.wire.TestTerminal.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** With a program in the agent's place that writes down what it was given. */
class JoinCommandTest {
    private static final String TOKEN = "llj_" + "a".repeat(43) + "." + "0".repeat(64);
    private static final String URL = "https://cp.example:7701";

    @TempDir
    private Path home = Path.of("");

    @BeforeEach
    void makeAgent() throws IOException {
        agent("exit 0");
    }

    private void agent(String end) throws IOException {
        Path bin = Files.createDirectories(home.resolve("bin"));
        Path program = bin.resolve("landlord-agent");
        String script = String.join(
                "\n",
                "#!/bin/sh",
                "printf '%s\\n' \"$@\" > " + home + "/arguments",
                "for argument; do case $argument in --landlord.agent.join-token-file=*)",
                "  file=${argument#*=}; cp \"$file\" " + home + "/token; stat -c %a \"$file\" > " + home + "/mode;;",
                "esac; done",
                end,
                "");
        Files.writeString(program, script);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private TestTerminal terminal() {
        return new TestTerminal(home).env("LANDLORD_HOME", home.toString());
    }

    @Test
    void handsTheTokenOverInAFileOfItsOwnerAndTheRestAsSettings() throws IOException {
        Outcome outcome = terminal()
                .run(
                        "node",
                        "join",
                        URL,
                        TOKEN,
                        "--name",
                        "n7",
                        "--state-dir",
                        "/srv/agent",
                        "--cgroup-root",
                        "shop",
                        "--set",
                        "share.cpu-millis=2000",
                        "--set",
                        "network.host-address=10.0.0.7");
        assertThat(outcome).isEqualTo(new Outcome(0, "", ""));
        List<String> arguments = Files.readAllLines(home.resolve("arguments"));
        String file = arguments.remove(2).substring("--landlord.agent.join-token-file=".length());
        assertThat(arguments)
                .containsExactly(
                        "--landlord.agent.node=n7",
                        "--landlord.agent.control-plane-url=" + URL,
                        "--landlord.agent.state-dir=/srv/agent",
                        "--landlord.agent.cgroup-root=shop",
                        "--landlord.agent.share.cpu-millis=2000",
                        "--landlord.agent.network.host-address=10.0.0.7");
        assertThat(Files.readString(home.resolve("token")).strip()).isEqualTo(TOKEN);
        assertThat(Files.readString(home.resolve("mode")).strip()).isEqualTo("600");
        assertThat(Path.of(file)).as("nothing is left of it").doesNotExist();
    }

    @Test
    void readsTheTokenFromStdinToo() throws IOException {
        Outcome outcome = terminal().input(TOKEN + "\n").run("node", "join", URL, "-", "--name", "n7");
        assertThat(outcome.code()).isZero();
        assertThat(Files.readString(home.resolve("token")).strip()).isEqualTo(TOKEN);
        assertThat(Files.readAllLines(home.resolve("arguments"))).hasSize(3);
    }

    @ParameterizedTest
    @CsvSource({"exit 0, 0", "exit 1, 7", "exit 78, 7", "kill -TERM $$, 130", "kill -INT $$; sleep 1, 130"})
    void tellsHowTheAgentEnded(String end, int code) throws IOException {
        agent(end);
        assertThat(terminal().run("node", "join", URL, TOKEN, "--name", "n7").code())
                .isEqualTo(code);
    }

    @ParameterizedTest
    @CsvSource({
        "http://cp:7701, TOKEN, node=, URL must have the form",
        "https://cp:7701, llj_x, share.pids=1, TOKEN is no join token",
        "https://cp:7701, TOKEN, share.pids, --set must have the form NAME=VALUE",
        "https://cp:7701, TOKEN, node=other, --set node is what an argument",
        "https://cp:7701, TOKEN, join-token=x, --set join-token is what an argument"
    })
    void refusesWhatCannotBeMeant(String url, String token, String setting, String reason) {
        Outcome outcome =
                terminal().run("node", "join", url, token.replace("TOKEN", TOKEN), "--name", "n7", "--set", setting);
        assertThat(outcome.code()).isEqualTo(ExitCode.USAGE.number());
        assertThat(outcome.err()).contains(reason);
        assertThat(home.resolve("arguments")).doesNotExist();
    }

    @Test
    void saysWhereTheAgentShouldHaveBeen() throws IOException {
        Files.delete(home.resolve("bin/landlord-agent"));
        Outcome outcome = terminal().run("node", "join", URL, TOKEN, "--name", "n7");
        assertThat(outcome.code()).isNotZero();
        assertThat(new TestTerminal(home).run("node", "join", URL, TOKEN).err()).contains("LANDLORD_HOME");
    }
}
