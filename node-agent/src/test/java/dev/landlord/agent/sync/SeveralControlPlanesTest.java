package dev.landlord.agent.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landlord.agent.address.ControlPlanes;
import dev.landlord.api.id.Generation;
import dev.landlord.api.id.NodeName;
import dev.landlord.api.problem.ProblemCode;
import dev.landlord.api.sync.NodeReport;
import dev.landlord.api.sync.ReportReply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two replicas of one authority, over real TLS. */
@Timeout(120)
class SeveralControlPlanesTest {
    private static final NodeName NODE = new NodeName("n1");
    private static final Generation NONE = new Generation("none", 0);

    private final TestAuthority authority = new TestAuthority();
    private final HttpsControlPlane one = new HttpsControlPlane(authority);
    private final HttpsControlPlane other = new HttpsControlPlane(authority);
    private final ControlPlanes both = new ControlPlanes(List.of(one.uri(), other.uri()), new Random(1));
    private final ControlPlaneClient client =
            new HttpControlPlaneClient(both, NODE, authority.certificate(), authority.identity());

    private HttpsControlPlane asked() {
        return both.current().equals(one.uri()) ? one : other;
    }

    private HttpsControlPlane notAsked() {
        return asked() == one ? other : one;
    }

    private ReportReply report(long sequence) throws InterruptedException {
        return client.report(new NodeReport(
                sequence, "r", null, true, NONE, null, List.of(), List.of(), List.of(), null, List.of()));
    }

    @AfterEach
    void close() {
        client.close();
        one.close();
        other.close();
    }

    @Test
    void whoseControlPlaneIsKilledGoesToTheOtherAndStaysThere() throws Exception {
        HttpsControlPlane first = asked();
        HttpsControlPlane second = notAsked();
        report(1);
        first.close();
        assertThatThrownBy(() -> report(2)).isInstanceOf(ControlPlaneException.class);
        for (long sequence = 3; sequence < 6; sequence++) {
            report(sequence);
        }
        assertThat(first.reports).extracting(NodeReport::sequence).containsExactly(1L);
        assertThat(second.reports).extracting(NodeReport::sequence).containsExactly(3L, 4L, 5L);
    }

    @Test
    void oneThatCannotServeIsLeftAndOneThatRefusesIsNot() throws Exception {
        HttpsControlPlane first = asked();
        first.refuse(ProblemCode.FORBIDDEN);
        assertThatThrownBy(() -> report(1)).hasMessageContaining("403");
        assertThat(asked()).isSameAs(first);
        first.refuse(ProblemCode.UNAVAILABLE);
        assertThatThrownBy(() -> report(2)).hasMessageContaining("503");
        assertThat(report(3).acknowledged()).isEqualTo(3);
        assertThat(asked()).isNotSameAs(first);
    }

    @Test
    void aCallThatWaitsAtOneThatIsCutOffIsGivenUpWithTheReport() throws Exception {
        HttpsControlPlane first = asked();
        CountDownLatch mended = new CountDownLatch(1);
        first.longestWait = Duration.ofMinutes(10);
        first.reply(report -> {
            await(mended);
            return new ReportReply(report.sequence(), 60_000, 30_000, false);
        });
        FutureTask<Boolean> waiting = new FutureTask<>(
                () -> client.awaitDesired(NONE, Duration.ofMinutes(10)).isPresent());
        Thread.ofVirtual().start(waiting);
        List<String> asking = new ArrayList<>();
        while (asking.isEmpty()) {
            asking.addAll(first.desiredQueries);
            Thread.onSpinWait();
        }
        assertThatThrownBy(() -> report(1)).isInstanceOf(ControlPlaneException.class);
        assertThatThrownBy(() -> waiting.get(60, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("another call has failed there");
        assertThat(report(2).acknowledged()).isEqualTo(2);
        mended.countDown();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
