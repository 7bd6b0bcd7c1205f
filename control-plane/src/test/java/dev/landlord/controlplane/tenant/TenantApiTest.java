package dev.landlord.controlplane.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.controlplane.Answer;
import dev.landlord.controlplane.RunningControlPlane;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TenantApiTest {
    private static final String SPEC = "{\"image\":\"busybox\",\"command\":[\"true\"]}";

    private RunningControlPlane running;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        running = RunningControlPlane.start(folder);
        running.operator("PUT", "/api/v1/plans/small", "{\"cpuMillis\":1000,\"memoryBytes\":1073741824}");
    }

    @AfterAll
    void stop() {
        running.close();
    }

    @Test
    void showsPlansAsTheyWillBeEnforced() throws IOException {
        Answer created = running.operator("PUT", "/api/v1/plans/p1", "{\"cpuMillis\":500,\"memoryBytes\":4194304}");
        assertThat(created.status()).isEqualTo(201);
        assertThat(created.body())
                .isEqualTo("{\"name\":\"p1\",\"spec\":{\"cpuMillis\":500,\"cpuWeight\":100,\"memoryBytes\":4194304,"
                        + "\"pids\":1024,\"diskBytes\":1048576,\"inodes\":256,\"priority\":50,"
                        + "\"trustClass\":\"standard\"}}");
        assertThat(running.operator("GET", "/api/v1/plans/p1", null).body()).isEqualTo(created.body());
        String io = "{\"cpuMillis\":500,\"memoryBytes\":4194304,\"io\":{\"readBytesPerSecond\":1048576}}";
        Answer limited = running.operator("PUT", "/api/v1/plans/p1", io);
        assertThat(limited.text("/spec/io/readBytesPerSecond")).isEqualTo("1048576");
        assertThat(limited.text("/spec/io/bufferedWrites")).isEqualTo("true");
        String direct = io.replace("1048576", "2097152,\"writeOpsPerSecond\":100,\"bufferedWrites\":false");
        Answer narrower = running.operator("PUT", "/api/v1/plans/p1", direct);
        assertThat(narrower.text("/spec/io/bufferedWrites")).isEqualTo("false");
        assertThat(running.operator("GET", "/api/v1/plans/p1", null).body()).isEqualTo(narrower.body());
        running.operator("PUT", "/api/v1/plans/p1", io);
        assertThat(running.operator("GET", "/api/v1/plans/p1", null).body()).isEqualTo(limited.body());
        String shared = "{\"cpuMillis\":500,\"memoryBytes\":4194304,\"ioWeight\":700,\"cpuBurstPercent\":50}";
        Answer sharing = running.operator("PUT", "/api/v1/plans/p1", shared);
        assertThat(sharing.body())
                .contains("\"ioWeight\":700,\"cpuBurstPercent\":50}")
                .doesNotContain("\"io\":");
        assertThat(running.operator("GET", "/api/v1/plans/p1", null).body()).isEqualTo(sharing.body());
        running.operator("PUT", "/api/v1/plans/p1", "{\"cpuMillis\":500,\"memoryBytes\":4194304}");
        assertThat(running.operator("GET", "/api/v1/plans/p1", null).body())
                .as("like every field it is gone when it is left out")
                .isEqualTo(created.body());
        assertThat(running.operator("PUT", "/api/v1/plans/p1", "{\"cpuMillis\":600,\"memoryBytes\":4194304}")
                        .status())
                .isEqualTo(200);
        assertThat(running.operator("GET", "/api/v1/plans", null).body())
                .contains("\"name\":\"p1\"", "\"cpuMillis\":600");
        assertThat(running.operator("DELETE", "/api/v1/plans/p1", null).status())
                .isEqualTo(204);
        assertThat(running.operator("GET", "/api/v1/plans/p1", null).status()).isEqualTo(404);
    }

    @Test
    void keepsAPlanThatATenantHas() throws IOException {
        running.operator("PUT", "/api/v1/plans/held", "{\"cpuMillis\":500,\"memoryBytes\":4194304}");
        running.operator("PUT", "/api/v1/tenants/holder", "{\"plan\":\"held\"}");
        assertThat(running.operator("DELETE", "/api/v1/plans/held", null).problem())
                .isEqualTo("409 in-use -");
        running.operator("PUT", "/api/v1/tenants/holder", "{\"plan\":\"small\"}");
        assertThat(running.operator("DELETE", "/api/v1/plans/held", null).status())
                .isEqualTo(204);
    }

    @Test
    void showsATokenOnceAndOnlyAtCreation() throws IOException {
        Answer created = running.operator("PUT", "/api/v1/tenants/once", "{\"plan\":\"small\"}");
        assertThat(created.status()).isEqualTo(201);
        assertThat(created.text("/token")).matches("ll_[A-Za-z0-9_-]{43}");
        Answer again = running.operator("PUT", "/api/v1/tenants/once", "{\"plan\":\"small\"}");
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.json().has("token")).isFalse();
        assertThat(running.operator("GET", "/api/v1/tenants/once", null).json().has("token"))
                .isFalse();
        assertThat(running.operator("GET", "/api/v1/tenants", null).body()).doesNotContain("ll_");
        assertThat(running.operator("GET", "/api/v1/events?limit=1000", null).body())
                .doesNotContain("ll_");
    }

    @Test
    void voidsTheOldTokenAtOnceWhenItRotates() throws IOException {
        String old = running.operator("PUT", "/api/v1/tenants/turn", "{\"plan\":\"small\"}")
                .text("/token");
        assertThat(running.call("public", old, "GET", "/api/v1/whoami", null).status())
                .isEqualTo(200);
        String fresh = running.operator("POST", "/api/v1/tenants/turn:rotate-token", null)
                .text("/token");
        assertThat(running.call("public", old, "GET", "/api/v1/whoami", null).problem())
                .isEqualTo("401 unauthenticated -");
        assertThat(running.call("public", fresh, "GET", "/api/v1/whoami", null).status())
                .isEqualTo(200);
    }

    @Test
    void deletesATenantOnlyWhenItHasNothing() throws IOException {
        String token = running.operator("PUT", "/api/v1/tenants/gone", "{\"plan\":\"small\"}")
                .text("/token");
        running.operator("PUT", "/api/v1/tenants/gone/workloads/shop", SPEC);
        assertThat(running.operator("DELETE", "/api/v1/tenants/gone", null).problem())
                .isEqualTo("409 in-use -");
        assertThat(running.call("public", token, "GET", "/api/v1/whoami", null).status())
                .isEqualTo(200);
        running.operator("PUT", "/api/v1/tenants/empty", "{\"plan\":\"small\"}");
        String other = running.operator("POST", "/api/v1/tenants/empty:rotate-token", null)
                .text("/token");
        assertThat(running.operator("DELETE", "/api/v1/tenants/empty", null).status())
                .isEqualTo(204);
        assertThat(running.call("public", other, "GET", "/api/v1/whoami", null).status())
                .isEqualTo(401);
        assertThat(running.operator("GET", "/api/v1/tenants/empty", null).status())
                .isEqualTo(404);
    }

    @Test
    void avoidsWhomTheOperatorNames() throws IOException {
        String token = running.operator("PUT", "/api/v1/tenants/shy", "{\"plan\":\"small\"}")
                .text("/token");
        running.operator("PUT", "/api/v1/tenants/loud", "{\"plan\":\"small\"}");
        String avoiding = "{\"plan\":\"small\",\"avoids\":[\"loud\"]}";
        assertThat(running.operator("PUT", "/api/v1/tenants/shy", avoiding).body())
                .contains("\"avoids\":[\"loud\"]");
        assertThat(running.operator("GET", "/api/v1/tenants/shy", null).body()).contains("\"avoids\":[\"loud\"]");
        assertThat(running.call("public", token, "GET", "/api/v1/tenants/shy", null)
                        .body())
                .as("a tenant does not learn of others")
                .doesNotContain("loud")
                .doesNotContain("avoids");
        assertThat(running.operator("GET", "/api/v1/tenants", null).body()).contains("\"avoids\":[\"loud\"]");
        assertThat(running.operator("DELETE", "/api/v1/tenants/loud", null).status())
                .isEqualTo(204);
        assertThat(running.operator("GET", "/api/v1/tenants/shy", null).body()).contains("\"avoids\":[]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[\"nobody\"] | 422 invalid-field /avoids/0",
                "[\"self\"] | 422 invalid-field /avoids/0",
                "[\"peer\",\"peer\"] | 422 invalid-field /avoids/1",
                "[\"peer\",\"No Name\"] | 422 invalid-field /avoids/1",
                "\"peer\" | 422 invalid-field /avoids",
                "[1] | 422 invalid-field /avoids/0"
            })
    void refusesToAvoidWhoIsNotThere(String avoids, String problem) throws IOException {
        running.operator("PUT", "/api/v1/tenants/peer", "{\"plan\":\"small\"}");
        String body = "{\"plan\":\"small\",\"avoids\":" + avoids + "}";
        assertThat(running.operator("PUT", "/api/v1/tenants/self", body).problem())
                .isEqualTo(problem);
        assertThat(running.operator("GET", "/api/v1/tenants/self", null).status())
                .as("nothing is half done")
                .isEqualTo(404);
    }

    @Test
    void suspendsOnceHoweverOftenItIsAsked() throws IOException {
        running.operator("PUT", "/api/v1/tenants/sus", "{\"plan\":\"small\"}");
        running.operator("POST", "/api/v1/tenants/sus:suspend", null);
        Answer twice = running.operator("POST", "/api/v1/tenants/sus:suspend", null);
        assertThat(twice.text("/state")).isEqualTo("suspended");
        String events =
                running.operator("GET", "/api/v1/tenants/sus/events", null).body();
        assertThat(events.split("tenant-suspended", -1)).hasSize(2);
    }
}
