package dev.landlord.controlplane.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.controlplane.RunningControlPlane;
import dev.landlord.controlplane.store.StoreKind;
import dev.landlord.controlplane.store.TestStores;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Real processes on a real database; the leader is killed, and the next one stands still across its term. */
@Timeout(300)
@ExtendWith(TestStores.Extension.class)
class FailoverTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private interface Condition {
        boolean holds() throws IOException;
    }

    @Test
    void followerLeadsWhenTheLeaderIsKilledAndWhenItStandsStill(TestStores stores) throws Exception {
        String[] settings = stores.settings(StoreKind.POSTGRES);
        try (RunningControlPlane first = RunningControlPlane.startProcess(folder.resolve("a"), settings)) {
            await(first::leads);
            RunningControlPlane.share(first.folder(), folder.resolve("b"));
            try (RunningControlPlane second = RunningControlPlane.startProcess(folder.resolve("b"), settings);
                    LiveAgent agent = new LiveAgent(second, "n1", "10.0.0.1")) {
                Customers customers = new Customers(second);
                customers.tenant("alice");
                customers.put("alice/shop", "busybox", "sleep", 1);
                awaitRunning(second, 1);
                assertThat(second.leads()).isFalse();

                long killedAt = System.nanoTime();
                first.process().toHandle().destroyForcibly();
                customers.put("alice/shop", "busybox", "sleep", 2);
                awaitRunning(second, 2);
                tell("killed", killedAt);
                assertThat(second.leads()).isTrue();
                standStill(second, agent, settings);
            }
        }
    }

    private void standStill(RunningControlPlane leader, LiveAgent agent, String... settings) throws Exception {
        RunningControlPlane.share(leader.folder(), folder.resolve("c"));
        try (RunningControlPlane third = RunningControlPlane.startProcess(folder.resolve("c"), settings)) {
            agent.moveTo(third);
            awaitRunning(third, 2);
            assertThat(third.leads()).isFalse();
            Customers customers = new Customers(third);

            long stoppedAt = System.nanoTime();
            signal("STOP", leader);
            customers.put("alice/shop", "busybox", "sleep", 3);
            awaitRunning(third, 3);
            tell("stopped", stoppedAt);
            assertThat(third.leads()).isTrue();

            signal("CONT", leader);
            await(() -> leader.metrics().contains("landlord_controlplane_leader 0.0"));
            customers.put("alice/shop", "busybox", "sleep", 4);
            awaitRunning(third, 4);
            assertThat(third.leads()).isTrue();
            assertThat(leader.leads()).isFalse();
            assertThat(placements(leader)).as("by either of them, all told").isEqualTo(4);
            assertThat(agent.running()).hasSize(4);
            assertThat(agent.stopped()).isEmpty();
            // Before those to whom it talks.
            agent.close();
        }
    }

    private static void tell(String what, long sinceNanos) {
        System.out.printf(
                "The leader was %s; a new replica ran after %d ms%n",
                what, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - sinceNanos));
    }

    private static void signal(String name, RunningControlPlane replica) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder(List.of(
                        "kill", "-" + name, Long.toString(replica.process().pid())))
                .inheritIO()
                .start();
        assertThat(kill.waitFor()).isZero();
    }

    private static long placements(RunningControlPlane replica) throws IOException {
        return replica.operator("GET", "/api/v1/events?limit=1000", null)
                .json()
                .at("/items")
                .valueStream()
                .filter(event -> event.get("kind").asString().equals("replica-placed"))
                .count();
    }

    private static void awaitRunning(RunningControlPlane replica, int replicas) throws IOException {
        String path = Customers.path("alice/shop");
        await(() -> replica.operator("GET", path, null).text("/status/running").equals(Integer.toString(replicas)));
    }

    private static void await(Condition condition) throws IOException {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("waiting").isLessThan(until);
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }
}
