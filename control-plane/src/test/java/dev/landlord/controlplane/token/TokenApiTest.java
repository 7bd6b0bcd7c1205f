package dev.landlord.controlplane.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.controlplane.Answer;
import dev.landlord.controlplane.RunningControlPlane;
import dev.landlord.controlplane.SharedControlPlane;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(SharedControlPlane.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TokenApiTest {
    private static final String ALICE = "/api/v1/tenants/token-alice";
    private static final String TOKENS = ALICE + "/tokens";
    private static final String SPEC = "{\"image\":\"busybox\",\"command\":[\"true\"]}";

    private final RunningControlPlane running;
    private String alice = "";

    TokenApiTest(RunningControlPlane running) {
        this.running = running;
    }

    @BeforeAll
    void makeTenants() throws IOException {
        running.operator("PUT", "/api/v1/plans/token", "{\"cpuMillis\":1000,\"memoryBytes\":1073741824}");
        alice = running.operator("PUT", ALICE, "{\"plan\":\"token\"}").text("/token");
        running.operator("PUT", "/api/v1/tenants/token-bob", "{\"plan\":\"token\"}");
    }

    @Test
    void letsAReadOnlyTokenLookAndChangeNothing() throws IOException {
        String reader =
                create(alice, TOKENS, "{\"name\":\"look\",\"scope\":\"read\"}").text("/token");
        assertThat(call(reader, "GET", ALICE + "/workloads", null).status()).isEqualTo(200);
        for (String[] change : new String[][] {
            {"PUT", ALICE + "/workloads/shop", SPEC},
            {"DELETE", ALICE + "/workloads/shop", ""},
            {"POST", ALICE + "/workloads/shop:restart", ""},
            {"POST", TOKENS, "{\"name\":\"more\"}"},
            {"GET", ALICE + "/execs/0123", ""}
        }) {
            assertThat(call(reader, change[0], change[1], change[2]).problem()).isEqualTo("403 forbidden -");
        }
        assertThat(call(reader, "PUT", "/api/v1/tenants/token-bob/workloads/shop", SPEC)
                        .problem())
                .as("another's does not exist")
                .isEqualTo("404 not-found -");
        assertThat(call(alice, "GET", ALICE + "/workloads/shop", null).status()).isEqualTo(404);
    }

    @Test
    void letsAnOperatorsReadOnlyTokenChangeNothingEither() throws IOException {
        Answer made = create(running.operatorToken(), "/api/v1/tokens", "{\"name\":\"watch\",\"scope\":\"read\"}");
        String reader = made.text("/token");
        assertThat(call(reader, "GET", "/api/v1/tenants", null).status()).isEqualTo(200);
        assertThat(call(reader, "PUT", "/api/v1/tenants/token-eve", "{\"plan\":\"token\"}")
                        .problem())
                .isEqualTo("403 forbidden -");
        assertThat(call(alice, "GET", "/api/v1/tokens", null).problem()).isEqualTo("403 forbidden -");
        assertThat(running.operator("DELETE", "/api/v1/tokens/" + made.text("/id"), null)
                        .status())
                .isEqualTo(204);
        assertThat(call(reader, "GET", "/api/v1/tenants", null).problem()).isEqualTo("401 unauthenticated -");
    }

    @Test
    void showsATokenOnceAndRevokesItByItsId() throws IOException {
        Answer made = create(alice, TOKENS, "{\"name\":\"once\",\"lifetimeSeconds\":60}");
        assertThat(made.text("/token")).matches("ll_[A-Za-z0-9_-]{43}");
        assertThat(made.json().get("expiresAt").asLong()
                        - made.json().get("createdAt").asLong())
                .isEqualTo(60_000);
        Answer list = call(alice, "GET", TOKENS, null);
        assertThat(list.body()).contains(made.text("/id"), "\"once\"").doesNotContain("ll_");
        assertThat(call(made.text("/token"), "GET", ALICE, null).status()).isEqualTo(200);
        assertThat(running.operator("DELETE", "/api/v1/tenants/token-bob/tokens/" + made.text("/id"), null)
                        .problem())
                .as("another's")
                .isEqualTo("404 not-found -");
        assertThat(call(alice, "DELETE", TOKENS + "/" + made.text("/id"), null).status())
                .isEqualTo(204);
        assertThat(call(made.text("/token"), "GET", ALICE, null).problem()).isEqualTo("401 unauthenticated -");
        assertThat(call(alice, "DELETE", TOKENS + "/" + made.text("/id"), null).problem())
                .isEqualTo("404 not-found -");
    }

    @Test
    void letsNothingThatExpiresMakeItselfLast() throws IOException {
        Answer brief = create(alice, TOKENS, "{\"name\":\"brief\",\"lifetimeSeconds\":600}");
        String token = brief.text("/token");
        assertThat(create(token, TOKENS, "{\"name\":\"longer\",\"lifetimeSeconds\":6000}")
                        .problem())
                .isEqualTo("422 invalid-field /lifetimeSeconds");
        assertThat(create(token, TOKENS, "{\"name\":\"same\"}").text("/expiresAt"))
                .isEqualTo(brief.text("/expiresAt"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{} | 422 invalid-field /name",
                "{'name':''} | 422 invalid-field /name",
                "{'name':'a/b'} | 422 invalid-field /name",
                "{'name':'a','scope':'write'} | 422 invalid-field /scope",
                "{'name':'a','lifetimeSeconds':59} | 422 invalid-field /lifetimeSeconds",
                "{'name':'a','lifetimeSeconds':315360001} | 422 invalid-field /lifetimeSeconds",
                "{'name':'a','lifetime':60} | 400 unknown-field /lifetime",
                "[] | 400 malformed-body -"
            })
    void refusesABadWish(String body, String problem) throws IOException {
        String before = call(alice, "GET", TOKENS, null).body();
        assertThat(create(alice, TOKENS, body.replace('\'', '"')).problem()).isEqualTo(problem);
        assertThat(call(alice, "GET", TOKENS, null).body()).isEqualTo(before);
    }

    private Answer create(String token, String path, String body) throws IOException {
        return call(token, "POST", path, body);
    }

    private Answer call(String token, String method, String path, @Nullable String body) throws IOException {
        return running.call("public", token, method, path, body);
    }
}
