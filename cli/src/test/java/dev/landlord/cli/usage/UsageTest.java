package dev.landlord.cli.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.landlord.cli.usage.Usage.Grouping;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class UsageTest {
    private static final String LABELS =
            "{allocation=\"aaaaaaaa\",node=\"n1\",tenant=\"alice\",workload=\"shop\",id=\"a \\\"b\\\\c\\n\"}";

    @Test
    void samplesAreReadWithTheirLabels() {
        String text = """
                # HELP container_cpu_usage_seconds_total x
                # TYPE container_cpu_usage_seconds_total counter
                container_cpu_usage_seconds_total%s 1.5e1 1700000000000
                container_cpu_usage_seconds_total_other{x="y"} 1
                other 3
                container_oom_events_total +Inf
                """.formatted(LABELS);
        List<Sample> samples = Exposition.parse(text, Reading.WANTED);
        assertThat(samples)
                .containsExactly(
                        new Sample(
                                "container_cpu_usage_seconds_total",
                                Map.of(
                                        "allocation", "aaaaaaaa",
                                        "node", "n1",
                                        "tenant", "alice",
                                        "workload", "shop",
                                        "id", "a \"b\\c\n"),
                                15),
                        new Sample("container_oom_events_total", Map.of(), Double.POSITIVE_INFINITY));
    }

    @Test
    void brokenLinesAreLeftOut() {
        String text = "m{a=\"b 1\nm{a=\"b\"\nm x\nm\nm{a} 2\nm 4\n";
        assertThat(Exposition.parse(text, Set.of("m"))).containsExactly(new Sample("m", Map.of(), 4));
    }

    private static Reading reading(long seconds, String text) {
        return Reading.of(seconds * 1_000_000_000, List.of(Exposition.parse(text, Reading.WANTED)));
    }

    private static String sandbox(String tenant, String workload, String allocation, double cpu, int throttled) {
        String labels = "{tenant=\"" + tenant + "\",workload=\"" + workload + "\",allocation=\"" + allocation
                + "\",node=\"n1\"}";
        return "container_cpu_usage_seconds_total" + labels + " " + cpu + "\n"
                + "container_cpu_cfs_periods_total" + labels + " " + throttled * 2 + "\n"
                + "container_cpu_cfs_throttled_periods_total" + labels + " " + throttled + "\n"
                + "container_memory_working_set_bytes" + labels + " 1000\n"
                + "container_spec_memory_limit_bytes" + labels + " 4000\n"
                + "container_oom_events_total" + labels + " 1\n";
    }

    private final Reading earlier = reading(
            10,
            sandbox("alice", "shop", "a1", 5, 10)
                    + sandbox("alice", "shop", "a2", 5, 10)
                    + sandbox("eve", "miner", "e1", 100, 50));
    private final Reading later = reading(
            12,
            sandbox("alice", "shop", "a1", 6, 10)
                    + sandbox("alice", "shop", "a2", 5.5, 14)
                    + sandbox("eve", "miner", "e1", 1, 3)
                    + sandbox("bob", "new", "b1", 50, 0));

    @Test
    void twoReadingsMakeARatePerGroup() {
        List<Usage> usages = Usage.between(earlier, later, Grouping.TENANTS, null);
        Usage alice = usages.getFirst();
        assertThat(alice.group()).containsExactly("alice");
        assertThat(alice.sandboxes()).isEqualTo(2);
        assertThat(alice.cores()).isCloseTo(0.75, within(1e-9));
        assertThat(alice.memoryBytes()).isEqualTo(2000);
        assertThat(alice.memoryLimit()).isEqualTo(8000);
        assertThat(alice.throttledShare()).isEqualTo(0.5);
        assertThat(alice.ooms()).isEqualTo(2);
    }

    @Test
    void aRestartedOrNewSandboxIsNotTakenForABusyOne() {
        List<Usage> usages = Usage.between(earlier, later, Grouping.WORKLOADS, null);
        assertThat(usages)
                .extracting(Usage::group)
                .containsExactly(List.of("alice", "shop"), List.of("bob", "new"), List.of("eve", "miner"));
        assertThat(usages).extracting(Usage::cores).containsExactly(0.75, 0.0, 0.0);
    }

    @Test
    void oneTenantAlone() {
        assertThat(Usage.between(earlier, later, Grouping.ALLOCATIONS, "eve"))
                .extracting(Usage::group)
                .containsExactly(List.of("eve", "miner", "e1", "n1"));
    }
}
