package dev.landlord.controlplane.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.controlplane.Answer;
import dev.landlord.controlplane.RunningControlPlane;
import dev.landlord.controlplane.SharedControlPlane;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(SharedControlPlane.class)
class WatchApiTest {
    private static final int WATCHES_OF_ONE = Watchers.EACH_MAX;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final RunningControlPlane running;

    WatchApiTest(RunningControlPlane running) {
        this.running = running;
    }

    /** Other tests do not run at the same time, and the control plane has no node whose reports would change anything. */
    @Test
    void answersWithTheIndexOfANewerState() throws IOException {
        Answer first = running.operator("GET", "/api/v1/plans", null);
        long index = Long.parseLong(first.header("X-Landlord-Index"));
        running.operator("PUT", "/api/v1/plans/watch", "{\"cpuMillis\":1000,\"memoryBytes\":1073741824}");
        Answer changed = running.operator("GET", "/api/v1/plans?index=" + index + "&wait=60s", null);
        assertThat(Long.parseLong(changed.header("X-Landlord-Index"))).isGreaterThan(index);
        assertThat(changed.body()).contains("\"watch\"");
        running.operator("DELETE", "/api/v1/plans/watch", null);
    }

    @Test
    void answersWhenTheTimeIsOverAndForAnIndexOfAnotherLifeAtOnce() throws IOException {
        String index = running.operator("GET", "/api/v1/plans", null).header("X-Landlord-Index");
        assertThat(running.operator("GET", "/api/v1/plans?wait=20ms&index=" + index, null)
                        .status())
                .isEqualTo(200);
        assertThat(running.operator("GET", "/api/v1/plans?wait=60s&index=999999999999", null)
                        .status())
                .isEqualTo(200);
    }

    @Test
    void watchesOfOneCallerAreBoundedAndOthersAreServed() throws Exception {
        String index = running.operator("GET", "/api/v1/plans", null).header("X-Landlord-Index");
        // Nothing changes: each would wait for its minute.
        List<CompletableFuture<HttpResponse<String>>> watches = new ArrayList<>();
        for (int i = 0; i < 2 * WATCHES_OF_ONE; i++) {
            HttpRequest watch = running.request(
                            "public", running.operatorToken(), "/api/v1/plans?wait=60s&index=" + index)
                    .build();
            watches.add(running.client().sendAsync(watch, HttpResponse.BodyHandlers.ofString()));
        }
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (refused(watches) < WATCHES_OF_ONE) {
            assertThat(System.nanoTime()).as("refused: " + refused(watches)).isLessThan(until);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
        assertThat(running.call("node", null, "GET", "/node/v1/ca", null).status())
                .isEqualTo(200);
        Answer change =
                running.operator("PUT", "/api/v1/plans/watch-end", "{\"cpuMillis\":1000,\"memoryBytes\":1073741824}");
        assertThat(change.status()).isEqualTo(201);
        int told = 0;
        for (CompletableFuture<HttpResponse<String>> watch : watches) {
            told += watch.get(60, TimeUnit.SECONDS).statusCode() == 200 ? 1 : 0;
        }
        assertThat(told).isEqualTo(WATCHES_OF_ONE);
        running.operator("DELETE", "/api/v1/plans/watch-end", null);
    }

    private static long refused(List<CompletableFuture<HttpResponse<String>>> watches) {
        return watches.stream()
                .filter(CompletableFuture::isDone)
                .filter(watch -> watch.join().statusCode() == 429)
                .count();
    }

    @ParameterizedTest
    @CsvSource({
        "?wait=1s,?wait",
        "?index=1&wait=61s,?wait",
        "?index=1&wait=1,?wait",
        "?index=1&wait=-1s,?wait",
        "?index=-1,?index",
        "?index=x,?index",
        "?index=9999999999999999999,?index"
    })
    void refusesWhatItCannotWaitFor(String query, String field) throws IOException {
        assertThat(running.operator("GET", "/api/v1/plans" + query, null).problem())
                .isEqualTo("422 invalid-field " + field);
    }
}
