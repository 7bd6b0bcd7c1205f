package dev.landlord.agent.sync;

import static dev.landlord.agent.sync.SyncFixtures.FACTS;
import static dev.landlord.agent.sync.SyncFixtures.desired;
import static dev.landlord.agent.sync.SyncFixtures.state;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landlord.agent.address.ControlPlanes;
import dev.landlord.agent.identity.FreshKey;
import dev.landlord.agent.identity.NodeIdentity;
import dev.landlord.api.id.Generation;
import dev.landlord.api.id.NodeName;
import dev.landlord.api.join.RenewalRequest;
import dev.landlord.api.problem.ProblemCode;
import dev.landlord.api.sync.DesiredReply;
import dev.landlord.api.sync.NodeReport;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HttpControlPlaneClientTest {
    private static final NodeName NODE = new NodeName("n1");

    private final HttpsControlPlane controlPlane = new HttpsControlPlane();

    private ControlPlaneClient client(TestAuthority trusted) {
        return new HttpControlPlaneClient(
                ControlPlanes.only(controlPlane.uri()), NODE, trusted.certificate(), controlPlane.authority.identity());
    }

    @AfterEach
    void close() {
        controlPlane.close();
    }

    @Test
    void reportsAndAsksOverTls() throws InterruptedException {
        try (ControlPlaneClient client = client(controlPlane.authority)) {
            NodeReport report = new ReportDelta(SyncFixtures.run()).next(state(3, "alloc0001"), FACTS);
            assertThat(client.report(report).acknowledged()).isEqualTo(1);
            assertThat(controlPlane.reports).containsExactly(report);
            controlPlane.desired.add(desired(9));
            assertThat(client.awaitDesired(new Generation("db-1", 8), Duration.ofSeconds(1)))
                    .contains(desired(9));
            assertThat(controlPlane.desiredQueries).containsExactly("generation=db-1:8&waitMillis=1000");
            assertThat(client.awaitDesired(new Generation("db-1", 9), Duration.ofMillis(10)))
                    .isEmpty();
        }
    }

    @Test
    void aProblemIsNamedWithTheCallAndItsCode() {
        controlPlane.refuse(ProblemCode.NODE_ALREADY_JOINED);
        try (ControlPlaneClient client = client(controlPlane.authority)) {
            assertThatThrownBy(() -> client.report(new ReportDelta(SyncFixtures.run()).next(state(1), FACTS)))
                    .isInstanceOfSatisfying(
                            ControlPlaneException.class,
                            problem -> assertThat(problem.status()).isEqualTo(409))
                    .hasMessageContaining("POST " + controlPlane.uri() + "/node/v1/nodes/n1/report")
                    .hasMessageContaining("node-already-joined: said by the test");
        }
    }

    @Test
    void aCertificateOfAnotherAuthorityIsOfNoUse() {
        try (ControlPlaneClient client = new HttpControlPlaneClient(
                ControlPlanes.only(controlPlane.uri()),
                NODE,
                controlPlane.authority.certificate(),
                new TestAuthority().identity())) {
            assertThatThrownBy(() -> client.awaitDesired(new Generation("db-1", 8), Duration.ofSeconds(1)))
                    .isInstanceOf(ControlPlaneException.class)
                    .hasMessageContaining("GET " + controlPlane.uri());
        }
        assertThat(controlPlane.shown).isEmpty();
    }

    @Test
    void theNextCertificateIsShownFromThenOnAndWhatIsUnderWayGoesOn() throws Exception {
        controlPlane.longestWait = Duration.ofSeconds(20);
        NodeIdentity first = controlPlane.authority.identity();
        try (HttpControlPlaneClient client = new HttpControlPlaneClient(
                ControlPlanes.only(controlPlane.uri()), NODE, controlPlane.authority.certificate(), first)) {
            CompletableFuture<Optional<DesiredReply>> waiting = CompletableFuture.supplyAsync(() -> {
                try {
                    return client.awaitDesired(new Generation("db-1", 8), Duration.ofSeconds(20));
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            SyncFixtures.await(() -> !controlPlane.desiredQueries.isEmpty());
            FreshKey key = FreshKey.make("n1");
            NodeIdentity next = NodeIdentity.parse(
                    key.keyPem()
                            + client.renew(new RenewalRequest(key.requestPem(), null))
                                    .certificate(),
                    controlPlane.authority.certificate());
            client.show(next);
            client.show(next);
            client.report(new ReportDelta(SyncFixtures.run()).next(state(3, "alloc0001"), FACTS));
            assertThat(controlPlane.shown)
                    .containsExactly(
                            first.certificate().getSerialNumber(),
                            next.certificate().getSerialNumber());
            controlPlane.desired.add(desired(9));
            assertThat(waiting.get(30, TimeUnit.SECONDS)).contains(desired(9));
        }
    }

    @Test
    void onlyThePinnedAuthorityIsTrusted() {
        try (ControlPlaneClient client = client(new TestAuthority())) {
            assertThatThrownBy(() -> client.report(new ReportDelta(SyncFixtures.run()).next(state(1), FACTS)))
                    .isInstanceOf(ControlPlaneException.class)
                    .hasMessageContaining("SSLHandshakeException");
        }
        assertThat(controlPlane.reports).isEmpty();
    }
}
