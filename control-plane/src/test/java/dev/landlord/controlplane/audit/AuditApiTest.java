package dev.landlord.controlplane.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.controlplane.Answer;
import dev.landlord.controlplane.RunningControlPlane;
import dev.landlord.controlplane.SharedControlPlane;
import dev.landlord.controlplane.sync.ScriptedAgent;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@ExtendWith(SharedControlPlane.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AuditApiTest {
    private static final String TENANT = "/api/v1/tenants/told-alice";
    private static final String SHOP = TENANT + "/workloads/shop";
    private static final String SPEC =
            "{\"image\":\"busybox\",\"command\":[\"sleep\",\"9\"],\"env\":{\"PASSWORD\":\"geheim\"}}";

    private final RunningControlPlane running;
    private String alice = "";
    private long since;

    AuditApiTest(RunningControlPlane running) {
        this.running = running;
    }

    @BeforeAll
    void makeTenants() throws IOException {
        List<JsonNode> newest = lines(running.operatorToken(), "?limit=1");
        since = newest.isEmpty() ? 0 : newest.getFirst().get("id").asLong();
        running.operator("PUT", "/api/v1/plans/told", "{\"cpuMillis\":1000,\"memoryBytes\":1073741824}");
        alice = running.operator("PUT", TENANT, "{\"plan\":\"told\"}").text("/token");
        running.operator("PUT", "/api/v1/tenants/told-bob", "{\"plan\":\"told\"}");
    }

    @Test
    void tellsWhoChangedWhatFromWhatToWhat() throws IOException {
        send("told-1", "PUT", SHOP, SPEC);
        send("told-2", "PUT", SHOP, SPEC.replace("\"9\"", "\"10\""));
        JsonNode made = line("told-1");
        assertThat(made.at("/actor/kind").asString()).isEqualTo("tenant");
        assertThat(made.at("/actor/name").asString()).isEqualTo("told-alice");
        assertThat(made.at("/actor/token").asString()).matches("[0-9a-f]{16}");
        assertThat(made.get("tenant").asString()).isEqualTo("told-alice");
        assertThat(made.get("method").asString() + " " + made.get("resource").asString())
                .isEqualTo("PUT " + SHOP);
        assertThat(made.get("outcome").asString()).isEqualTo("accepted");
        assertThat(made.has("before")).isFalse();
        JsonNode changed = line("told-2");
        assertThat(changed.get("before")).isEqualTo(made.get("after"));
        assertThat(changed.at("/before/spec/command/1").asString()).isEqualTo("9");
        assertThat(changed.at("/after/spec/command/1").asString()).isEqualTo("10");
        assertThat(changed.at("/after/spec/env").propertyNames()).containsExactly("PASSWORD");
    }

    @Test
    void tellsWhatAnOperatorDoesWithANode() throws IOException {
        String node = "/api/v1/nodes/told-node";
        String token = asOperator("told-20", "POST", node + ":join-token").text("/token");
        assertThat(line("told-20").has("before")).isFalse();
        assertThat(line("told-20").at("/after/joinTokenExpiresAt").asLong()).isPositive();
        ScriptedAgent.joined(running, "told-node", "told");
        asOperator("told-21", "POST", node + ":cordon");
        assertThat(line("told-21").at("/before/duty").asString()).isEqualTo("OPEN");
        assertThat(line("told-21").at("/after/duty").asString()).isEqualTo("CORDONED");
        asOperator("told-22", "POST", node + ":drain");
        assertThat(line("told-22").at("/after/duty").asString()).isEqualTo("DRAINING");
        asOperator("told-23", "POST", node + ":uncordon");
        assertThat(line("told-23").get("before")).isEqualTo(line("told-22").get("after"));
        assertThat(line("told-23").at("/after/duty").asString()).isEqualTo("OPEN");
        asOperator("told-24", "POST", node + ":revoke");
        assertThat(line("told-24").at("/before/certificateExpiresAt").asLong()).isPositive();
        assertThat(line("told-24").at("/after").has("certificateExpiresAt")).isFalse();
        asOperator("told-25", "DELETE", node);
        assertThat(line("told-25").at("/before/name").asString()).isEqualTo("told-node");
        assertThat(line("told-25").has("after")).isFalse();
        assertThat(all()).doesNotContain(token, "llj_");
    }

    private Answer asOperator(String requestId, String method, String path) throws IOException {
        Answer answer = running.send(running.request("public", running.operatorToken(), path)
                .method(method, HttpRequest.BodyPublishers.noBody())
                .header("X-Request-Id", requestId)
                .build());
        assertThat(answer.status()).as(answer.body()).isBetween(200, 204);
        return answer;
    }

    @Test
    void saysNothingOfARequestThatChangesNothing() throws IOException {
        send("told-3", "PUT", TENANT + "/workloads/same", SPEC);
        send("told-4", "PUT", TENANT + "/workloads/same", SPEC);
        send("told-5", "GET", TENANT + "/workloads/same", null);
        assertThat(all()).doesNotContain("told-4", "told-5");
    }

    @Test
    void tellsWhatWasRefusedByARuleOrForLackOfARight() throws IOException {
        send("told-6", "PUT", SHOP, "{\"image\":\"busybox\"}");
        send("told-7", "POST", TENANT + ":suspend", null);
        send("told-8", "PUT", "/api/v1/tenants/told-bob/workloads/shop", SPEC);
        send("told-9", "DELETE", TENANT + "/workloads/none", null);
        assertThat(line("told-6").get("outcome").asString()).isEqualTo("invalid-field");
        assertThat(line("told-6").get("detail").asString()).isEqualTo("command: is required");
        assertThat(line("told-7").get("outcome").asString()).isEqualTo("forbidden");
        assertThat(line("told-8").get("outcome").asString()).isEqualTo("not-found");
        assertThat(line("told-8").get("tenant").asString())
                .as("whose doing it is")
                .isEqualTo("told-alice");
        assertThat(line("told-9").get("outcome").asString()).isEqualTo("not-found");
    }

    @Test
    void showsATenantOnlyWhatIsItsOwn() throws IOException {
        running.operator("PUT", "/api/v1/tenants/told-bob/workloads/shop", SPEC);
        running.operator("PUT", TENANT + "/workloads/gift", SPEC);
        List<JsonNode> own = lines(alice, "?limit=1000");
        assertThat(own)
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line.get("tenant").asString()).isEqualTo("told-alice"));
        assertThat(own).extracting(line -> line.get("resource").asString()).contains(TENANT + "/workloads/gift");
        assertThat(running.call("public", alice, "GET", "/api/v1/audit?tenant=told-bob", null)
                        .problem())
                .isEqualTo("404 not-found -");
    }

    @Test
    void holdsNoSecret() throws IOException {
        send("told-10", "PUT", TENANT + "/workloads/secret", SPEC);
        running.operator("PUT", "/api/v1/tenants/told-carol", "{\"plan\":\"told\"}");
        running.operator("POST", "/api/v1/tenants/told-carol:rotate-token", null);
        assertThat(all()).contains("rotate-token").doesNotContain("geheim", "ll_", alice);
    }

    @Test
    void keepsAnIdOfTheCallerOnlyIfItIsOne() throws IOException {
        assertThat(send("told.11_x-Y", "PUT", SHOP, "[]").text("/requestId")).isEqualTo("told.11_x-Y");
        Answer other = send("a b", "PUT", SHOP, "[]");
        assertThat(other.text("/requestId")).matches("[0-9a-f-]{36}").isEqualTo(other.header("X-Request-Id"));
        assertThat(line(other.text("/requestId")).get("outcome").asString()).isEqualTo("malformed-body");
    }

    @ParameterizedTest
    @ValueSource(strings = {"?limit=0", "?limit=1001", "?after=-1", "?tenant=No"})
    void refusesABadQuestion(String query) throws IOException {
        assertThat(running.operator("GET", "/api/v1/audit" + query, null).problem())
                .startsWith("422 invalid-field ?" + query.substring(1, query.indexOf('=')));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "POST", "DELETE"})
    void hasNoWayToChangeAnEntry(String method) throws IOException {
        assertThat(running.operator(method, "/api/v1/audit", "{}").problem()).isEqualTo("405 method-not-allowed -");
    }

    private JsonNode line(String requestId) throws IOException {
        return lines(running.operatorToken(), "?limit=1000&after=" + since).stream()
                .filter(line -> line.get("requestId").asString().equals(requestId))
                .reduce((one, other) -> {
                    throw new AssertionError(one + " and " + other);
                })
                .orElseThrow();
    }

    private String all() throws IOException {
        return running.operator("GET", "/api/v1/audit?limit=1000&after=" + since, null)
                .body();
    }

    private List<JsonNode> lines(String token, String query) throws IOException {
        JsonMapper mapper = JsonMapper.shared();
        return running.call("public", token, "GET", "/api/v1/audit" + query, null)
                .body()
                .lines()
                .map(mapper::readTree)
                .toList();
    }

    private Answer send(String requestId, String method, String path, @Nullable String body) throws IOException {
        return running.send(running.request("public", alice, path)
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body))
                .header("Content-Type", "application/json")
                .header("X-Request-Id", requestId)
                .build());
    }
}
