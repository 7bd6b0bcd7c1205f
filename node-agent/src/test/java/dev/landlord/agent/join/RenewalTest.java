package dev.landlord.agent.join;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.agent.address.ControlPlanes;
import dev.landlord.agent.identity.FreshKey;
import dev.landlord.agent.identity.NodeIdentity;
import dev.landlord.agent.sync.HttpControlPlaneClient;
import dev.landlord.agent.sync.HttpsControlPlane;
import dev.landlord.agent.sync.TestAuthority;
import dev.landlord.api.id.NodeName;
import dev.landlord.api.join.RenewalRequest;
import dev.landlord.api.problem.ProblemCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a control plane over real TLS; the clock is the test's. */
class RenewalTest {
    private static final NodeName NODE = new NodeName("n1");

    private final HttpsControlPlane controlPlane = new HttpsControlPlane();
    private final List<NodeIdentity> metrics = new ArrayList<>();
    private final List<Boolean> outcomes = new ArrayList<>();
    private volatile Instant now = Instant.now();

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit fills it
    private Path directory;

    @SuppressWarnings("NullAway.Init") // before each
    private NodeIdentity first;

    @SuppressWarnings("NullAway.Init") // before each
    private HttpControlPlaneClient client;

    @SuppressWarnings("NullAway.Init") // before each
    private Renewal renewal;

    @BeforeEach
    void join() throws InterruptedException {
        NodeCredentials credentials = credentials();
        first = credentials.identity();
        client = new HttpControlPlaneClient(
                ControlPlanes.only(controlPlane.uri()), NODE, credentials.authority(), first);
        renewal = new Renewal(NODE, credentials, directory, client, metrics::add, outcomes::add, () -> now);
    }

    private NodeCredentials credentials() throws InterruptedException {
        return new Joining(ControlPlanes.only(controlPlane.uri()), NODE, directory, () -> now)
                .credentials(() -> Optional.of(controlPlane.joinToken()));
    }

    @AfterEach
    void close() {
        renewal.close();
        client.close();
        controlPlane.close();
    }

    private void atShareOfTheLife(double share) {
        Duration life = Duration.between(first.notBefore(), first.notAfter());
        now = first.notBefore().plusMillis((long) (life.toMillis() * share));
    }

    @Test
    void nothingHappensBeforeItIsTime() throws Exception {
        atShareOfTheLife(0.55);
        assertThat(renewal.step()).isBetween(1L, 60_000L);
        assertThat(outcomes).isEmpty();
        assertThat(renewal.identity()).isEqualTo(first);
    }

    @Test
    void theNextOneIsOnDiskAndShownWithAKeyOfItsOwn() throws Exception {
        atShareOfTheLife(0.7);
        renewal.step();
        NodeIdentity next = renewal.identity();
        assertThat(outcomes).containsExactly(true);
        assertThat(next.key()).isNotEqualTo(first.key());
        assertThat(credentials().identity()).as("after a restart").isEqualTo(next);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("node.pem"))))
                .isEqualTo("rw-------");
        client.renew(new RenewalRequest(FreshKey.make("n1").requestPem(), null));
        assertThat(controlPlane.shown)
                .containsExactly(
                        first.certificate().getSerialNumber(),
                        next.certificate().getSerialNumber());
    }

    @Test
    void theMetricsListenerGetsItsNextOneWithIt() throws Exception {
        NodeIdentity before = credentials().metrics();
        atShareOfTheLife(0.7);
        renewal.step();
        assertThat(metrics).hasSize(1);
        NodeIdentity next = metrics.getFirst();
        assertThat(next.key())
                .isNotEqualTo(before.key())
                .isNotEqualTo(renewal.identity().key());
        assertThat(credentials().metrics()).as("after a restart").isEqualTo(next);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("metrics.pem"))))
                .isEqualTo("rw-------");
    }

    @Test
    void aRenewedOneOfAnotherAuthorityIsNotShown() throws Exception {
        NodeIdentity before = credentials().metrics();
        FreshKey key = FreshKey.make("n1");
        String other = new TestAuthority().certify(TestAuthority.requestedKey(key.requestPem()));
        Files.writeString(directory.resolve("metrics.pem"), key.keyPem() + other);
        assertThat(credentials().metrics()).isEqualTo(before);
    }

    @Test
    void aControlPlaneOfTheVersionBeforeRenewsTheNodeAlone() throws Exception {
        NodeIdentity before = credentials().metrics();
        controlPlane.knowsNoMetrics = true;
        atShareOfTheLife(0.7);
        renewal.step();
        assertThat(outcomes).containsExactly(true);
        assertThat(metrics).isEmpty();
        assertThat(credentials().metrics()).isEqualTo(before);
    }

    @Test
    void aRefusalKeepsTheOldOneAndIsTriedAgainLaterAndLater() throws Exception {
        atShareOfTheLife(0.7);
        controlPlane.refuse(ProblemCode.UNAVAILABLE);
        long sum = 0;
        for (int i = 0; i < 20; i++) {
            long wait = renewal.step();
            // A twentieth of the hour that it lives.
            assertThat(wait).isBetween(500L, 181_000L);
            sum += wait;
        }
        assertThat(sum).isGreaterThan(600_000);
        assertThat(outcomes).hasSize(20).containsOnly(false);
        assertThat(renewal.identity()).isEqualTo(first);
        assertThat(credentials().identity()).isEqualTo(first);
        controlPlane.accept();
        renewal.step();
        assertThat(outcomes.getLast()).isTrue();
    }

    @Test
    void aFullDiskKeepsTheOldOne() throws Exception {
        atShareOfTheLife(0.7);
        // As a name that is taken by a directory, nothing can be put in its place.
        Files.createDirectories(directory.resolve("node.pem.new").resolve("x"));
        renewal.step();
        assertThat(outcomes).containsExactly(false);
        assertThat(renewal.identity()).isEqualTo(first);
        assertThat(controlPlane.shown).containsExactly(first.certificate().getSerialNumber());
    }

    @Test
    void anExpiredOneIsNotShownAnyMore() throws Exception {
        atShareOfTheLife(1.1);
        assertThat(renewal.step()).isEqualTo(60_000);
        assertThat(outcomes).containsExactly(false);
        assertThat(controlPlane.shown).isEmpty();
    }
}
