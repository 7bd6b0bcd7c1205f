package dev.landlord.runtime.limit;

import java.util.Set;

/**
 * What a host has to limit with.
 *
 * @param controllers that reach a sandbox's group
 * @param hugePages sizes that this kernel has, as control groups name them, such as {@code 2MB}
 * @param hugePagesUnified whether their controller is on version 2, as it may be on a hybrid host
 * @param proportional whole devices, as major:minor, whose scheduler is BFQ
 */
public record Host(Set<String> controllers, Set<String> hugePages, boolean hugePagesUnified, Set<String> proportional) {
    public Host {
        controllers = Set.copyOf(controllers);
        hugePages = Set.copyOf(hugePages);
        proportional = Set.copyOf(proportional);
    }

    boolean has(String controller) {
        return controllers.contains(controller);
    }
}
