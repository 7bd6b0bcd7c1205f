package dev.landlord.controlplane.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.api.id.AllocationId;
import dev.landlord.api.sync.DesiredState;
import dev.landlord.api.sync.ObservedPhase;
import dev.landlord.controlplane.Answer;
import dev.landlord.controlplane.RunningControlPlane;
import dev.landlord.controlplane.store.StoreKind;
import dev.landlord.controlplane.store.TestStores;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The control plane is stopped and started; its nodes notice nothing but a request to say everything once. */
@Timeout(60)
@ParameterizedClass
@EnumSource(StoreKind.class)
@ExtendWith(TestStores.Extension.class)
class RestartTest {
    @TempDir
    Path folder;

    private final String[] database;

    RestartTest(StoreKind kind, TestStores stores) {
        this.database = stores.settings(kind);
    }

    @Test
    void restartLosesNothingAndTellsNobodyAnything() throws IOException {
        ScriptedAgent agent;
        DesiredState before;
        try (RunningControlPlane first = RunningControlPlane.start(folder, database)) {
            Customers customers = new Customers(first);
            agent = ScriptedAgent.joined(first, "n1", "busybox");
            customers.tenant("alice");
            customers.put("alice/shop", "busybox", "sleep", 2);
            before = agent.awaitSet(set -> set.assignments().size() == 2);
            agent.obey(before);
        }
        try (RunningControlPlane second = RunningControlPlane.start(folder, database)) {
            agent.talkTo(second);
            Answer delta = agent.report(false, List.of(), List.of());
            assertThat(delta.text("/resend")).isEqualTo("true");
            Answer all = agent.report(
                    true,
                    before.assignments().stream()
                            .map(each -> ScriptedAgent.observed(each.allocation(), ObservedPhase.RUNNING))
                            .toList(),
                    List.of());
            assertThat(all.text("/resend")).isEqualTo("false");
            // Its set has the number that it had: there is nothing to tell.
            assertThat(agent.askDesired(agent.seen(), 500).status()).isEqualTo(204);
            assertThat(allocations(second))
                    .containsExactlyInAnyOrderElementsOf(before.assignments().stream()
                            .map(each -> each.allocation().value())
                            .toList());
            assertThat(second.operator("GET", Customers.path("alice/shop"), null)
                            .text("/status/running"))
                    .isEqualTo("2");
            new Customers(second).put("alice/shop", "busybox", "sleep", 3);
            DesiredState after = agent.awaitSet(set -> set.assignments().size() == 3);
            assertThat(after.generation().isNewerThan(before.generation())).isTrue();
        }
    }

    private static List<String> allocations(RunningControlPlane controlPlane) throws IOException {
        return controlPlane
                .operator("GET", "/api/v1/tenants/alice/allocations", null)
                .json()
                .at("/items")
                .valueStream()
                .map(item -> new AllocationId(item.get("id").asString()).value())
                .toList();
    }
}
