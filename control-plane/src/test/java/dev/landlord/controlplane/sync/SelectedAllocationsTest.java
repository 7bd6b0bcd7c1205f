package dev.landlord.controlplane.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.controlplane.Answer;
import dev.landlord.controlplane.RunningControlPlane;
import dev.landlord.controlplane.watch.EventSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Allocations are selected by the labels of their workloads. */
@Timeout(120)
class SelectedAllocationsTest {
    private static final String LIST = "/api/v1/tenants/alice/allocations";

    @TempDir
    Path folder;

    @Test
    void selectsByTheLabelsOfTheWorkload() throws IOException, InterruptedException {
        try (RunningControlPlane running = RunningControlPlane.start(folder)) {
            ScriptedAgent agent = ScriptedAgent.joined(running, "n1", "busybox");
            String token = new Customers(running).tenant("alice");
            try (EventSource source =
                    EventSource.open(running, token, LIST + "?watch=true&selector=app%3Dshop", null)) {
                source.await(told -> told.event().equals("synced"));
                put(running, "shop", "{\"app\":\"shop\"}");
                put(running, "other", "{\"app\":\"blog\"}");
                agent.obey(agent.awaitSet(set -> set.assignments().size() == 2));
                EventSource.Told runs = source.await(told -> told.event().equals("put")
                        && told.data().get("phase").asString().equals("running"));
                assertThat(runs.data().get("workload").asString()).isEqualTo("shop");
            }
            assertThat(workloads(running, "")).containsExactlyInAnyOrder("other", "shop");
            assertThat(workloads(running, "?selector=app%3Dshop")).containsExactly("shop");
            assertThat(workloads(running, "?selector=nothing")).isEmpty();
        }
    }

    private static void put(RunningControlPlane running, String name, String labels) throws IOException {
        String body = ("{\"image\":\"busybox\",\"command\":[\"sleep\"],\"labels\":%s,"
                        + "\"resources\":{\"cpuMillis\":100,\"memoryBytes\":67108864,\"pids\":10}}")
                .formatted(labels);
        assertThat(running.operator("PUT", "/api/v1/tenants/alice/workloads/" + name, body)
                        .status())
                .isEqualTo(201);
    }

    private static List<String> workloads(RunningControlPlane running, String query) throws IOException {
        Answer answer = running.operator("GET", LIST + query, null);
        return answer.json()
                .get("items")
                .valueStream()
                .map(item -> item.get("workload").asString())
                .toList();
    }
}
