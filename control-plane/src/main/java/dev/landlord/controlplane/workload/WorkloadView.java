package dev.landlord.controlplane.workload;

/** A workload as it is shown: what is wanted and what became of it, apart. */
record WorkloadView(
        String tenant,
        String name,
        long specVersion,
        long restartCounter,
        boolean deleting,
        WorkloadForm spec,
        WorkloadStatus status) {
    static WorkloadView of(WorkloadRecord workload, WorkloadStatus status) {
        return new WorkloadView(
                workload.tenant().value(),
                workload.name().value(),
                workload.specVersion(),
                workload.restartCounter(),
                workload.deleting(),
                WorkloadForm.of(workload.spec()),
                status);
    }
}
