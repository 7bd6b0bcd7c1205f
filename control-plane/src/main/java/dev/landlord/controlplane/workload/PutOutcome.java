package dev.landlord.controlplane.workload;

/** What a PUT left behind. */
record PutOutcome(WorkloadRecord record, boolean created) {}
