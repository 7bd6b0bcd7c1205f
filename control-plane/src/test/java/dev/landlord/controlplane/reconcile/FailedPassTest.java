package dev.landlord.controlplane.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.controlplane.RunningControlPlane;
import dev.landlord.controlplane.allocation.DesiredSets;
import dev.landlord.controlplane.store.Database;
import dev.landlord.controlplane.sync.Customers;
import dev.landlord.controlplane.sync.ScriptedAgent;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A pass that fails is counted and tried again until it works; nothing that was asked for meanwhile is lost. */
@Timeout(60)
class FailedPassTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private RunningControlPlane controlPlane;
    private ReconcileStats stats;
    private ScriptedAgent agent;

    @BeforeEach
    void start() throws IOException {
        controlPlane = RunningControlPlane.start(folder);
        stats = controlPlane.context().getBean(ReconcileStats.class);
        agent = ScriptedAgent.joined(controlPlane, "n1", "busybox");
        new Customers(controlPlane).tenant("alice");
        agent.awaitDesired();
    }

    @AfterEach
    void stop() {
        controlPlane.close();
    }

    @Test
    void storeThatCannotBeReadForAWhileDelaysAndLosesNothing() throws IOException {
        execute("ALTER TABLE plan RENAME TO hidden");
        ReconcileStats.View failing = await(view -> view.failures() >= 3);
        execute("ALTER TABLE hidden RENAME TO plan");
        agent.reportAll(List.of());
        new Customers(controlPlane).put("alice/shop", "busybox", "sleep", 1);
        assertThat(agent.awaitDesired().desired()).isNotNull();
        ReconcileStats.View working = await(view -> view.passes() > failing.passes());
        assertThat(working.lastSuccessAt()).isGreaterThanOrEqualTo(failing.lastSuccessAt());
    }

    /** As if memory had run out: the one loop that there is must outlive that. */
    @Test
    void errorOfTheMachineDoesNotEndTheLoop() throws IOException {
        AtomicBoolean broken = new AtomicBoolean(true);
        controlPlane.context().getBean(DesiredSets.class).onPublish((node, state) -> {
            if (broken.getAndSet(false)) {
                throw new OutOfMemoryError("planted");
            }
        });
        Customers customers = new Customers(controlPlane);
        customers.put("alice/shop", "busybox", "sleep", 1);
        await(view -> view.failures() >= 1);
        customers.put("alice/shop", "busybox", "sleep", 2);
        await(view -> view.state().allocations().size() == 2);
    }

    private ReconcileStats.View await(Predicate<ReconcileStats.View> property) {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (!property.test(stats.view())) {
            assertThat(System.nanoTime())
                    .as("never came about: %s", stats.view())
                    .isLessThan(until);
            Thread.onSpinWait();
        }
        return stats.view();
    }

    /** A change of the schema alone is no news to the loop. */
    private void execute(String sql) {
        controlPlane.context().getBean(Database.class).write(writer -> {
            writer.sql(sql).update();
            return writer.sql("UPDATE node SET last_seen_at = last_seen_at + 1").update();
        });
    }
}
