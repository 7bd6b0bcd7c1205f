package dev.landlord.agent.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.agent.diff.AllocationRecord;
import dev.landlord.agent.diff.AllocationRecord.Attempts;
import dev.landlord.agent.diff.AllocationRecord.Identity;
import dev.landlord.agent.diff.AllocationRecord.State;
import dev.landlord.agent.diff.AllocationRecord.Stop;
import dev.landlord.agent.diff.ObservedSandbox;
import dev.landlord.agent.diff.ObservedSandbox.Phase;
import dev.landlord.agent.diff.ResourceLimits;
import dev.landlord.agent.sandbox.ManualClock;
import dev.landlord.agent.sandbox.Resident;
import dev.landlord.agent.sandbox.Residents;
import dev.landlord.agent.sandbox.SandboxName;
import dev.landlord.agent.sandbox.SimulatedRuntime;
import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.ImageName;
import dev.landlord.api.id.NodeName;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.id.WorkloadName;
import dev.landlord.runtime.IdBlock;
import dev.landlord.runtime.Isolation;
import dev.landlord.runtime.Limits;
import dev.landlord.runtime.LogPolicy;
import dev.landlord.runtime.OwnerId;
import dev.landlord.runtime.ProcessSpec;
import dev.landlord.runtime.SandboxSpec;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MetricsTest {
    private final ManualClock clock = new ManualClock();
    private final SimulatedRuntime runtime = new SimulatedRuntime(clock);
    private final Residents residents = new Residents(runtime);
    private final PrometheusRegistry prometheus = new PrometheusRegistry();
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(
            PrometheusConfig.DEFAULT, prometheus, io.micrometer.core.instrument.Clock.SYSTEM);
    private final AgentMeters meters = new AgentMeters(registry, clock);
    private final Map<AllocationId, Resident> here = new HashMap<>();

    MetricsTest() {
        prometheus.register(new ContainerMetrics(residents, new NodeName("n1"), meters, clock));
    }

    private void place(String allocation, String tenant, int run, long earlierOomKills) {
        AllocationId id = new AllocationId(allocation);
        OwnerId owner = new OwnerId(tenant);
        SandboxName name = new SandboxName(id, run);
        runtime.limitOwner(owner, Limits.NONE);
        runtime.create(new SandboxSpec(
                name.id(),
                owner,
                new IdBlock(655_360, 65_536),
                Path.of("/image"),
                new ProcessSpec(List.of("serve"), Map.of(), "/", 0, 0, List.of()),
                "shop-0",
                Limits.NONE,
                65_536,
                100,
                65_536,
                true,
                LogPolicy.DEFAULT,
                Isolation.FULL,
                null,
                null));
        runtime.start(name.id());
        show(id, tenant, run, earlierOomKills, Phase.RUNNING);
    }

    private void show(AllocationId id, String tenant, int run, long oomKills, @Nullable Phase phase) {
        TenantName owner = new TenantName(tenant);
        AllocationRecord record = new AllocationRecord(
                new Identity(id, owner, new WorkloadName("shop"), 0, new ImageName("tiny")),
                new Attempts(State.UP, run, 0, 0, 0, 0),
                new Stop(1, 0),
                new ResourceLimits(250, 4096, 10, 100),
                oomKills,
                null);
        ObservedSandbox sandbox = phase == null ? null : new ObservedSandbox(id, run, owner, phase, 1_500, 0, null);
        here.put(id, new Resident(record, sandbox));
        residents.publish(here);
    }

    private List<String> lines(String start) {
        return registry.scrape().lines().filter(line -> line.startsWith(start)).toList();
    }

    @Test
    void everyNameIsAsInTheGoldenFile() throws IOException {
        place("aaaaaaaa1", "alice", 1, 0);
        meters.passDone(1);
        meters.passFailed(1);
        meters.operation("Start", true, 1);
        meters.limitsChecked(1);
        meters.drifted("pidsMax", true);
        meters.reported(true);
        meters.reported(false);
        meters.watchStreams(() -> 0);
        meters.watchCertificate(() -> 1_000);
        meters.watchLease(runtime);
        meters.dropped(Map.of("spoofed", 1L));
        String types = registry.scrape()
                .lines()
                .filter(line -> line.startsWith("# TYPE "))
                .sorted()
                .collect(Collectors.joining("\n", "", "\n"));
        assertThat(types).isEqualTo(golden("names.txt"));
    }

    @Test
    void droppedPacketsAreCountedByReasonAndFromZeroWhenTheFirewallIsNew() {
        meters.dropped(Map.of("spoofed", 7L, "host", 1L));
        meters.dropped(Map.of("spoofed", 2L, "host", 0L));
        assertThat(lines("landlord_agent_dropped_packets_total"))
                .containsExactly(
                        "landlord_agent_dropped_packets_total{reason=\"host\"} 0.0",
                        "landlord_agent_dropped_packets_total{reason=\"spoofed\"} 2.0");
    }

    @Test
    void theLeaseIsToldAsTimeThatIsLeftAndAsTerms() {
        meters.watchLease(runtime);
        runtime.letLeaseRunOut();
        assertThat(lines("landlord_agent_lease"))
                .containsExactly("landlord_agent_lease_remaining_seconds 0.0", "landlord_agent_lease_terms_total 1.0");
        runtime.extendLease(runtime.lease().nowNanos() + 2_500_000_000L);
        assertThat(lines("landlord_agent_lease"))
                .containsExactly("landlord_agent_lease_remaining_seconds 2.5", "landlord_agent_lease_terms_total 2.0");
    }

    @Test
    void valuesAndLabelsAreAsInTheGoldenFile() throws IOException {
        place("aaaaaaaa1", "alice", 1, 0);
        String samples = lines("container_").stream().sorted().collect(Collectors.joining("\n", "", "\n"));
        assertThat(samples).isEqualTo(golden("samples.txt"));
    }

    @Test
    void whereNobodyCountsWaitingThereIsNoZero() {
        place("aaaaaaaa1", "alice", 1, 0);
        assertThat(lines("container_pressure_")).hasSize(6);
        runtime.countNoPressure();
        assertThat(lines("container_pressure_")).isEmpty();
        assertThat(lines("container_processes{")).hasSize(1);
    }

    @Test
    void whatHasGoneIsGoneFromTheNextScrape() {
        place("aaaaaaaa1", "alice", 1, 0);
        place("bbbbbbbb1", "bob", 1, 0);
        assertThat(lines("container_processes{")).hasSize(2);
        here.remove(new AllocationId("bbbbbbbb1"));
        residents.publish(here);
        assertThat(lines("container_processes{")).hasSize(1);
        here.clear();
        residents.publish(here);
        assertThat(lines("container_")).isEmpty();
    }

    @Test
    void outOfMemoryIsCountedThroughRestartsForTheLifeOfTheAllocation() {
        place("aaaaaaaa1", "alice", 1, 0);
        runtime.killChild(new SandboxName(new AllocationId("aaaaaaaa1"), 1).id());
        assertThat(lines("container_oom_events_total{"))
                .singleElement()
                .asString()
                .endsWith(" 1.0");
        show(new AllocationId("aaaaaaaa1"), "alice", 1, 2, Phase.EXITED);
        assertThat(lines("container_oom_events_total{"))
                .singleElement()
                .asString()
                .endsWith(" 2.0");
        assertThat(lines("container_memory_usage_bytes{")).isEmpty();
        show(new AllocationId("aaaaaaaa1"), "alice", 1, 2, null);
        assertThat(lines("container_oom_events_total{"))
                .singleElement()
                .asString()
                .endsWith(" 2.0");
        place("aaaaaaaa1", "alice", 2, 2);
        runtime.killChild(new SandboxName(new AllocationId("aaaaaaaa1"), 2).id());
        assertThat(lines("container_oom_events_total{"))
                .singleElement()
                .asString()
                .endsWith(" 3.0");
    }

    @Test
    void aSandboxThatVanishesWhileItIsReadCostsNobodyElse() {
        place("aaaaaaaa1", "alice", 1, 0);
        place("bbbbbbbb1", "bob", 1, 0);
        runtime.delete(new SandboxName(new AllocationId("bbbbbbbb1"), 1).id());
        assertThat(lines("container_processes{")).singleElement().asString().contains("tenant=\"alice\"");
    }

    private static String golden(String name) throws IOException {
        try (InputStream in = MetricsTest.class.getResourceAsStream("/metrics/" + name)) {
            if (in == null) {
                throw new IOException("no golden file " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
