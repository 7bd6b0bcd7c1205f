package dev.landlord.controlplane.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.api.rlimit.Rlimit;
import dev.landlord.api.rlimit.Rlimit.Resource;
import dev.landlord.api.sync.Assignment;
import dev.landlord.api.sync.DesiredState;
import dev.landlord.controlplane.Answer;
import dev.landlord.controlplane.RunningControlPlane;
import dev.landlord.controlplane.store.StoreKind;
import dev.landlord.controlplane.store.TestStores;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rlimits, from the request through the store to what a node is told of them. */
@Timeout(60)
@ExtendWith(TestStores.Extension.class)
class RlimitsTest {
    private static final String FEW = "{\"nofile\":{\"soft\":256,\"hard\":512},\"core\":{\"soft\":0,\"hard\":0}}";
    private static final Map<Resource, Rlimit> FEW_TOLD =
            Map.of(Resource.NOFILE, new Rlimit(256L, 512L), Resource.CORE, new Rlimit(0L, 0L));

    @TempDir
    Path folder;

    private static String body(String rlimits) {
        return "{\"image\":\"busybox\",\"command\":[\"sleep\"],\"replicas\":1,\"rlimits\":%s}".formatted(rlimits);
    }

    private static Answer put(RunningControlPlane controlPlane, String rlimits) throws IOException {
        Answer answer = controlPlane.operator("PUT", Customers.path("alice/shop"), body(rlimits));
        assertThat(answer.status()).as(answer.body()).isBetween(200, 201);
        return answer;
    }

    private static String shown(RunningControlPlane controlPlane) throws IOException {
        return new Customers(controlPlane)
                .get("alice/shop")
                .json()
                .at("/spec/rlimits")
                .toString();
    }

    @ParameterizedTest
    @EnumSource(StoreKind.class)
    void areToldKeptAndReplaceWhatRuns(StoreKind kind, TestStores stores) throws IOException {
        String[] database = stores.settings(kind);
        DesiredState before;
        ScriptedAgent agent;
        try (RunningControlPlane first = RunningControlPlane.start(folder, database)) {
            new Customers(first).tenant("alice");
            agent = ScriptedAgent.joined(first, "n1", "busybox");
            put(first, FEW);
            before = agent.awaitSet(set -> set.assignments().size() == 1);
            assertThat(before.assignments().getFirst().process().limits()).isEqualTo(FEW_TOLD);
            agent.obey(before);
        }
        try (RunningControlPlane second = RunningControlPlane.start(folder, database)) {
            agent.talkTo(second);
            agent.obey(before);
            assertThat(shown(second))
                    .isEqualTo("{\"core\":{\"soft\":0,\"hard\":0},\"nofile\":{\"soft\":256,\"hard\":512}}");
            assertThat(put(second, FEW).text("/change/kind")).isEqualTo("none");

            Answer change = put(second, "{\"nofile\":{\"soft\":128}}");
            assertThat(change.text("/change/kind")).isEqualTo("rolling");
            assertThat(change.json().at("/change/fields").toString()).isEqualTo("[\"rlimits\"]");
            DesiredState after = agent.awaitSet(set -> set.assignments().size() == 2);
            assertThat(after.assignments())
                    .filteredOn(assignment -> !assignment
                            .allocation()
                            .equals(before.assignments().getFirst().allocation()))
                    .extracting(assignment -> assignment.process().limits())
                    .containsExactly(Map.of(Resource.NOFILE, new Rlimit(128L, 65_536L)));
        }
    }

    /** It would pass over what it is told of them. */
    @Test
    void anAgentOfAnEarlierVersionGetsNobodyWhoWantsSome() throws IOException {
        try (RunningControlPlane controlPlane = RunningControlPlane.start(folder)) {
            Customers customers = new Customers(controlPlane);
            customers.tenant("alice");
            ScriptedAgent agent = ScriptedAgent.joined(controlPlane, "old", "busybox");
            String told = agent.reportBody(true, List.of(), List.of());
            assertThat(told).contains("\"assignment.rlimits\",");
            assertThat(agent.post(told.replace("\"assignment.rlimits\",", "")).status())
                    .isEqualTo(200);
            put(controlPlane, FEW);
            Answer answer = customers.awaitStatus(
                    "alice/shop", status -> !status.json().at("/status/reasons").isEmpty());
            assertThat(answer.json().at("/status/reasons").toString())
                    .contains(
                            "cannot enforce assignment.rlimits (node old: its agent is of a version that does not know it)");
            assertThat(controlPlane
                            .operator("POST", Customers.path("alice/shop") + ":preview", body(FEW))
                            .body())
                    .contains("cannot enforce assignment.rlimits");

            put(controlPlane, "{}");
            DesiredState set = agent.awaitSet(desired -> desired.assignments().size() == 1);
            assertThat(set.assignments())
                    .extracting(Assignment::process)
                    .allSatisfy(process -> assertThat(process.rlimits()).isNull());
            assertThat(shown(controlPlane)).as("what was not asked for").isEmpty();
        }
    }
}
