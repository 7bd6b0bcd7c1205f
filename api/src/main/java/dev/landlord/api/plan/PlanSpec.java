package dev.landlord.api.plan;

import dev.landlord.api.sync.Assignment;
import dev.landlord.api.workload.InvalidField;
import dev.landlord.api.workload.IoRates;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The envelope of a tenant over all hosts, with the attributes that only the operator sets. Network
 * and traffic are part of every plan by name and refused until a node can enforce them.
 *
 * @param cpuMillis sum over all replicas, in thousandths of a core
 * @param cpuWeight share of a contended CPU relative to other tenants, 1 to 10,000
 * @param memoryBytes sum over all replicas
 * @param pids sum over all replicas
 * @param diskBytes sum of the writable layers
 * @param inodes sum over the writable layers
 * @param swapBytes sum over all replicas; 0 for none
 * @param priority 0 to 100; never the tenant's to set
 * @param trustClass tenants of different classes can be kept apart
 * @param io disk traffic on each node; null for no limit
 * @param ioWeight share of a contended disk relative to other tenants, 1 to 10,000; null for none of its own
 * @param cpuBurstPercent what a replica may save up of its cap of CPU, in percent of what the cap gives in one period of 100 ms;
 *     1 to 100, null for nothing
 */
public record PlanSpec(
        long cpuMillis,
        int cpuWeight,
        long memoryBytes,
        long pids,
        long diskBytes,
        long inodes,
        long swapBytes,
        int priority,
        String trustClass,
        @Nullable IoRates io,
        @Nullable Integer ioWeight,
        @Nullable Integer cpuBurstPercent) {
    public PlanSpec {
        atLeast("cpuMillis", cpuMillis, 10);
        atLeast("memoryBytes", memoryBytes, 4L << 20);
        atLeast("pids", pids, 1);
        atLeast("diskBytes", diskBytes, 64 << 10);
        atLeast("inodes", inodes, 16);
        atLeast("swapBytes", swapBytes, 0);
        between("cpuWeight", cpuWeight, 1, 10_000);
        between("priority", priority, 0, 100);
        if (ioWeight != null) {
            between("ioWeight", ioWeight, 1, 10_000);
        }
        if (cpuBurstPercent != null) {
            between("cpuBurstPercent", cpuBurstPercent, 1, 100);
        }
        if (!trustClass.matches("[a-z0-9-]{1,40}")) {
            throw new InvalidField("trustClass", "must match [a-z0-9-]{1,40}");
        }
    }

    /** Names of the capabilities that a node must have for its replicas, beyond those that all replicas need. */
    public Set<String> needs() {
        Set<String> needs = new TreeSet<>();
        if (io != null) {
            needs.addAll(io.needs());
        }
        if (ioWeight != null) {
            needs.addAll(Set.of("io.weight", Assignment.HEEDS_IO_WEIGHT));
        }
        if (cpuBurstPercent != null) {
            needs.addAll(Set.of("cpu.burst", Assignment.HEEDS_CPU_BURST));
        }
        return needs;
    }

    private static void atLeast(String field, long value, long min) {
        between(field, value, min, 1L << 50);
    }

    private static void between(String field, long value, long min, long max) {
        if (value < min || value > max) {
            throw new InvalidField(field, "must be between " + min + " and " + max + ", was " + value);
        }
    }
}
