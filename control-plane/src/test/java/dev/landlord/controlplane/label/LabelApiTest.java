package dev.landlord.controlplane.label;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.controlplane.Answer;
import dev.landlord.controlplane.RunningControlPlane;
import dev.landlord.controlplane.SharedControlPlane;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedControlPlane.class)
class LabelApiTest {
    private static final String LIST = "/api/v1/tenants/label-a/workloads";

    private final RunningControlPlane running;

    LabelApiTest(RunningControlPlane running) {
        this.running = running;
    }

    @BeforeEach
    void tenant() throws IOException {
        running.operator("PUT", "/api/v1/plans/label", "{\"cpuMillis\":1000,\"memoryBytes\":1073741824}");
        running.operator("PUT", "/api/v1/tenants/label-a", "{\"plan\":\"label\"}");
        put("web", "{\"app\":\"shop\",\"tier\":\"web\"}");
        put("db", "{\"app\":\"shop\",\"tier\":\"db\"}");
        put("bare", "{}");
    }

    private Answer put(String name, String labels) throws IOException {
        return running.operator(
                "PUT", LIST + "/" + name, "{\"image\":\"busybox\",\"command\":[\"true\"],\"labels\":" + labels + "}");
    }

    @Test
    void listsThoseThatAreSelected() throws IOException {
        assertThat(names("?selector=app%3Dshop")).containsExactly("db", "web");
        assertThat(names("?selector=" + URLEncoder.encode("tier notin (db)", StandardCharsets.UTF_8)))
                .containsExactly("bare", "web");
        Answer part = running.operator("GET", LIST + "?selector=app&limit=1", null);
        assertThat(names("?selector=app&limit=1&cursor=" + part.text("/cursor")))
                .containsExactly("web");
        assertThat(running.operator("GET", LIST + "?selector=%3D", null).problem())
                .isEqualTo("422 invalid-field ?selector");
    }

    @Test
    void aChangeOfLabelsIsNoOtherVersion() throws IOException {
        String before = running.operator("GET", LIST + "/web", null).header("ETag");
        Answer changed = put("web", "{\"app\":\"shop\",\"tier\":\"front\"}");
        assertThat(changed.text("/specVersion")).isEqualTo("1");
        assertThat(changed.json().get("change").toString()).isEqualTo("{\"kind\":\"none\",\"fields\":[\"labels\"]}");
        assertThat(changed.header("ETag")).isNotEqualTo(before);
        assertThat(names("?selector=tier%3Dfront")).containsExactly("web");
        assertThat(running.operator("GET", LIST + "/web", null)
                        .json()
                        .at("/spec/labels")
                        .toString())
                .isEqualTo("{\"app\":\"shop\",\"tier\":\"front\"}");
    }

    @Test
    void refusesWhatIsNoLabel() throws IOException {
        assertThat(put("web", "{\"a b\":\"c\"}").problem()).isEqualTo("422 invalid-field /labels");
        assertThat(put("web", "{\"a.b/c\":\"d e\"}").problem()).isEqualTo("422 invalid-field /labels/a.b~1c");
        assertThat(put("web", "{\"a\":null}").problem()).isEqualTo("422 invalid-field /labels/a");
        assertThat(put("web", "[]").problem()).isEqualTo("422 invalid-field /labels");
    }

    private List<String> names(String query) throws IOException {
        Answer answer = running.operator("GET", LIST + query, null);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json()
                .get("items")
                .valueStream()
                .map(item -> item.get("name").asString())
                .toList();
    }
}
