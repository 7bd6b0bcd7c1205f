package dev.landlord.controlplane.workload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.controlplane.Answer;
import dev.landlord.controlplane.RunningControlPlane;
import dev.landlord.controlplane.store.Database;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WorkloadApiTest {
    private static final String SMALLEST = "{\"image\":\"busybox\",\"command\":[\"sleep\",\"9\"]}";

    private RunningControlPlane running;
    private int number;
    private String path = "";
    private String tenant = "";

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        running = RunningControlPlane.start(folder);
        running.operator("PUT", "/api/v1/plans/small", "{\"cpuMillis\":1000,\"memoryBytes\":1073741824}");
    }

    @AfterAll
    void stop() {
        running.close();
    }

    @BeforeEach
    void newTenant() throws IOException {
        tenant = "/api/v1/tenants/t" + number++;
        path = tenant + "/workloads/shop";
        running.operator("PUT", tenant, "{\"plan\":\"small\"}");
    }

    @Test
    void fillsInWhatWasNotSaid() throws IOException {
        Answer created = running.operator("PUT", path, SMALLEST);
        assertThat(created.status()).isEqualTo(201);
        assertThat(created.json().get("spec").toString())
                .isEqualTo("{\"kind\":\"service\",\"image\":\"busybox\",\"command\":[\"sleep\",\"9\"],\"env\":{},"
                        + "\"user\":\"0\",\"workdir\":\"/\",\"init\":true,\"replicas\":1,"
                        + "\"resources\":{\"cpuMillis\":100,\"memoryBytes\":67108864,\"pids\":64,\"diskBytes\":16777216,"
                        + "\"inodes\":4096},"
                        + "\"restart\":{\"mode\":\"always\",\"initialBackoffMillis\":500,\"maxBackoffMillis\":300000},"
                        + "\"network\":\"routed\",\"ports\":[]}");
        assertThat(created.json().get("status").propertyNames())
                .containsExactly("desired", "running", "healthy", "updated", "message", "reasons");
        assertThat(created.text("/status/desired")).isEqualTo("1");
        assertThat(created.text("/specVersion")).isEqualTo("1");
        assertThat(running.operator("GET", path, null).json().get("spec"))
                .isEqualTo(created.json().get("spec"));
    }

    @Test
    void takesItsOwnAnswerBackAsTheSameSpec() throws IOException {
        String spec = running.operator("PUT", path, SMALLEST).json().get("spec").toString();
        long revision = running.context().getBean(Database.class).revision();
        Answer again = running.operator("PUT", path, spec);
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.text("/specVersion")).isEqualTo("1");
        assertThat(events("workload-changed")).isZero();
        assertThat(revision).isPositive();
    }

    @Test
    void countsTheVersionOnlyWhenAReplicaBecomesAnother() throws IOException {
        running.operator("PUT", path, SMALLEST);
        assertThat(running.operator("PUT", path, SMALLEST.replace("}", ",\"replicas\":3}"))
                        .text("/specVersion"))
                .isEqualTo("1");
        Answer changed = running.operator("PUT", path, SMALLEST.replace("\"9\"", "\"10\""));
        assertThat(changed.text("/specVersion")).isEqualTo("2");
        assertThat(changed.text("/spec/replicas")).isEqualTo("1");
        assertThat(events("workload-changed")).isEqualTo(2);
    }

    @Test
    void listsWhatATenantHasByName() throws IOException {
        running.operator("PUT", tenant + "/workloads/b", SMALLEST);
        running.operator("PUT", tenant + "/workloads/a", SMALLEST);
        Answer list = running.operator("GET", tenant + "/workloads", null);
        assertThat(list.text("/items/0/name")).isEqualTo("a");
        assertThat(list.text("/items/1/name")).isEqualTo("b");
        assertThat(list.json().get("items").size()).isEqualTo(2);
    }

    @Test
    void countsRestarts() throws IOException {
        running.operator("PUT", path, SMALLEST);
        Answer restarted = running.operator("POST", path + ":restart", null);
        assertThat(restarted.status()).isEqualTo(200);
        assertThat(restarted.text("/restartCounter")).isEqualTo("1");
        assertThat(running.operator("PUT", path, SMALLEST.replace("\"9\"", "\"10\""))
                        .text("/restartCounter"))
                .isEqualTo("1");
    }

    @Test
    void refusesChangesOfASuspendedTenantButNotItsDeletion() throws IOException {
        running.operator("PUT", path, SMALLEST);
        assertThat(running.operator("POST", tenant + ":suspend", null).text("/state"))
                .isEqualTo("suspended");
        assertThat(running.operator("PUT", path, SMALLEST).problem()).isEqualTo("409 tenant-suspended -");
        assertThat(running.operator("PUT", tenant + "/workloads/new", SMALLEST).problem())
                .isEqualTo("409 tenant-suspended -");
        assertThat(running.operator("POST", path + ":restart", null).problem()).isEqualTo("409 tenant-suspended -");
        assertThat(running.operator("GET", path, null).status()).isEqualTo(200);
        assertThat(running.operator("POST", tenant + ":resume", null).text("/state"))
                .isEqualTo("active");
        assertThat(running.operator("PUT", path, SMALLEST).status()).isEqualTo(200);
        running.operator("POST", tenant + ":suspend", null);
        assertThat(running.operator("DELETE", path, null).status()).isEqualTo(204);
    }

    private long events(String kind) throws IOException {
        return running.operator("GET", tenant + "/events?limit=1000", null)
                .json()
                .get("items")
                .valueStream()
                .filter(event -> event.get("kind").asString().equals(kind))
                .count();
    }
}
