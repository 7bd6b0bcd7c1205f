package dev.landlord.controlplane.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.api.id.PlanName;
import dev.landlord.api.node.NodeFacts;
import dev.landlord.api.plan.PlanSpec;
import dev.landlord.api.plan.TenantState;
import dev.landlord.api.sync.ObservedPhase;
import dev.landlord.api.workload.Resources;
import dev.landlord.api.workload.WorkloadSpec;
import dev.landlord.controlplane.allocation.Samples;
import dev.landlord.controlplane.metrics.ClusterMetrics.NodeWords;
import dev.landlord.controlplane.node.NodeDuty;
import dev.landlord.controlplane.node.NodeRecord;
import dev.landlord.controlplane.node.NodeState;
import dev.landlord.controlplane.reconcile.ClusterState;
import dev.landlord.controlplane.reconcile.ReconcileStats;
import dev.landlord.controlplane.replica.Leadership.Role;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.Wanted;
import dev.landlord.controlplane.scheduler.Plan.Brake;
import dev.landlord.controlplane.tenant.PlanRecord;
import dev.landlord.controlplane.tenant.TenantRecord;
import dev.landlord.controlplane.workload.WorkloadRecord;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Dashboards and alerts of others are built on these names: a change of {@code meters.txt} is one that users see. */
class ClusterMetricsTest {
    private static final WorkloadSpec SWAPPING = Samples.sized(
            Samples.spec(3, "sleep"),
            new Resources(500, 64 * Resources.MIB, 64, Resources.MIB, 1000, 16 * Resources.MIB));
    private static final ClusterState STATE = new ClusterState(
            List.of(new NodeRecord(
                    Samples.NODE, NodeState.READY, facts(), 0, 0, 3, "digest", NodeDuty.OPEN, 0, false, null)),
            List.of(new PlanRecord(
                    new PlanName("small"),
                    new PlanSpec(
                            2000, 100, 1L << 30, 512, 1L << 28, 10_000, 1L << 29, 50, "standard", null, null, null),
                    1)),
            List.of(new TenantRecord(Samples.SHOP.tenant(), new PlanName("small"), TenantState.SUSPENDED, 1)),
            List.of(new WorkloadRecord(Samples.SHOP.tenant(), Samples.SHOP.name(), SWAPPING, 1, 0, false, 1)),
            List.of(Samples.allocation(
                    "aaaaaaaa", SWAPPING, Wanted.RUNNING, Samples.observed("aaaaaaaa", ObservedPhase.RUNNING), 1L)),
            Map.of(),
            Set.of());

    @Test
    void hasTheNamesLabelsAndUnitsThatItPromises() throws IOException {
        assertThat(text(ClusterMetrics.of(
                        view(STATE), 2, Map.of(Samples.NODE, new NodeWords(5500, 4, true)), new Role(true, 7, 2))))
                .isEqualTo(golden());
    }

    @ParameterizedTest
    @CsvSource({"READY, held", "SUSPECT, ending", "LOST, over"})
    void whatMustNotRunTwiceIsCountedByTheLeaseOfItsNode(NodeState node, String lease) throws IOException {
        ClusterState state = new ClusterState(
                List.of(new NodeRecord(Samples.NODE, node, facts(), 0, 0, 3, "digest", NodeDuty.OPEN, 0, false, null)),
                STATE.plans(),
                STATE.tenants(),
                STATE.workloads(),
                List.of(
                        Samples.allocation(
                                "bbbbbbbb", Samples.alone(Samples.spec(1, "true")), Wanted.RUNNING, null, 1L),
                        Samples.allocation("aaaaaaaa", Wanted.RUNNING, null, 1L)),
                Map.of(),
                Set.of());
        assertThat(text(ClusterMetrics.of(view(state), 0, Map.of(), new Role(true, 1, 1)))
                        .lines())
                .filteredOn(line -> line.startsWith("landlord_leased_replicas"))
                .hasSize(3)
                .filteredOn(line -> line.endsWith(" 1.0"))
                .containsExactly("landlord_leased_replicas{lease=\"" + lease + "\"} 1.0");
    }

    @Test
    void whatIsNotThereHasNoSamples() throws IOException {
        assertThat(text(ClusterMetrics.of(view(ClusterState.EMPTY), 0, Map.of(), new Role(true, 1, 1))))
                .doesNotContain("tenant=", "node=", "workload=")
                .contains("landlord_scheduler_pending 0.0");
    }

    @Test
    void followerSpeaksOfItselfAlone() throws IOException {
        assertThat(text(ClusterMetrics.of(view(STATE), 2, Map.of(), new Role(false, 7, 0))))
                .doesNotContain("tenant=", "node=", "workload=", "landlord_scheduler_pending", "landlord_lost_nodes")
                .contains("landlord_controlplane_leader 0.0", "landlord_reconcile_passes_total 12.0");
    }

    private static ReconcileStats.View view(ClusterState state) {
        List<Long> durations = Collections.nCopies(ReconcileStats.BUCKETS.size() + 1, 1L);
        return new ReconcileStats.View(12, 1, 30, 2, durations, 0.5, 7000, state, Brake.NONE);
    }

    private static NodeFacts facts() {
        return new NodeFacts(
                4000,
                1L << 30,
                1000,
                1L << 29,
                "6.18",
                "hybrid",
                "0.1",
                List.of(),
                Map.of(),
                Map.of(),
                "127.0.0.1:9100",
                null);
    }

    private static String text(MetricSnapshots snapshots) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrometheusTextFormatWriter.create().write(out, snapshots);
        return out.toString(StandardCharsets.UTF_8);
    }

    private static String golden() throws IOException {
        try (var file = ClusterMetricsTest.class.getResourceAsStream("/meters.txt")) {
            return file == null ? "" : new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
