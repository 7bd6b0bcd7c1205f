package dev.landlord.controlplane.query;

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
class QueryApiTest {
    private final RunningControlPlane running;

    QueryApiTest(RunningControlPlane running) {
        this.running = running;
    }

    @ParameterizedTest
    @CsvSource({
        "GET,plans?limt=1,?limt",
        "GET,plans?limit=1&limit=2,?limit",
        "GET,plans?index=1&index=2,?index",
        "GET,plans?selector=a,?selector",
        "GET,plans/query?limit=1,?limit",
        "GET,plans?index=1&wait=60s&wiat=1s,?wiat",
        "GET,nodes?watch=1,?watch",
        "GET,nodes?watch=true&index=1,?index",
        "GET,events?afte=1,?afte",
        "GET,version?x,?x",
        "PUT,plans/query?dryRun=true,?dryRun",
        "DELETE,plans/query?force=true,?force",
        "DELETE,nodes/query?abandon=true&abandon=false,?abandon",
        "POST,nodes/query:cordon?index=1,?index"
    })
    void refusesWhatAPathDoesNotHave(String method, String path, String field) throws IOException {
        String body = method.equals("PUT") ? "{\"cpuMillis\":1000,\"memoryBytes\":1073741824}" : null;
        Answer answer = running.operator(method, "/api/v1/" + path, body);
        assertThat(answer.problem()).isEqualTo("422 invalid-field " + field);
    }

    @Test
    void saysWhatThereIs() throws IOException {
        assertThat(running.operator("GET", "/api/v1/plans?limt=1", null).text("/detail"))
                .isEqualTo("?limt: is not one of this path's: [cursor, index, limit, wait]");
        String longest = "x".repeat(1000);
        assertThat(running.operator("GET", "/api/v1/plans?" + longest, null).text("/errors/0/pointer"))
                .isEqualTo("?" + "x".repeat(40) + "...");
    }
}
