package dev.landlord.controlplane.workload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.controlplane.Answer;
import dev.landlord.controlplane.RunningControlPlane;
import dev.landlord.controlplane.store.Database;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a tenant may have is decided once, for all ways to get at it, and never exceeded. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class QuotaTest {
    private static final long MIB = 1 << 20;

    private RunningControlPlane running;
    private int number;
    private String tenant = "";

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        running = RunningControlPlane.start(folder);
        running.operator("PUT", "/api/v1/plans/small", plan(1000, 256 * MIB, 1000, 64 * MIB, 16_384, 128 * MIB));
        running.operator("PUT", "/api/v1/plans/large", plan(4000, 1024 * MIB, 400, 256 * MIB, 65_536, 128 * MIB));
        running.operator("PUT", "/api/v1/plans/tiny", plan(10, 4 * MIB, 1, MIB, 16, 0));
    }

    @AfterAll
    void stop() {
        running.close();
    }

    @BeforeEach
    void newTenant() throws IOException {
        tenant = "t" + number++;
        assertThat(running.operator("PUT", "/api/v1/tenants/" + tenant, "{\"plan\":\"small\"}")
                        .status())
                .isEqualTo(201);
    }

    @ParameterizedTest
    @CsvSource({
        "cpuMillis,1001,1000",
        "memoryBytes,268435457,268435456",
        "pids,1001,1000",
        "diskBytes,67108865,67108864",
        "inodes,16385,16384",
        "swapBytes,134217729,134217728"
    })
    void refusesWhatExceedsOneResourceAndNamesIt(String field, long wanted, long limit) throws IOException {
        Answer refused = put("shop", 1, resources(field, wanted));
        assertThat(refused.problem()).isEqualTo("409 quota-exceeded /resources/" + field);
        assertThat(refused.text("/errors/0/detail"))
                .isEqualTo(field + ": used 0, wanted " + wanted + " more, limit " + limit);
        assertThat(put("shop", 1, resources(field, limit)).status()).isEqualTo(201);
    }

    @Test
    void addsUpReplicasAndWorkloads() throws IOException {
        assertThat(put("a", 4, "\"cpuMillis\":100").status()).isEqualTo(201);
        assertThat(put("b", 7, "\"cpuMillis\":100").text("/detail"))
                .contains("cpuMillis: used 400, wanted 700 more, limit 1000");
        assertThat(put("b", 6, "\"cpuMillis\":100,\"memoryBytes\":4194304,\"pids\":1")
                        .problem())
                .startsWith("409 quota-exceeded");
        assertThat(put("a", 4, "\"cpuMillis\":100,\"memoryBytes\":4194304,\"pids\":1")
                        .status())
                .isEqualTo(200);
        assertThat(put("b", 6, "\"cpuMillis\":100,\"memoryBytes\":4194304,\"pids\":1")
                        .status())
                .isEqualTo(201);
        assertThat(put("c", 1, "\"cpuMillis\":10,\"memoryBytes\":4194304,\"pids\":1")
                        .problem())
                .isEqualTo("409 quota-exceeded /resources/cpuMillis");
    }

    @Test
    void countsAChangeAsItsDifference() throws IOException {
        assertThat(put("a", 1, "\"cpuMillis\":900").status()).isEqualTo(201);
        assertThat(put("a", 1, "\"cpuMillis\":1000").status()).isEqualTo(200);
        assertThat(put("a", 1, "\"cpuMillis\":1001").text("/detail")).contains("used 1000, wanted 1 more, limit 1000");
        assertThat(get("a").text("/spec/resources/cpuMillis")).isEqualTo("1000");
        assertThat(put("a", 1, "\"cpuMillis\":10").status()).isEqualTo(200);
        assertThat(put("b", 1, "\"cpuMillis\":900").status()).isEqualTo(201);
    }

    @Test
    void refusesAReplicaThatCouldNeverRunEvenIfNoneIsAskedForYet() throws IOException {
        assertThat(put("a", 0, "\"cpuMillis\":1001").text("/errors/0/detail"))
                .isEqualTo("cpuMillis: one replica wants 1001, limit 1000");
        assertThat(put("a", 0, "\"cpuMillis\":1000").status()).isEqualTo(201);
    }

    @Test
    void refusesAPlanThatNoLongerFits() throws IOException {
        put("a", 2, "\"cpuMillis\":300");
        assertThat(running.operator(
                                "PUT", "/api/v1/plans/small", plan(599, 256 * MIB, 200, 64 * MIB, 32_768, 128 * MIB))
                        .problem())
                .isEqualTo("409 quota-exceeded /cpuMillis");
        assertThat(running.operator("GET", "/api/v1/plans/small", null).text("/spec/cpuMillis"))
                .isEqualTo("1000");
        Answer tooSmall = running.operator("PUT", "/api/v1/tenants/" + tenant, "{\"plan\":\"tiny\"}");
        assertThat(tooSmall.problem()).isEqualTo("409 quota-exceeded /plan");
        assertThat(tooSmall.text("/detail")).contains("tenant " + tenant + ": cpuMillis: used 600, limit 10");
        assertThat(running.operator("GET", "/api/v1/tenants/" + tenant, null).text("/plan"))
                .isEqualTo("small");
        assertThat(running.operator("PUT", "/api/v1/tenants/" + tenant, "{\"plan\":\"large\"}")
                        .status())
                .isEqualTo(200);
        assertThat(put("a", 10, "\"cpuMillis\":400").problem())
                .isEqualTo("409 quota-exceeded /resources/memoryBytes".replace("memoryBytes", "pids"));
    }

    @Test
    void aPlanWithoutSwapSellsNoneAndKeepsWhatIsUsed() throws IOException {
        running.operator("PUT", "/api/v1/plans/dry", plan(1000, 256 * MIB, 1000, 64 * MIB, 16_384, 0));
        assertThat(put("a", 2, resources("swapBytes", 4096)).status()).isEqualTo(201);
        assertThat(running.operator("PUT", "/api/v1/tenants/" + tenant, "{\"plan\":\"dry\"}")
                        .text("/detail"))
                .contains("tenant " + tenant + ": swapBytes: used 8192, limit 0");
        assertThat(put("a", 2, resources("swapBytes", 0)).status()).isEqualTo(200);
        assertThat(get("a").json().at("/spec/resources").has("swapBytes")).isFalse();
        assertThat(running.operator("PUT", "/api/v1/tenants/" + tenant, "{\"plan\":\"dry\"}")
                        .status())
                .isEqualTo(200);
        assertThat(put("a", 1, resources("swapBytes", 1)).text("/errors/0/detail"))
                .isEqualTo("swapBytes: used 0, wanted 1 more, limit 0");
    }

    /** One that knows no swap has written to the same database: what it left alone must not be wrong for good. */
    @Test
    void countsAnewWhatAnOlderControlPlaneHasChanged() throws Exception {
        assertThat(put("a", 1, resources("swapBytes", 128 * MIB)).status()).isEqualTo(201);
        Database database = running.context().getBean(Database.class);
        database.write(writer -> writer.sql("UPDATE workload SET replicas = 3 WHERE tenant = ? AND name = 'a'")
                .params(tenant)
                .update());
        assertThat(running.operator("DELETE", path("a"), null).status()).isEqualTo(204);
        for (int i = 0; i < 1_000 && get("a").status() != 404; i++) {
            Thread.sleep(10);
        }
        assertThat(get("a").status()).isEqualTo(404);
        assertThat(put("b", 1, resources("swapBytes", 128 * MIB)).status()).isEqualTo(201);
    }

    @Test
    void refusesAPlanThatASingleReplicaOfAScaledDownWorkloadNoLongerFits() throws IOException {
        put("a", 0, "\"cpuMillis\":300");
        assertThat(running.operator("PUT", "/api/v1/tenants/" + tenant, "{\"plan\":\"tiny\"}")
                        .text("/detail"))
                .contains("cpuMillis: one replica wants 300, limit 10");
    }

    @Test
    void boundsTheNumberOfWorkloadsThatCostNothing() throws IOException {
        Database database = running.context().getBean(Database.class);
        database.write(writer -> writer.sql("UPDATE tenant SET used_workloads = ? WHERE name = ?")
                .params(Quota.WORKLOADS_PER_TENANT, tenant)
                .update());
        assertThat(put("a", 0, "\"cpuMillis\":10").text("/detail"))
                .contains("workloads: used 1000, wanted 1 more, limit 1000");
    }

    /** Each pass over the cluster reads every spec, so what they take together is bounded too. */
    @Test
    void boundsWhatTheSpecsOfATenantTakeTogether() throws IOException {
        String variable = "x".repeat(30_000);
        String env = "{\"A\":\"%1$s\",\"B\":\"%1$s\",\"C\":\"%1$s\",\"D\":\"%1$s\"}".formatted(variable);
        String body = "{\"image\":\"busybox\",\"command\":[\"true\"],\"replicas\":0,\"env\":" + env + "}";
        Answer answer = running.operator("PUT", path("w0"), body);
        int accepted = 0;
        while (answer.status() == 201 && accepted < 100) {
            accepted++;
            answer = running.operator("PUT", path("w" + accepted), body);
        }
        assertThat(accepted).isEqualTo(34);
        assertThat(answer.problem()).isEqualTo("409 quota-exceeded ");
        assertThat(answer.text("/detail")).contains("specs: used 4", "limit 4194304 characters");
        assertThat(running.operator("PUT", path("w0"), body.replace("true", "false"))
                        .status())
                .isEqualTo(200);
        assertThat(running.operator("DELETE", path("w1"), null).status()).isEqualTo(204);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"cpuMillis\":100", "\"cpuMillis\":10,\"swapBytes\":13421772"})
    void letsNoRaceExceedThePlan(String tenth) throws Exception {
        List<Future<Answer>> answers = new ArrayList<>();
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int index = 0; index < 40; index++) {
                String name = "w" + index;
                answers.add(callers.submit(() -> put(name, 1, tenth + ",\"memoryBytes\":4194304,\"pids\":1")));
            }
        }
        int accepted = 0;
        for (Future<Answer> answer : answers) {
            accepted += answer.get().status() == 201 ? 1 : 0;
        }
        assertThat(accepted).isEqualTo(10);
    }

    private Answer put(String name, int replicas, String resources) throws IOException {
        return running.operator(
                "PUT",
                path(name),
                "{\"image\":\"busybox\",\"command\":[\"true\"],\"replicas\":" + replicas + ",\"resources\":{"
                        + resources + "}}");
    }

    private Answer get(String name) throws IOException {
        return running.operator("GET", path(name), null);
    }

    private String path(String name) {
        return "/api/v1/tenants/" + tenant + "/workloads/" + name;
    }

    private static String resources(String field, long value) {
        return "\"" + field + "\":" + value;
    }

    private static String plan(long cpu, long memory, long pids, long disk, long inodes, long swap) {
        return ("{\"cpuMillis\":%d,\"memoryBytes\":%d,\"pids\":%d,\"diskBytes\":%d,\"inodes\":%d,"
                        + "\"swapBytes\":%d}")
                .formatted(cpu, memory, pids, disk, inodes, swap);
    }
}
