package dev.landlord.controlplane.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.controlplane.Answer;
import dev.landlord.controlplane.RunningControlPlane;
import dev.landlord.controlplane.credential.Credentials;
import dev.landlord.controlplane.credential.Identity;
import dev.landlord.controlplane.store.Database;
import dev.landlord.controlplane.sync.ScriptedAgent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RateLimitApiTest {
    /** One control plane for all: its limits are too small for other tests. */
    @Test
    void boundsWhoAsksTooMuchAndNobodyElse(@TempDir Path folder) throws IOException {
        try (RunningControlPlane running = RunningControlPlane.start(
                folder,
                "rate-limit.token-per-second=1",
                "rate-limit.failures-per-second=1",
                "rate-limit.burst-seconds=20")) {
            Credentials credentials = running.context().getBean(Credentials.class);
            Database database = running.context().getBean(Database.class);
            ScriptedAgent agent = ScriptedAgent.joined(running, "n1", "n1");
            String other = database.write(writer -> credentials.issue(writer, new Identity.Operator()));
            boundsAToken(running, other);
            boundsAnAddress(running);
            // Agents have a listener of their own.
            for (int request = 0; request < 60; request++) {
                agent.reportAll(List.of());
            }
            assertThat(running.metrics())
                    .containsPattern("landlord_controlplane_rate_limited_total\\{kind=\"requests\"} [1-9]")
                    .containsPattern("landlord_controlplane_rate_limited_total\\{kind=\"wrong-tokens\"} [1-9]")
                    .contains("landlord_controlplane_rate_limited_total{kind=\"changes\"} 0.0")
                    .containsPattern("landlord_controlplane_failed_logins_total [1-9]");
            assertThat(running.operator("GET", "/api/v1/audit?limit=1000", null).body())
                    .as("a flood is counted, not told")
                    .doesNotContain("rate-limited");
        }
    }

    private static void boundsAToken(RunningControlPlane running, String token) throws IOException {
        Answer answer = untilLimited(running, token);
        assertThat(answer.problem()).isEqualTo("429 rate-limited -");
        assertThat(answer.header("Retry-After")).isEqualTo("1");
        assertThat(running.operator("GET", "/api/v1/whoami", null).status())
                .as("another token")
                .isEqualTo(200);
    }

    private static void boundsAnAddress(RunningControlPlane running) throws IOException {
        String wrong = "ll_" + "A".repeat(43);
        Answer answer = untilLimited(running, wrong);
        assertThat(answer.problem()).isEqualTo("429 rate-limited -");
        assertThat(answer.text("/detail")).contains("wrong tokens from this address");
        assertThat(running.operator("GET", "/api/v1/whoami", null).status())
                .as("a token that is known goes on from there")
                .isEqualTo(200);
    }

    /** However slow the machine is: one a second comes back, and asking is faster. */
    private static Answer untilLimited(RunningControlPlane running, String token) throws IOException {
        Answer answer = running.call("public", token, "GET", "/api/v1/whoami", null);
        for (int request = 0; request < 2000 && answer.status() != 429; request++) {
            answer = running.call("public", token, "PUT", "/api/v1/nothing", "{}");
        }
        return answer;
    }
}
