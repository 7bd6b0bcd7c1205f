package dev.landlord.agent.diff;

import dev.landlord.api.sync.Assignment;

/**
 * The limits that can change while a sandbox runs; for one allocation, or summed for all that a tenant has here.
 *
 * @param cpuMillis hard cap in thousandths of a core
 * @param memoryBytes memory and swap together
 * @param pids processes and threads
 * @param cpuWeight the tenant's share of a contended CPU, 1 to 10,000; of a sum the largest, not the sum
 */
public record ResourceLimits(long cpuMillis, long memoryBytes, long pids, int cpuWeight) {
    public static ResourceLimits of(Assignment assignment) {
        // Our reaping init is one more process in the same group, and no tenant should pay for it.
        int ours = assignment.process().init() ? 1 : 0;
        return new ResourceLimits(
                assignment.resources().cpuMillis(),
                assignment.resources().memoryBytes(),
                assignment.resources().pids() + ours,
                assignment.cpuWeight());
    }

    ResourceLimits plus(ResourceLimits other) {
        return new ResourceLimits(
                cpuMillis + other.cpuMillis,
                memoryBytes + other.memoryBytes,
                pids + other.pids,
                Math.max(cpuWeight, other.cpuWeight));
    }

    ResourceLimits atLeast(ResourceLimits other) {
        return new ResourceLimits(
                Math.max(cpuMillis, other.cpuMillis),
                Math.max(memoryBytes, other.memoryBytes),
                Math.max(pids, other.pids),
                Math.max(cpuWeight, other.cpuWeight));
    }
}
