package dev.landlord.controlplane.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.api.problem.ProblemCode;
import dev.landlord.controlplane.Answer;
import dev.landlord.controlplane.RunningControlPlane;
import dev.landlord.controlplane.store.Database;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FailuresTest {
    @Test
    void saysNothingOfAFaultOfOurOwnButWhereToFindIt() {
        ProblemException problem = Failures.problem(new IllegalStateException("secret of the house"));
        assertThat(problem.code()).isEqualTo(ProblemCode.INTERNAL);
        assertThat(problem).hasMessageContaining("request id").hasMessageNotContaining("secret");
    }

    @Test
    void asksToTryAgainWhenTheStoreCannot(@TempDir Path folder) throws Exception {
        try (RunningControlPlane running = RunningControlPlane.start(folder)) {
            running.operator("GET", "/api/v1/plans", null);
            running.context().getBean(Database.class).close();
            Answer read = running.operator("GET", "/api/v1/plans", null);
            assertThat(read.problem()).isEqualTo("503 unavailable -");
            assertThat(read.header("Retry-After")).isEqualTo("1");
            assertThat(running.operator("PUT", "/api/v1/plans/p", "{\"cpuMillis\":500,\"memoryBytes\":4194304}")
                            .problem())
                    .isEqualTo("503 unavailable -");
        }
    }
}
