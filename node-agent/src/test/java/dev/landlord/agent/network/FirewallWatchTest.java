package dev.landlord.agent.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.agent.sandbox.ManualClock;
import dev.landlord.agent.sandbox.SimulatedRuntime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FirewallWatchTest {
    private final SimulatedRuntime runtime = new SimulatedRuntime(new ManualClock());
    private final FirewallWatch watch = new FirewallWatch(runtime);
    private final List<Map<String, Long>> seen = new ArrayList<>();

    @Test
    void looksAtMostOnceASecond() {
        runtime.drop("spoofed", 3);
        for (long now = 10_000; now <= 12_000; now += 100) {
            watch.look(now, seen::add);
        }
        assertThat(seen).hasSize(3).containsOnly(Map.of("spoofed", 3L));
    }

    @Test
    void aClockThatIsSetBackDoesNotStopIt() {
        watch.look(1_000_000, seen::add);
        watch.look(5_000, seen::add);
        assertThat(seen).hasSize(2);
    }

    @Test
    void looksAgainAfterAFailure() {
        runtime.breakOperation("look at firewall");
        watch.look(1_000, seen::add);
        runtime.heal();
        watch.look(2_000, seen::add);
        assertThat(seen).hasSize(1);
    }
}
