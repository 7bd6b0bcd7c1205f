package dev.landlord.agent.sync;

import static dev.landlord.agent.sync.SyncFixtures.FACTS;
import static dev.landlord.agent.sync.SyncFixtures.desired;
import static dev.landlord.agent.sync.SyncFixtures.state;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landlord.api.id.Generation;
import dev.landlord.api.id.NodeName;
import dev.landlord.api.problem.ProblemCode;
import dev.landlord.api.sync.NodeReport;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HttpControlPlaneClientTest {
    private static final NodeName NODE = new NodeName("n1");

    private final HttpsControlPlane controlPlane = new HttpsControlPlane();

    private ControlPlaneClient client(TestAuthority trusted, String token) {
        return new HttpControlPlaneClient(controlPlane.uri(), NODE, trusted.certificate(), token);
    }

    @AfterEach
    void close() {
        controlPlane.close();
    }

    @Test
    void reportsAndAsksOverTls() throws InterruptedException {
        try (ControlPlaneClient client = client(controlPlane.authority, HttpsControlPlane.NODE_TOKEN)) {
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
        try (ControlPlaneClient client = client(controlPlane.authority, HttpsControlPlane.NODE_TOKEN)) {
            assertThatThrownBy(() -> client.report(new ReportDelta(SyncFixtures.run()).next(state(1), FACTS)))
                    .isInstanceOfSatisfying(
                            ControlPlaneException.class,
                            problem -> assertThat(problem.status()).isEqualTo(409))
                    .hasMessageContaining("POST " + controlPlane.uri() + "/node/v1/nodes/n1/report")
                    .hasMessageContaining("node-already-joined: said by the test");
        }
    }

    @Test
    void aWrongTokenIsNamed() {
        try (ControlPlaneClient client = client(controlPlane.authority, "ll_wrong")) {
            assertThatThrownBy(() -> client.awaitDesired(new Generation("db-1", 8), Duration.ofSeconds(1)))
                    .hasMessageContaining("401 unauthenticated");
        }
    }

    @Test
    void onlyThePinnedAuthorityIsTrusted() {
        try (ControlPlaneClient client = client(new TestAuthority(), HttpsControlPlane.NODE_TOKEN)) {
            assertThatThrownBy(() -> client.report(new ReportDelta(SyncFixtures.run()).next(state(1), FACTS)))
                    .isInstanceOf(ControlPlaneException.class)
                    .hasMessageContaining("SSLHandshakeException");
        }
        assertThat(controlPlane.reports).isEmpty();
    }
}
