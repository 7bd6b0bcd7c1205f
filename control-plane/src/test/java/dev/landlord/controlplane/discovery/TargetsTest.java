package dev.landlord.controlplane.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.controlplane.Answer;
import dev.landlord.controlplane.RunningControlPlane;
import dev.landlord.controlplane.sync.Customers;
import dev.landlord.controlplane.sync.ScriptedAgent;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a Prometheus with the scrape token finds, and where it leads. */
@Timeout(60)
class TargetsTest {
    @TempDir
    Path folder;

    @Test
    void scraperFindsItsTargetsAndTheirMetrics() throws IOException {
        try (RunningControlPlane controlPlane = RunningControlPlane.start(folder)) {
            Answer before = targets(controlPlane);
            assertThat(before.header("Content-Type")).startsWith("application/json");
            assertThat(before.json()).hasSize(1);
            ScriptedAgent agent = ScriptedAgent.joined(controlPlane, "n1", "busybox");
            Answer after = targets(controlPlane);
            String own = "localhost:" + controlPlane.port("management");
            assertThat(after.body())
                    .isEqualTo("[{\"targets\":[\"" + own + "\"],\"labels\":{\"__scheme__\":\"https\","
                            + "\"__metrics_path__\":\"/actuator/prometheus\",\"role\":\"control-plane\"}},"
                            + "{\"targets\":[\"127.0.0.1:9999\"],\"labels\":{\"__scheme__\":\"https\","
                            + "\"__metrics_path__\":\"/metrics\",\"role\":\"agent\",\"node\":\"n1\"}}]");

            Customers customers = new Customers(controlPlane);
            customers.tenant("alice");
            customers.put("alice/shop", "busybox", "sleep", 1);
            agent.awaitDesired();
            String scrape = scrape(controlPlane);
            while (!scrape.contains("landlord_workload_replicas_desired{")) {
                scrape = scrape(controlPlane);
            }
            assertThat(scrape)
                    .contains("landlord_workload_replicas_desired{tenant=\"alice\",workload=\"shop\"} 1.0")
                    .contains("landlord_node_state{node=\"n1\",state=\"ready\"} 1.0")
                    .contains("landlord_reconcile_passes_total")
                    .contains("landlord_reconcile_duration_seconds_bucket");
        }
    }

    private static Answer targets(RunningControlPlane controlPlane) throws IOException {
        return controlPlane.call("public", controlPlane.scrapeToken(), "GET", "/api/v1/prometheus/targets", null);
    }

    private static String scrape(RunningControlPlane controlPlane) throws IOException {
        return controlPlane
                .call("management", controlPlane.scrapeToken(), "GET", "/actuator/prometheus", null)
                .body();
    }
}
