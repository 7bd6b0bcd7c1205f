package dev.landlord.api.sync;

/**
 * Limits of a running replica that its node last wrote and read back.
 *
 * @param cpuMillis hard cap in thousandths of a core
 * @param memoryBytes memory and swap together
 * @param pids processes and threads of the tenant's; what the node adds for its own is not counted
 */
public record AppliedLimits(long cpuMillis, long memoryBytes, long pids) {}
