package dev.landlord.controlplane.revision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.controlplane.Answer;
import dev.landlord.controlplane.RunningControlPlane;
import dev.landlord.controlplane.SharedControlPlane;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(SharedControlPlane.class)
class ConditionalRequestsTest {
    private static final String PLAN = "/api/v1/plans/cond-p";
    private static final String TENANT = "/api/v1/tenants/cond-t";
    private static final String WORKLOAD = TENANT + "/workloads/shop";

    private final RunningControlPlane running;

    ConditionalRequestsTest(RunningControlPlane running) {
        this.running = running;
    }

    @BeforeEach
    void makeOneOfEach() throws IOException {
        running.operator("PUT", PLAN, body(PLAN, 1000));
        running.operator("PUT", "/api/v1/plans/cond-q", body(PLAN, 1000));
        running.operator("PUT", TENANT, body(TENANT, 1));
        running.operator("PUT", WORKLOAD, body(WORKLOAD, 1));
    }

    @ParameterizedTest
    @CsvSource({PLAN + ",1001", TENANT + ",2", WORKLOAD + ",2"})
    void changesOnlyTheStateThatIsMeant(String path, int other) throws IOException {
        String first = running.operator("GET", path, null).header("ETag");
        assertThat(first).matches("\"db-[0-9a-f]{16}\\.\\d+(\\.[0-9a-f]{8})?\"");
        Answer changed = send("PUT", path, body(path, other), "If-Match", first);
        assertThat(changed.status()).as(changed.body()).isEqualTo(200);
        String second = changed.header("ETag");
        assertThat(second).isNotEqualTo(first);
        Answer late = send("PUT", path, body(path, other + 1), "If-Match", first);
        assertThat(late.problem()).isEqualTo("412 precondition-failed If-Match");
        assertThat(late.text("/detail")).contains(row(second));
        assertThat(send("DELETE", path, null, "If-Match", first).problem())
                .isEqualTo("412 precondition-failed If-Match");
        assertThat(running.operator("GET", path, null).header("ETag"))
                .as("nothing was changed")
                .startsWith(row(second));
        assertThat(send("PUT", path, body(path, other), "If-Match", second).header("ETag"))
                .as("the same once more is no change")
                .startsWith(row(second));
    }

    @ParameterizedTest
    @ValueSource(strings = {PLAN, TENANT, WORKLOAD})
    void createsOnlyWhatIsNotThere(String path) throws IOException {
        assertThat(send("PUT", path, body(path, 1), "If-None-Match", "*").problem())
                .isEqualTo("412 precondition-failed If-None-Match");
        assertThat(send("PUT", path + "-new", body(path, 1), "If-Match", "*").problem())
                .isEqualTo("412 precondition-failed If-Match");
        assertThat(running.operator("GET", path + "-new", null).status()).isEqualTo(404);
        Answer created = send("PUT", path + "-new", body(path, 1), "If-None-Match", "*");
        assertThat(created.status()).as(created.body()).isEqualTo(201);
        assertThat(send("DELETE", path + "-new", null, "If-Match", created.header("ETag"))
                        .status())
                .isEqualTo(204);
    }

    @ParameterizedTest
    @CsvSource({PLAN + ",1001", TENANT + ",2", WORKLOAD + ",2"})
    void sendsOnlyWhatTheCallerDoesNotHave(String path, int other) throws IOException {
        Answer same = secondRead(path);
        String tag = same.header("ETag");
        assertThat(same.status()).isEqualTo(304);
        assertThat(same.body()).isEmpty();
        running.operator("PUT", path, body(path, other));
        Answer newer = send("GET", path, null, "If-None-Match", tag);
        assertThat(newer.status()).isEqualTo(200);
        assertThat(newer.header("ETag")).isNotEqualTo(tag);
    }

    /** Its view has the names of those whom it avoids. */
    @Test
    void countsAsAChangeThatSomebodyAvoidedIsGone() throws IOException {
        running.operator("PUT", "/api/v1/tenants/cond-loud", "{\"plan\":\"cond-p\"}");
        Answer avoiding = running.operator("PUT", TENANT, "{\"plan\":\"cond-p\",\"avoids\":[\"cond-loud\"]}");
        running.operator("DELETE", "/api/v1/tenants/cond-loud", null);
        assertThat(running.operator("GET", TENANT, null).header("ETag")).isNotEqualTo(avoiding.header("ETag"));
    }

    @Test
    void refusesAConditionWhereNobodyLooksAtIt() throws IOException {
        assertThat(send("POST", TENANT + ":suspend", null, "If-Match", "*").problem())
                .isEqualTo("422 invalid-field If-Match");
        assertThat(running.operator("GET", TENANT, null).text("/state")).isEqualTo("active");
        assertThat(send("PUT", PLAN, body(PLAN, 1000), "If-Match", "nonsense").problem())
                .isEqualTo("422 invalid-field If-Match");
    }

    /** Of two who read the same and both write, one wins. */
    @Test
    void letsOneOfManyChangeTheSameState() throws Exception {
        String tag = running.operator("GET", WORKLOAD, null).header("ETag");
        List<Callable<Integer>> writes = IntStream.range(2, 10)
                .mapToObj(number ->
                        (Callable<Integer>) () -> send("PUT", WORKLOAD, body(WORKLOAD, number), "If-Match", tag)
                                .status())
                .toList();
        List<Integer> statuses = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Integer> write : threads.invokeAll(writes)) {
                statuses.add(write.get());
            }
        }
        assertThat(statuses).hasSize(8).containsOnlyOnce(200).contains(412).containsOnly(200, 412);
    }

    /** What became of a workload may change between two reads, but not for long. */
    private Answer secondRead(String path) throws IOException {
        long untilNanos = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        Answer second;
        do {
            String tag = running.operator("GET", path, null).header("ETag");
            second = send("GET", path, null, "If-None-Match", tag);
        } while (second.status() != 304 && System.nanoTime() < untilNanos);
        return second;
    }

    private static String body(String path, int number) {
        return switch (path) {
            case PLAN -> "{\"cpuMillis\":" + Math.max(1000, number) + ",\"memoryBytes\":1073741824}";
            case TENANT -> "{\"plan\":\"cond-" + (number % 2 == 0 ? "q" : "p") + "\"}";
            default -> "{\"image\":\"busybox\",\"command\":[\"sleep\",\"" + number + "\"]}";
        };
    }

    private static String row(String tag) {
        return tag.replaceFirst("(\"[^.]*\\.\\d+).*", "$1");
    }

    private Answer send(String method, String path, @Nullable String body, String header, String value)
            throws IOException {
        return running.send(running.request("public", running.operatorToken(), path)
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body))
                .header("Content-Type", "application/json")
                .header(header, value)
                .build());
    }
}
