package dev.landlord.controlplane.allocation;

import dev.landlord.api.id.NodeName;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.sync.ObservedAllocation;
import dev.landlord.api.sync.ObservedPhase;
import dev.landlord.controlplane.node.Nodes;
import dev.landlord.controlplane.scheduler.Plan.Waits;
import dev.landlord.controlplane.scheduler.WorkloadKey;
import dev.landlord.controlplane.workload.StatusSource;
import dev.landlord.controlplane.workload.WorkloadRecord;
import dev.landlord.controlplane.workload.WorkloadStatus;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Says of workloads how many replicas run, how many are up to date, and what is in the way. */
@Component
final class WorkloadStatuses implements StatusSource {
    private final Allocations allocations;
    private final Templates templates;
    private final Explanations explanations;
    private final Nodes nodes;

    WorkloadStatuses(Allocations allocations, Templates templates, Explanations explanations, Nodes nodes) {
        this.allocations = allocations;
        this.templates = templates;
        this.explanations = explanations;
        this.nodes = nodes;
    }

    @Override
    public List<WorkloadStatus> statuses(JdbcClient reader, TenantName tenant, List<WorkloadRecord> workloads) {
        List<Allocation> all = workloads.size() == 1
                ? allocations.ofWorkload(
                        reader, new WorkloadKey(tenant, workloads.getFirst().name()))
                : allocations.ofTenant(reader, tenant);
        Set<NodeName> lost = nodes.lost(reader);
        Map<WorkloadKey, List<Allocation>> present = all.stream()
                .filter(allocation -> allocation.isLive() && !lost.contains(allocation.node()))
                .collect(Collectors.groupingBy(Allocation::workload));
        return workloads.stream()
                .map(workload -> {
                    WorkloadKey key = new WorkloadKey(tenant, workload.name());
                    return status(key, workload, present.getOrDefault(key, List.of()));
                })
                .toList();
    }

    /** @param present what is wanted and not on a lost node */
    private WorkloadStatus status(WorkloadKey key, WorkloadRecord workload, List<Allocation> present) {
        String template = templates.digest(Template.of(workload.spec()));
        long running = present.stream()
                .filter(allocation -> phase(allocation) == ObservedPhase.RUNNING)
                .count();
        long healthy = present.stream().filter(Allocation::isHealthy).count();
        long updated = present.stream()
                .filter(allocation ->
                        !allocation.displaced() && allocation.templateDigest().equals(template))
                .count();
        return new WorkloadStatus(
                workload.deleting() ? 0 : workload.spec().replicas(),
                (int) running,
                (int) healthy,
                (int) updated,
                trouble(key, present),
                explanations.waiting(key, Waits.PLACE));
    }

    private @Nullable String trouble(WorkloadKey key, List<Allocation> present) {
        String ofReplica = present.stream()
                .filter(allocation ->
                        phase(allocation) == ObservedPhase.FAILED || phase(allocation) == ObservedPhase.BACKING_OFF)
                .map(WorkloadStatuses::words)
                .findFirst()
                .orElse(null);
        if (ofReplica != null) {
            return ofReplica;
        }
        List<String> update = explanations.waiting(key, Waits.UPDATE);
        if (!update.isEmpty()) {
            return "update: " + String.join("; ", update);
        }
        List<String> move = explanations.waiting(key, Waits.MOVE);
        return move.isEmpty() ? null : "move to another node: " + String.join("; ", move);
    }

    private static String words(Allocation allocation) {
        ObservedAllocation observed = Objects.requireNonNull(allocation.observed());
        String message = observed.message() == null ? "exit code " + observed.exitCode() : observed.message();
        return "replica " + allocation.index() + ": " + message;
    }

    private static @Nullable ObservedPhase phase(Allocation allocation) {
        return allocation.observed() == null ? null : allocation.observed().phase();
    }
}
