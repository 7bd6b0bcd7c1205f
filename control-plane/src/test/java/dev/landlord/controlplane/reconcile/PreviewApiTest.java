package dev.landlord.controlplane.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.NodeName;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.id.WorkloadName;
import dev.landlord.api.workload.SpecChange;
import dev.landlord.controlplane.Answer;
import dev.landlord.controlplane.RunningControlPlane;
import dev.landlord.controlplane.SharedControlPlane;
import dev.landlord.controlplane.network.Wiring;
import dev.landlord.controlplane.scheduler.Decision;
import dev.landlord.controlplane.scheduler.Plan;
import dev.landlord.controlplane.scheduler.Reason;
import dev.landlord.controlplane.scheduler.WorkloadKey;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedControlPlane.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PreviewApiTest {
    private static final String TENANT = "/api/v1/tenants/pre-alice";
    private static final String SHOP = TENANT + "/workloads/shop";
    private static final String SPEC = "{\"image\":\"busybox\",\"command\":[\"sleep\",\"9\"],\"replicas\":2}";

    private final RunningControlPlane running;
    private String alice = "";

    PreviewApiTest(RunningControlPlane running) {
        this.running = running;
    }

    @BeforeAll
    void makeATenant() throws IOException {
        running.operator("PUT", "/api/v1/plans/pre", "{\"cpuMillis\":1000,\"memoryBytes\":1073741824}");
        alice = running.operator("PUT", TENANT, "{\"plan\":\"pre\"}").text("/token");
    }

    @Test
    void saysWhatWouldBeAndWritesNothing() throws IOException {
        Answer fresh = preview(SPEC);
        assertThat(fresh.text("/change")).isEqualTo("created");
        assertThat(fresh.json().at("/waits/0/indexes").size()).isEqualTo(2);
        assertThat(fresh.text("/waits/0/waits")).isEqualTo("place");
        assertThat(fresh.text("/waits/0/reasons/0")).isEqualTo("the cluster has no nodes");
        assertThat(call("GET", SHOP, null).status()).as("nothing was made").isEqualTo(404);
        call("PUT", SHOP, SPEC);
        var before = call("GET", SHOP, null).json().get("spec");
        assertThat(preview(SPEC.replace("\"9\"", "\"10\"")).text("/change")).isEqualTo("rolling");
        assertThat(preview(SPEC.replace("\"9\"", "\"10\"")).text("/fields/0")).isEqualTo("command");
        assertThat(preview(SPEC).text("/change")).isEqualTo("none");
        assertThat(call("GET", SHOP, null).json().get("spec")).isEqualTo(before);
        assertThat(running.operator("GET", "/api/v1/audit?limit=1000&tenant=pre-alice", null)
                        .body())
                .as("looking is no change")
                .doesNotContain(":preview");
        assertThat(call("GET", TENANT + "/events?limit=1000", null).body().split("workload-c", -1))
                .as("one was created, none changed")
                .hasSize(2);
    }

    @Test
    void refusesWhatThePutWouldRefuse() throws IOException {
        assertThat(preview(SPEC.replace("\"replicas\":2", "\"replicas\":11")).problem())
                .isEqualTo("409 quota-exceeded /resources/cpuMillis");
        assertThat(preview("{\"image\":\"busybox\"}").problem()).isEqualTo("422 invalid-field /command");
        assertThat(running.call("public", alice, "POST", "/api/v1/tenants/pre-bob/workloads/x:preview", SPEC)
                        .problem())
                .isEqualTo("404 not-found -");
    }

    @Test
    void isAllowedToWhoMayOnlyLook() throws IOException {
        String reader = call("POST", TENANT + "/tokens", "{\"name\":\"look\",\"scope\":\"read\"}")
                .text("/token");
        assertThat(running.call("public", reader, "POST", SHOP + ":preview", SPEC)
                        .status())
                .isEqualTo(200);
    }

    @Test
    void tellsOfThePlanOnlyWhatConcernsTheWorkload() {
        WorkloadKey shop = new WorkloadKey(new TenantName("alice"), new WorkloadName("shop"));
        WorkloadKey other = new WorkloadKey(new TenantName("bob"), new WorkloadName("shop"));
        AllocationId own = new AllocationId("aaaaaaaa");
        AllocationId another = new AllocationId("bbbbbbbb");
        NodeName node = new NodeName("n1");
        Plan plan = new Plan(
                List.of(
                        new Decision.Place(shop, 1, node, 2, 0, Wiring.NONE, List.of()),
                        new Decision.Place(other, 1, node, 2, 0, Wiring.NONE, List.of()),
                        new Decision.Resize(own, 2),
                        new Decision.Resize(another, 2),
                        new Decision.Stop(own, Decision.Why.SCALED_DOWN, null),
                        new Decision.Stop(another, Decision.Why.SCALED_DOWN, null)),
                List.of(
                        new Plan.Unplaceable(shop, List.of(2), Plan.Waits.UPDATE, List.of(new Reason.TooLarge())),
                        new Plan.Unplaceable(other, List.of(2), Plan.Waits.PLACE, List.of(new Reason.NoNodes()))),
                true,
                Plan.Brake.NONE);
        SpecChange change = new SpecChange(SpecChange.Kind.LIVE, List.of("resources.pids"));
        assertThat(PreviewBody.of(shop, change, Set.of(own), plan))
                .isEqualTo(new PreviewBody(
                        "live",
                        List.of("resources.pids"),
                        List.of(new PreviewBody.Place(1, node)),
                        List.of(own),
                        List.of(own),
                        List.of(new PreviewBody.Wait(
                                List.of(2), "update", List.of("no node is large enough, even when empty"))),
                        true));
    }

    private Answer preview(String body) throws IOException {
        return call("POST", SHOP + ":preview", body);
    }

    private Answer call(String method, String path, @Nullable String body) throws IOException {
        return running.call("public", alice, method, path, body);
    }
}
