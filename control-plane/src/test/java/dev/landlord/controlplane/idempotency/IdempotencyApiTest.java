package dev.landlord.controlplane.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.controlplane.Answer;
import dev.landlord.controlplane.RunningControlPlane;
import dev.landlord.controlplane.SharedControlPlane;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedControlPlane.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IdempotencyApiTest {
    private static final String TENANT = "/api/v1/tenants/idem-alice";
    private static final String TOKENS = TENANT + "/tokens";

    private final RunningControlPlane running;
    private String alice = "";

    IdempotencyApiTest(RunningControlPlane running) {
        this.running = running;
    }

    @BeforeAll
    void makeATenant() throws IOException {
        running.operator("PUT", "/api/v1/plans/idem", "{\"cpuMillis\":1000,\"memoryBytes\":1073741824}");
        alice = running.operator("PUT", TENANT, "{\"plan\":\"idem\"}").text("/token");
    }

    @Test
    void doesOnceWhatIsAskedForTwiceWithOneKey() throws IOException {
        String shop = workload("once");
        Answer first = post(alice, shop + ":restart", "k1", "");
        Answer again = post(alice, shop + ":restart", "k1", "");
        assertThat(first.text("/restartCounter")).isEqualTo("1");
        assertThat(first.header("Idempotency-Replayed")).isEmpty();
        assertThat(again.status()).isEqualTo(first.status());
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(counter(shop)).isEqualTo("1");
        assertThat(post(alice, shop + ":restart", "k2", "").text("/restartCounter"))
                .as("another key")
                .isEqualTo("2");
        assertThat(post(running.operatorToken(), shop + ":restart", "k2", "").text("/restartCounter"))
                .as("another caller's")
                .isEqualTo("3");
        String told = running.operator("GET", "/api/v1/audit?limit=1000&tenant=idem-alice", null)
                .body();
        assertThat(told.split("once:restart", -1)).as("three were done").hasSize(4);
    }

    @Test
    void refusesAKeyOfAnotherRequest() throws IOException {
        post(alice, TOKENS, "k3", "{\"name\":\"a\"}");
        assertThat(post(alice, TOKENS, "k3", "{\"name\":\"b\"}").problem())
                .isEqualTo("422 invalid-field Idempotency-Key");
        assertThat(post(alice, workload("other") + ":restart", "k3", "").problem())
                .isEqualTo("422 invalid-field Idempotency-Key");
    }

    @Test
    void keepsNoSecretForTheSecondAnswer() throws IOException {
        assertThat(post(alice, TOKENS, "k4", "{\"name\":\"secret\"}").status()).isEqualTo(201);
        Answer again = post(alice, TOKENS, "k4", "{\"name\":\"secret\"}");
        assertThat(again.problem()).isEqualTo("409 conflict -");
        assertThat(again.text("/detail")).contains("was done already");
        String list = running.call("public", alice, "GET", TOKENS, null).body();
        assertThat(list.split("\"secret\"", -1)).as("one was made").hasSize(2);
    }

    @Test
    void takesTheKeyOfWhatWasRefusedAgain() throws IOException {
        String shop = TENANT + "/workloads/later";
        assertThat(post(alice, shop + ":restart", "k5", "").status()).isEqualTo(404);
        workload("later");
        assertThat(post(alice, shop + ":restart", "k5", "").text("/restartCounter"))
                .isEqualTo("1");
    }

    @Test
    void doesOnceWhatManyAskForAtOnceWithOneKey() throws Exception {
        String shop = workload("many");
        Callable<Integer> restart =
                () -> post(alice, shop + ":restart", "k6", "").status();
        List<Integer> statuses = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Integer> answer :
                    threads.invokeAll(Stream.generate(() -> restart).limit(8).toList())) {
                statuses.add(answer.get());
            }
        }
        assertThat(statuses).contains(200).isSubsetOf(200, 409);
        assertThat(counter(shop)).isEqualTo("1");
    }

    @Test
    void refusesWhatIsNoKey() throws IOException {
        String shop = workload("bad");
        assertThat(post(alice, shop + ":restart", "a b", "").problem()).isEqualTo("422 invalid-field Idempotency-Key");
        assertThat(post(alice, shop + ":restart", "x".repeat(256), "").problem())
                .isEqualTo("422 invalid-field Idempotency-Key");
        assertThat(counter(shop)).isEqualTo("0");
    }

    private String workload(String name) throws IOException {
        String path = TENANT + "/workloads/" + name;
        running.operator("PUT", path, "{\"image\":\"busybox\",\"command\":[\"true\"]}");
        return path;
    }

    private String counter(String workload) throws IOException {
        return running.operator("GET", workload, null).text("/restartCounter");
    }

    private Answer post(String token, String path, String key, String body) throws IOException {
        return running.send(running.request("public", token, path)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", key)
                .build());
    }
}
