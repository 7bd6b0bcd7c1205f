package dev.landlord.cli.join;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.cli.failure.ExitCode;
import dev.landlord.cli.wire.TestTerminal;
import dev.landlord.cli.wire.TestTerminal.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the start script finds; that it does with it what is meant is {@link LauncherTest}'s. */
class JoinCommandTest {
    private static final String TOKEN = "llj_" + "a".repeat(43) + "." + "0".repeat(64);
    private static final String URL = "https://cp.example:7701";

    @TempDir
    private Path folder = Path.of("");

    private TestTerminal terminal() {
        return new TestTerminal(folder).env("LANDLORD_HANDOVER", folder.toString());
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
                        "/srv/Eve's agent",
                        "--cgroup-root",
                        "shop",
                        "--set",
                        "share.cpu-millis=2000",
                        "--set",
                        "network.host-address=10.0.0.7");
        assertThat(outcome).isEqualTo(new Outcome(0, "", ""));
        assertThat(folder.resolve("arguments"))
                .hasContent("'--landlord.agent.node=n7' '--landlord.agent.control-plane-url=" + URL
                        + "' '--landlord.agent.join-token-file=/dev/fd/3' '--landlord.agent.state-dir=/srv/Eve'\\''s agent'"
                        + " '--landlord.agent.cgroup-root=shop' '--landlord.agent.share.cpu-millis=2000'"
                        + " '--landlord.agent.network.host-address=10.0.0.7'");
        assertThat(folder.resolve("token")).hasContent(TOKEN);
        assertThat(Files.getPosixFilePermissions(folder.resolve("token")))
                .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    }

    @Test
    void takesSeveralReplicas() {
        Outcome outcome = terminal().run("node", "join", "https://a:7701,https://b:7701", TOKEN, "--name", "n7");
        assertThat(outcome).isEqualTo(new Outcome(0, "", ""));
        assertThat(folder.resolve("arguments"))
                .content()
                .contains(" '--landlord.agent.control-plane-url=https://a:7701,https://b:7701' ");
    }

    @Test
    void readsTheTokenFromStdinToo() {
        Outcome outcome = terminal().input(TOKEN + "\n").run("node", "join", URL, "-", "--name", "n7");
        assertThat(outcome.code()).isZero();
        assertThat(folder.resolve("token")).hasContent(TOKEN);
    }

    @ParameterizedTest
    @CsvSource({
        "http://cp:7701, TOKEN, node=, URL must have the form",
        "'https://cp:7701,http://other:7701', TOKEN, share.pids=1, 'URL must have the form https://HOST:7701, was http:'",
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
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void saysWhoIsToSetTheFolder() {
        Outcome outcome = new TestTerminal(folder).run("node", "join", URL, TOKEN, "--name", "n7");
        assertThat(outcome.code()).isEqualTo(ExitCode.USAGE.number());
        assertThat(outcome.err()).contains("LANDLORD_HANDOVER");
    }
}
