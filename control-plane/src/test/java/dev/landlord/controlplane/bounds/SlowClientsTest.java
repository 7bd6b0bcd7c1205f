package dev.landlord.controlplane.bounds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.controlplane.Answer;
import dev.landlord.controlplane.RunningControlPlane;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Slowness is measured from begin to end: a byte now and then buys no time. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SlowClientsTest {
    private static final byte[] NOTHING = {};
    private static final byte[] LETTER = {'a'};
    /** Several times the bounds, which are 10 s for headers and 15 s for a body. */
    private static final long PATIENCE_MILLIS = 60_000;

    private static final String BEGIN_OF_A_LONG_HANDSHAKE = "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001";
    private static final String BEGIN_OF_A_HEADER = "GET /api/v1/version HTTP/1.1\r\nHost: localhost\r\nX-Slow: ";

    private static final String END = "\r\n\r\n";

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private RunningControlPlane running;
    private String alice = "";

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        running = RunningControlPlane.start(folder);
        running.operator("PUT", "/api/v1/plans/small", "{\"cpuMillis\":1000,\"memoryBytes\":1073741824}");
        alice = running.operator("PUT", "/api/v1/tenants/alice", "{\"plan\":\"small\"}")
                .text("/token");
    }

    @AfterAll
    void stop() {
        threads.close();
        running.close();
    }

    /** All at once, for each takes its time. */
    @Test
    void whoSaysNothingOrDribblesBeforeARequestIsThereIsDropped() throws Exception {
        List<Future<String>> ends = new ArrayList<>();
        for (String listener : List.of("public", "node", "management")) {
            ends.add(end(SlowClient.plain(running, listener), NOTHING));
            ends.add(end(SlowClient.plain(running, listener), LETTER, BEGIN_OF_A_LONG_HANDSHAKE));
            ends.add(end(SlowClient.tls(running, listener), NOTHING));
            ends.add(end(SlowClient.tls(running, listener), LETTER, BEGIN_OF_A_HEADER));
        }
        for (Future<String> end : ends) {
            assertThat(end.get()).doesNotContain("open still");
        }
        assertThat(running.call("public", alice, "GET", "/api/v1/version", null).status())
                .isEqualTo(200);
    }

    @Test
    void whoDribblesOrBreaksOffABodyIsToldSoAndAStrangerIsRefused() throws Exception {
        String workload = request("PUT /api/v1/tenants/alice/workloads/shop HTTP/1.1", "Content-Length: 100000");
        String authorized = workload + "Authorization: Bearer " + alice + END + "{";
        Future<String> dribbled = end(SlowClient.tls(running, "public"), LETTER, authorized);
        Future<String> brokenOff = end(SlowClient.tls(running, "public"), NOTHING, authorized);
        Future<String> stranger = end(SlowClient.tls(running, "public"), LETTER, workload + "\r\n{");
        for (Future<String> slow : List.of(dribbled, brokenOff)) {
            assertThat(slow.get())
                    .startsWith("HTTP/1.1 408")
                    .contains("application/problem+json", "\"code\":\"request-timeout\"")
                    .doesNotContain("open still");
        }
        assertThat(stranger.get()).startsWith("HTTP/1.1 401").doesNotContain("open still");
    }

    private static String request(String first, String header) {
        return String.join("\r\n", first, "Host: localhost", "Content-Type: application/json", header, "");
    }

    private Future<String> end(SlowClient client, byte[] next, String... begin) {
        return threads.submit(() -> {
            try (client) {
                for (String words : begin) {
                    client.send(words);
                }
                return client.untilTheEnd(next, PATIENCE_MILLIS);
            }
        });
    }

    @Test
    void tooLongHeadersAreRefused() throws IOException {
        try (SlowClient client = SlowClient.tls(running, "public")) {
            client.send(
                    "GET /api/v1/version HTTP/1.1\r\nHost: localhost\r\nX-Long: " + "x".repeat(20_000) + "\r\n\r\n");
            assertThat(client.untilTheEnd(NOTHING, PATIENCE_MILLIS))
                    .startsWith("HTTP/1.1 400")
                    .doesNotContain("open still", "Exception", "Tomcat");
        }
        Answer after = running.call("public", alice, "GET", "/api/v1/version", null);
        assertThat(after.status()).isEqualTo(200);
    }
}
