package dev.landlord.helm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.api.id.NodeName;
import dev.landlord.helm.JoinStep.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a host of a DaemonSet comes by a token that is good once and for it alone. */
class JoinStepTest {
    @TempDir
    Path folder;

    private JoinStep step;
    private Path calls;

    /** A {@code landlord} command that notes how it was called, and hands out a token. */
    @BeforeEach
    void prepare() throws IOException {
        step = JoinStep.in(folder, Manifests.parse(Chart.render("minimal")));
        calls = folder.resolve("calls");
        Path command = folder.resolve("landlord");
        Files.writeString(command, """
                #!/bin/sh
                echo "$LANDLORD_SERVER $(cat "$LANDLORD_TOKEN_FILE") $(cat "$LANDLORD_CA_FILE") $*" >>%s
                while [ "$1" != --save-token ]; do shift; done
                echo llj_asked >"$2"
                """.formatted(calls));
        Files.setPosixFilePermissions(command, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void asksForATokenOfItsOwnName() throws Exception {
        putSecret("joiner.token", "ll_joiner");
        putSecret("ca.crt", "authority");
        assertThat(run("worker-1").exitCode()).isZero();
        assertThat(step.node()).isEqualTo("worker-1");
        assertThat(step.token()).hasContent("llj_asked\n");
        assertThat(calls)
                .hasContent("https://landlord.hosting.svc:7700 ll_joiner authority node join-token worker-1"
                        + " --save-token " + step.token() + "\n");
    }

    @Test
    void takesTheTokenThatAnOperatorMadeForIt() throws Exception {
        putSecret("worker-1.example.join-token", "llj_made");
        putSecret("worker-2.example.join-token", "llj_another's");
        putSecret("joiner.token", "ll_joiner");
        putSecret("ca.crt", "authority");
        assertThat(run("worker-1.example").exitCode()).isZero();
        assertThat(step.node()).isEqualTo("worker-1");
        assertThat(step.token()).hasContent("llj_made");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(step.token())))
                .isEqualTo("rw-------");
        assertThat(calls).doesNotExist();
    }

    @Test
    void needsNoSecretOnceTheHostHasJoined() throws Exception {
        Files.writeString(step.state().resolve("credentials.json"), "{}");
        Files.writeString(step.token(), "llj_left-over");
        assertThat(run("worker-1")).isEqualTo(new Outcome(0, "node worker-1 has joined before"));
        assertThat(step.node()).isEqualTo("worker-1");
        assertThat(step.token()).doesNotExist();
        assertThat(calls).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({"nothing", "joiner.token", "ca.crt", "worker-2.join-token"})
    void saysInOneLineWhatTheSecretLacks(String only) throws Exception {
        putSecret(only, "x");
        assertThat(run("worker-1"))
                .isEqualTo(new Outcome(
                        1,
                        "node worker-1 cannot join: the secret has neither worker-1.join-token nor joiner.token and"
                                + " ca.crt"));
        assertThat(step.token()).doesNotExist();
    }

    @Test
    void failsWithTheControlPlanesWordIfItIsRefused() throws Exception {
        putSecret("joiner.token", "ll_joiner");
        putSecret("ca.crt", "authority");
        Files.writeString(folder.resolve("landlord"), "#!/bin/sh\necho 'forbidden: no' >&2\nexit 4\n");
        assertThat(run("worker-1")).isEqualTo(new Outcome(4, "forbidden: no"));
        assertThat(step.token()).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({
        "worker-1, worker-1",
        "ip-10-0-0-7.eu-central-1.compute.internal, ip-10-0-0-7",
        "abcdefghij-abcdefghij-abcdefghij-abcdefg, abcdefghij-abcdefghij-abcdefghij-abcdefg",
        "gke-shops-europe-west3-pool-large-1-0a1b2c3d-x7k2, gke-shops-europe-west3-pool-lar-7abde988",
        "gke-shops-europe-west3-pool-large-1-0a1b2c3d-q9z4, gke-shops-europe-west3-pool-lar-9ef3ff6a",
        "gke-shops-europe-west3-pool-la--1-0a1b2c3d-q9z4, gke-shops-europe-west3-pool-la-"
    })
    void givesEveryHostANameThatTheControlPlaneTakes(String kubernetes, String expected) throws Exception {
        Files.writeString(step.state().resolve("credentials.json"), "{}");
        assertThat(run(kubernetes).exitCode()).isZero();
        assertThat(new NodeName(step.node()).value()).startsWith(expected);
    }

    private Outcome run(String node) throws IOException, InterruptedException {
        return step.run(Map.of("NODE_NAME", node, "LANDLORD_BIN", folder.toString()));
    }

    private void putSecret(String key, String value) throws IOException {
        Files.writeString(step.secret().resolve(key), value);
    }
}
