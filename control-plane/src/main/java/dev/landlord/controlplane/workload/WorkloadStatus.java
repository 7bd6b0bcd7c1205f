package dev.landlord.controlplane.workload;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of a workload.
 *
 * @param desired replicas that it is to have now
 * @param running replicas that run
 * @param healthy replicas that run and pass their check, or have none
 * @param updated replicas that have the newest spec
 * @param message the newest trouble in words, if any
 * @param reasons why replicas that are wanted have no place, one sentence each
 */
public record WorkloadStatus(
        int desired,
        int running,
        int healthy,
        int updated,
        @Nullable String message,
        List<String> reasons) {
    public WorkloadStatus {
        reasons = List.copyOf(reasons);
    }
}
