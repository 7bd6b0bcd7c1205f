package dev.landlord.controlplane.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.controlplane.Answer;
import dev.landlord.controlplane.RunningControlPlane;
import dev.landlord.controlplane.SharedControlPlane;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(SharedControlPlane.class)
class WatchApiTest {
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
