package dev.landlord.controlplane.allocation;

import dev.landlord.api.id.TenantName;
import dev.landlord.api.sync.ObservedAllocation;
import dev.landlord.api.sync.ObservedPhase;
import dev.landlord.controlplane.scheduler.WorkloadKey;
import dev.landlord.controlplane.workload.StatusSource;
import dev.landlord.controlplane.workload.WorkloadRecord;
import dev.landlord.controlplane.workload.WorkloadStatus;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

    WorkloadStatuses(Allocations allocations, Templates templates, Explanations explanations) {
        this.allocations = allocations;
        this.templates = templates;
        this.explanations = explanations;
    }

    @Override
    public List<WorkloadStatus> statuses(JdbcClient reader, TenantName tenant, List<WorkloadRecord> workloads) {
        List<Allocation> all = workloads.size() == 1
                ? allocations.ofWorkload(
                        reader, new WorkloadKey(tenant, workloads.getFirst().name()))
                : allocations.ofTenant(reader, tenant);
        Map<WorkloadKey, List<Allocation>> byWorkload =
                all.stream().collect(Collectors.groupingBy(Allocation::workload));
        return workloads.stream()
                .map(workload -> {
                    WorkloadKey key = new WorkloadKey(tenant, workload.name());
                    return status(key, workload, byWorkload.getOrDefault(key, List.of()));
                })
                .toList();
    }

    private WorkloadStatus status(WorkloadKey key, WorkloadRecord workload, List<Allocation> have) {
        String template = templates.digest(Template.of(workload.spec()));
        List<Allocation> live = have.stream().filter(Allocation::isLive).toList();
        long running = live.stream()
                .filter(allocation -> phase(allocation) == ObservedPhase.RUNNING)
                .count();
        long updated = live.stream()
                .filter(allocation -> allocation.templateDigest().equals(template))
                .count();
        return new WorkloadStatus(
                workload.deleting() ? 0 : workload.spec().replicas(),
                (int) running,
                (int) updated,
                trouble(key, live),
                explanations.unplaced(key));
    }

    private @Nullable String trouble(WorkloadKey key, List<Allocation> live) {
        String ofReplica = live.stream()
                .filter(allocation ->
                        phase(allocation) == ObservedPhase.FAILED || phase(allocation) == ObservedPhase.BACKING_OFF)
                .map(WorkloadStatuses::words)
                .findFirst()
                .orElse(null);
        if (ofReplica != null) {
            return ofReplica;
        }
        List<String> update = explanations.waitingUpdates(key);
        return update.isEmpty() ? null : "update: " + String.join("; ", update);
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
