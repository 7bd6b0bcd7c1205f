package dev.landlord.controlplane.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.controlplane.Answer;
import dev.landlord.controlplane.RunningControlPlane;
import dev.landlord.controlplane.SharedControlPlane;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(SharedControlPlane.class)
class PageApiTest {
    private final RunningControlPlane running;

    PageApiTest(RunningControlPlane running) {
        this.running = running;
    }

    @Test
    void followsTheCursorOverAList() throws IOException {
        running.operator("PUT", "/api/v1/plans/page", "{\"cpuMillis\":1000,\"memoryBytes\":1073741824}");
        running.operator("PUT", "/api/v1/tenants/page-a", "{\"plan\":\"page\"}");
        String list = "/api/v1/tenants/page-a/workloads";
        for (String name : List.of("c", "a", "b")) {
            running.operator("PUT", list + "/" + name, "{\"image\":\"busybox\",\"command\":[\"true\"]}");
        }
        Answer first = running.operator("GET", list + "?limit=2", null);
        assertThat(first.json().get("items").values())
                .extracting(item -> item.get("name").asString())
                .containsExactly("a", "b");
        Answer last = running.operator("GET", list + "?limit=2&cursor=" + first.text("/cursor"), null);
        assertThat(last.json().get("items").values())
                .extracting(item -> item.get("name").asString())
                .containsExactly("c");
        assertThat(last.json().has("cursor")).isFalse();
        assertThat(running.operator("GET", "/api/v1/tenants?cursor=" + first.text("/cursor"), null)
                        .problem())
                .as("of another list")
                .isEqualTo("422 invalid-field ?cursor");
    }

    @ParameterizedTest
    @ValueSource(strings = {"plans", "tenants", "nodes", "tenants/page-b/workloads", "tenants/page-b/allocations"})
    void boundsEveryList(String list) throws IOException {
        running.operator("PUT", "/api/v1/plans/page", "{\"cpuMillis\":1000,\"memoryBytes\":1073741824}");
        running.operator("PUT", "/api/v1/tenants/page-b", "{\"plan\":\"page\"}");
        assertThat(running.operator("GET", "/api/v1/" + list + "?limit=0", null).problem())
                .isEqualTo("422 invalid-field ?limit");
        assertThat(running.operator("GET", "/api/v1/" + list + "?limit=1", null)
                        .json()
                        .get("items")
                        .size())
                .isLessThanOrEqualTo(1);
    }
}
