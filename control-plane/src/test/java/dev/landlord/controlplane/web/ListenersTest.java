package dev.landlord.controlplane.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landlord.controlplane.Answer;
import dev.landlord.controlplane.RunningControlPlane;
import dev.landlord.controlplane.credential.Credentials;
import dev.landlord.controlplane.credential.Identity;
import dev.landlord.controlplane.store.Database;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each listener speaks only TLS, serves only its own paths, and knows who may come through it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ListenersTest {
    private RunningControlPlane running;
    private String alice = "";
    private String bob = "";
    private String node = "";

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        running = RunningControlPlane.start(folder);
        running.operator("PUT", "/api/v1/plans/small", "{\"cpuMillis\":1000,\"memoryBytes\":1073741824}");
        alice = running.operator("PUT", "/api/v1/tenants/alice", "{\"plan\":\"small\"}")
                .text("/token");
        bob = running.operator("PUT", "/api/v1/tenants/bob", "{\"plan\":\"small\"}")
                .text("/token");
        Credentials credentials = running.context().getBean(Credentials.class);
        node = running.context()
                .getBean(Database.class)
                .write(writer -> credentials.issue(writer, Identity.of("node", "n1")));
        running.call(
                "public",
                bob,
                "PUT",
                "/api/v1/tenants/bob/workloads/shop",
                "{\"image\":\"busybox\",\"command\":[\"a\"]}");
    }

    @AfterAll
    void stop() {
        running.close();
    }

    @ParameterizedTest
    @CsvSource({
        "public,/node/v1/ca",
        "public,/actuator/health",
        "public,/",
        "public,/apix",
        "node,/api/v1/whoami",
        "node,/actuator/health",
        "management,/api/v1/whoami",
        "management,/node/v1/ca",
        "public,/api/../node/v1/ca",
        "public,/api/..;/actuator/health"
    })
    void servesOnlyItsOwnPaths(String listener, String path) throws IOException {
        Answer answer = running.call(listener, running.operatorToken(), "GET", path, null);
        assertThat(answer.status()).as(answer.body()).isIn(404, 422);
    }

    @ParameterizedTest
    @ValueSource(strings = {"public", "node", "management"})
    void speaksOnlyTls(String listener) throws Exception {
        try (HttpClient plain = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://localhost:" + running.port(listener) + "/api/v1/version");
            HttpResponse<String> answer =
                    plain.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(400);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"public", "node", "management"})
    void showsACertificateThatOnlyItsOwnAuthorityVouchesFor(String listener) {
        try (HttpClient stranger = HttpClient.newHttpClient()) {
            URI uri = URI.create("https://localhost:" + running.port(listener) + "/");
            assertThatThrownBy(() ->
                            stranger.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString()))
                    .isInstanceOf(SSLHandshakeException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ll_short",
                "ll_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "nonsense",
                "ll_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'"
            })
    void refusesAWrongToken(String token) throws IOException {
        HttpRequest.Builder request = running.request("public", null, "/api/v1/whoami");
        HttpRequest wrong = token.isEmpty()
                ? request.build()
                : request.header("Authorization", "Bearer " + token).build();
        Answer answer = running.send(wrong);
        assertThat(answer.problem()).isEqualTo("401 unauthenticated -");
        assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer");
        assertThat(answer.header("Set-Cookie")).isEmpty();
    }

    @Test
    void doesNotTakeATokenFromTheQuery() throws IOException {
        assertThat(running.call("public", null, "GET", "/api/v1/whoami?access_token=" + alice, null)
                        .status())
                .isEqualTo(401);
    }

    @Test
    void saysWhoTheCallerIs() throws IOException {
        assertThat(running.operator("GET", "/api/v1/whoami", null).body())
                .isEqualTo("{\"kind\":\"operator\",\"name\":null}");
        assertThat(running.call("public", alice, "GET", "/api/v1/whoami", null).body())
                .isEqualTo("{\"kind\":\"tenant\",\"name\":\"alice\"}");
        assertThat(running.call("public", alice, "GET", "/api/v1/version", null).text("/version"))
                .isNotBlank();
    }

    @ParameterizedTest
    @CsvSource({
        "GET,/api/v1/tenants/NAME",
        "DELETE,/api/v1/tenants/NAME",
        "POST,/api/v1/tenants/NAME:suspend",
        "GET,/api/v1/tenants/NAME/workloads",
        "GET,/api/v1/tenants/NAME/workloads/shop",
        "PUT,/api/v1/tenants/NAME/workloads/shop",
        "DELETE,/api/v1/tenants/NAME/workloads/shop",
        "POST,/api/v1/tenants/NAME/workloads/shop:restart",
        "GET,/api/v1/tenants/NAME/events",
        "GET,/api/v1/tenants/NAME/nonsense"
    })
    void answersForAnotherTenantJustAsForAMissingOne(String method, String path) throws IOException {
        Answer another = running.call("public", alice, method, path.replace("NAME", "bob"), null);
        Answer missing = running.call("public", alice, method, path.replace("NAME", "tim"), null);
        assertThat(another.problem()).isEqualTo("404 not-found -");
        assertThat(anonymous(another, "bob")).isEqualTo(anonymous(missing, "tim"));
        assertThat(another.headers().map().keySet())
                .isEqualTo(missing.headers().map().keySet());
    }

    @Test
    void answersForAMissingTenantInTheSameWordsAsTheOperatorHears() throws IOException {
        Answer another = running.call("public", alice, "GET", "/api/v1/tenants/bob/workloads", null);
        Answer missing = running.operator("GET", "/api/v1/tenants/tim/workloads", null);
        assertThat(anonymous(another, "bob")).isEqualTo(anonymous(missing, "tim"));
    }

    @ParameterizedTest
    @CsvSource({
        "PUT,/api/v1/tenants/alice",
        "DELETE,/api/v1/tenants/alice",
        "POST,/api/v1/tenants/alice:suspend",
        "POST,/api/v1/tenants/alice:resume",
        "POST,/api/v1/tenants/alice:rotate-token",
        "GET,/api/v1/tenants",
        "GET,/api/v1/plans",
        "GET,/api/v1/plans/small",
        "PUT,/api/v1/plans/small",
        "GET,/api/v1/nodes",
        "GET,/api/v1/events",
        "GET,/api/v1/prometheus/targets"
    })
    void keepsTenantsFromWhatIsTheOperators(String method, String path) throws IOException {
        assertThat(running.call("public", alice, method, path, null).problem()).isEqualTo("403 forbidden -");
    }

    @Test
    void letsATenantSeeItself() throws IOException {
        assertThat(running.call("public", alice, "GET", "/api/v1/tenants/alice", null)
                        .body())
                .isEqualTo("{\"name\":\"alice\",\"plan\":\"small\",\"state\":\"active\"}");
    }

    @Test
    void keepsNodesOnTheirOwnListenerAndToThemselves() throws IOException {
        assertThat(running.call("public", node, "GET", "/api/v1/whoami", null).status())
                .isEqualTo(403);
        for (String token : new String[] {running.operatorToken(), alice, node, ""}) {
            Answer stranger = running.call("node", token, "GET", "/node/v1/nodes/n1/desired", null);
            assertThat(stranger.problem()).isEqualTo("401 unauthenticated -");
            assertThat(stranger.text("/detail")).startsWith("the node's own certificate is required");
        }
        assertThat(running.call("management", node, "GET", "/actuator/prometheus", null)
                        .problem())
                .isEqualTo("403 forbidden -");
    }

    /** It is read before anybody knows who sends it. */
    @Test
    void takesOnlyALittleOfAStrangerWhoWantsToJoin() throws IOException {
        String body = "{\"node\":\"n1\",\"token\":\"" + "x".repeat(70_000) + "\"}";
        HttpRequest chunked = running.request("node", null, "/node/v1/join")
                .POST(HttpRequest.BodyPublishers.fromPublisher(HttpRequest.BodyPublishers.ofString(body)))
                .header("Content-Type", "application/json")
                .build();
        assertThat(running.send(chunked).problem()).isEqualTo("413 body-too-large -");
        assertThat(running.call("node", null, "POST", "/node/v1/join", body).problem())
                .isEqualTo("413 body-too-large -");
    }

    @Test
    void showsHealthToAllAndMetricsToScrapers() throws IOException {
        assertThat(running.call("management", null, "GET", "/actuator/health", null)
                        .body())
                .contains("\"status\":\"UP\"")
                .doesNotContain("landlord.db");
        assertThat(running.call("management", null, "GET", "/actuator/prometheus", null)
                        .problem())
                .isEqualTo("401 unauthenticated -");
        assertThat(running.call("management", alice, "GET", "/actuator/prometheus", null)
                        .problem())
                .isEqualTo("403 forbidden -");
        for (String token : new String[] {running.scrapeToken(), running.operatorToken()}) {
            assertThat(running.call("management", token, "GET", "/actuator/prometheus", null)
                            .body())
                    .contains("jvm_memory_used_bytes");
        }
        assertThat(running.call("management", running.operatorToken(), "GET", "/actuator/env", null)
                        .status())
                .isEqualTo(404);
        assertThat(running.call("public", running.scrapeToken(), "GET", "/api/v1/tenants", null)
                        .problem())
                .isEqualTo("403 forbidden -");
    }

    private static String anonymous(Answer answer, String name) {
        return answer.body().replace(name, "NAME").replace(answer.text("/requestId"), "ID");
    }
}
