package dev.landlord.api.workload;

/** Service workloads run until they are deleted; the other kinds are named in the design and refused until built. */
public enum WorkloadKind {
    SERVICE,
    BATCH,
    CRON,
    DAEMON
}
