package dev.landlord.agent.join;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landlord.agent.address.ControlPlanes;
import dev.landlord.agent.identity.FreshKey;
import dev.landlord.agent.sync.HttpsControlPlane;
import dev.landlord.agent.sync.TestAuthority;
import dev.landlord.api.id.NodeName;
import dev.landlord.api.problem.ProblemCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JoiningTest {
    private final HttpsControlPlane controlPlane = new HttpsControlPlane();
    private volatile Instant now = Instant.now();
    private final InstantSource clock = () -> now;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit fills it
    private Path directory;

    @AfterEach
    void close() {
        controlPlane.close();
    }

    private NodeCredentials join(String node, String token) throws InterruptedException {
        return new Joining(ControlPlanes.only(controlPlane.uri()), new NodeName(node), directory, clock)
                .credentials(() -> Optional.of(token));
    }

    private long files() throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.count();
        }
    }

    @Test
    void aTokenIsExchangedForCredentialsThatOnlyRootCanRead() throws Exception {
        NodeCredentials credentials = join("n1", controlPlane.joinToken());
        credentials
                .identity()
                .certificate()
                .verify(controlPlane.authority.certificate().getPublicKey());
        assertThat(Files.readString(directory.resolve("node.pem"))).startsWith("-----BEGIN PRIVATE KEY-----");
        assertThat(credentials.authority()).isEqualTo(controlPlane.authority.certificate());
        assertThat(credentials.metrics().key())
                .isNotEqualTo(credentials.identity().key());
        credentials
                .metrics()
                .certificate()
                .verify(controlPlane.authority.certificate().getPublicKey());
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files)
                    .hasSize(5)
                    .allSatisfy(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .isEqualTo("rw-------"));
        }
    }

    @Test
    void aJoinedNodeNeedsNeitherTokenNorControlPlane() throws Exception {
        NodeCredentials before = join("n1", controlPlane.joinToken());
        controlPlane.close();
        Joining again = new Joining(ControlPlanes.only(controlPlane.uri()), new NodeName("n1"), directory, clock);
        assertThat(again.credentials(Optional::empty)).isEqualTo(before);
    }

    @Test
    void anotherControlPlaneIsToldNothing() throws Exception {
        String token = "llj_" + "A".repeat(43) + "." + new TestAuthority().digest();
        assertThatThrownBy(() -> join("n1", token))
                .isInstanceOf(JoinException.class)
                .hasMessageContaining(controlPlane.uri() + " is not the control plane of this join token");
        assertThat(files()).isZero();
    }

    @Test
    void aSecondAgentOfTheSameNameIsToldSoOnce() throws Exception {
        controlPlane.refuse(ProblemCode.NODE_ALREADY_JOINED);
        assertThatThrownBy(() -> join("n1", controlPlane.joinToken()))
                .isInstanceOf(JoinException.class)
                .hasMessageStartingWith("node n1 cannot join: POST ")
                .hasMessageContaining("409 node-already-joined: said by the test");
        assertThat(files()).isZero();
    }

    @Test
    void aWrongTokenIsRefusedByName() {
        controlPlane.refuse(ProblemCode.JOIN_TOKEN_INVALID);
        assertThatThrownBy(() -> join("n1", controlPlane.joinToken()))
                .isInstanceOf(JoinException.class)
                .hasMessageContaining("401 join-token-invalid");
        for (String malformed : new String[] {"", "llj_x", "ll_" + "A".repeat(43) + "." + "0".repeat(64)}) {
            assertThatThrownBy(() -> join("n1", malformed))
                    .isInstanceOf(JoinException.class)
                    .hasMessageContaining("llj_SECRET.DIGEST");
        }
    }

    @Test
    void aNodeWithoutTokenSaysWhatIsNeeded() {
        Joining joining = new Joining(ControlPlanes.only(controlPlane.uri()), new NodeName("n1"), directory, clock);
        assertThatThrownBy(() -> joining.credentials(Optional::empty))
                .hasMessageContaining("landlord.agent.join-token");
    }

    @Test
    void theDirectoryOfAnotherNodeIsNotUsed() throws Exception {
        join("n1", controlPlane.joinToken());
        assertThatThrownBy(() -> join("n2", controlPlane.joinToken()))
                .isInstanceOf(JoinException.class)
                .hasMessageContaining("belongs to node n1");
    }

    @Test
    void brokenCredentialsAreNamedAndKept() throws Exception {
        join("n1", controlPlane.joinToken());
        Path file = directory.resolve("credentials.json");
        for (String broken : new String[] {
            "",
            "{",
            "{}",
            "{\"version\":9}",
            "{\"version\":1,\"node\":\"n1\",\"nodeToken\":\"ll_x\",\"scrapeTokenSha256\":\"00\"}"
        }) {
            Files.writeString(file, broken);
            assertThatThrownBy(() -> join("n1", controlPlane.joinToken()))
                    .isInstanceOf(JoinException.class)
                    .hasMessageContaining(file.toString());
            assertThat(Files.readString(file)).isEqualTo(broken);
        }
    }

    @Test
    void anExpiredCertificateMeansToJoinAnew() throws Exception {
        controlPlane.certificateLife = Duration.ofSeconds(20);
        NodeCredentials before = join("n1", controlPlane.joinToken());
        now = before.identity().notAfter().plusSeconds(10);
        assertThatThrownBy(
                        () -> new Joining(ControlPlanes.only(controlPlane.uri()), new NodeName("n1"), directory, clock)
                                .credentials(Optional::empty))
                .isInstanceOf(JoinException.class)
                .hasMessageContaining(
                        "its certificate has expired at " + before.identity().notAfter() + ", it has to join anew")
                .hasMessageContaining("join-token");
        controlPlane.certificateLife = Duration.ofHours(1);
        NodeCredentials after = join("n1", controlPlane.joinToken());
        assertThat(after.identity().isExpired(now)).isFalse();
        assertThat(after.identity().key()).isNotEqualTo(before.identity().key());
    }

    @Test
    void aKeyThatIsNotTheCertificatesIsNamed() throws Exception {
        join("n1", controlPlane.joinToken());
        Path file = directory.resolve("node.pem");
        String own = Files.readString(file);
        String others = FreshKey.make("n1").keyPem() + own.substring(own.indexOf("-----BEGIN CERTIFICATE-----"));
        Map<String, String> broken = Map.of(
                others,
                "the certificate in it is of another key",
                FreshKey.make("n1").keyPem(),
                "there is no certificate in it",
                "",
                "there is no private key in it");
        for (Map.Entry<String, String> each : broken.entrySet()) {
            Files.writeString(file, each.getKey());
            assertThatThrownBy(() -> join("n1", controlPlane.joinToken()))
                    .isInstanceOf(JoinException.class)
                    .hasMessageContaining(file + ": " + each.getValue())
                    .hasMessageContaining("Delete credentials.json");
        }
    }
}
