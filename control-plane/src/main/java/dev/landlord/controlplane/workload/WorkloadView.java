package dev.landlord.controlplane.workload;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.landlord.api.workload.SpecChange;
import dev.landlord.controlplane.web.Wire;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A workload as it is shown: what is wanted and what became of it, apart.
 *
 * @param change only in the answer to a change: what it means for the replicas that run
 * @param revision of its row; shown as part of the entity tag
 */
record WorkloadView(
        String tenant,
        String name,
        long specVersion,
        long restartCounter,
        boolean deleting,
        WorkloadForm spec,
        WorkloadStatus status,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable ChangeBody change,
        @JsonIgnore long revision) {
    /** @param fields what changed; if replicas are replaced, only what makes it necessary */
    record ChangeBody(String kind, List<String> fields) {}

    static WorkloadView of(WorkloadRecord workload, WorkloadStatus status) {
        return new WorkloadView(
                workload.tenant().value(),
                workload.name().value(),
                workload.specVersion(),
                workload.restartCounter(),
                workload.deleting(),
                WorkloadForm.of(workload.spec()),
                status,
                null,
                workload.revision());
    }

    WorkloadView with(@Nullable SpecChange change) {
        ChangeBody body = change == null ? null : new ChangeBody(Wire.of(change.kind()), change.fields());
        return new WorkloadView(tenant, name, specVersion, restartCounter, deleting, spec, status, body, revision);
    }
}
