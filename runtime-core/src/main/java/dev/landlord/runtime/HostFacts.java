package dev.landlord.runtime;

import java.util.Map;
import java.util.Set;

/**
 * What this host has, and what was verified by trying.
 *
 * @param swapBytes all that can be swapped out on this host, by whomever
 * @param capabilities verified names of {@link Capability}
 * @param missing name to reason
 */
public record HostFacts(
        int cpus,
        long memoryBytes,
        long swapBytes,
        String kernel,
        CgroupMode cgroupMode,
        Set<String> capabilities,
        Map<String, String> missing) {
    public HostFacts {
        capabilities = Set.copyOf(capabilities);
        missing = Map.copyOf(missing);
    }

    /** How control groups are mounted. */
    public enum CgroupMode {
        V1,
        HYBRID,
        V2
    }
}
