package dev.landlord.controlplane.scheduler;

import dev.landlord.api.id.TenantName;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.TenantView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * In which order missing replicas are placed: what was served until just now, then by plan priority, then one replica of
 * each tenant in turn. A tenant's flood of submissions delays only that tenant.
 */
final class FairOrder {
    record Missing(ReplicaDiff diff, int index) {}

    /** Where a tenant queues; what it has in the other line is not in the way. */
    private record Line(TenantName tenant, boolean urgent) {}

    private record Turn(Missing missing, boolean urgent, int priority, int round) {
        String tenant() {
            return missing.diff.workload.key().tenant().value();
        }
    }

    private FairOrder() {}

    /** @param diffs in the order of their workloads' names */
    static List<Missing> of(List<ReplicaDiff> diffs, Map<TenantName, TenantView> tenants) {
        Map<Line, Integer> rounds = new HashMap<>();
        List<Turn> turns = new ArrayList<>();
        for (ReplicaDiff diff : diffs) {
            TenantName name = diff.workload.key().tenant();
            TenantView tenant = tenants.get(name);
            int priority = tenant == null ? 0 : tenant.priority();
            for (int index : diff.missing) {
                boolean urgent = diff.isUrgent(index);
                int round = rounds.merge(new Line(name, urgent), 1, Integer::sum);
                turns.add(new Turn(new Missing(diff, index), urgent, priority, round));
            }
        }
        turns.sort(Comparator.comparing(Turn::urgent)
                .reversed()
                .thenComparing(Comparator.comparingInt(Turn::priority).reversed())
                .thenComparingInt(Turn::round)
                .thenComparing(Turn::tenant));
        return turns.stream().map(Turn::missing).toList();
    }
}
