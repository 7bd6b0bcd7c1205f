package dev.landlord.runtime;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where a runtime keeps its things. Several runtimes can share one host if the first three differ.
 *
 * @param stateDirectory one directory per sandbox lives here; created 0700 if absent
 * @param cgroupMount where control groups are mounted, {@code /sys/fs/cgroup}
 * @param cgroupRoot name of our subtree in every hierarchy, relative, for example {@code landlord}
 * @param network null: sandboxes have no network but their loopback
 */
public record RuntimeConfig(
        Path stateDirectory,
        Path cgroupMount,
        String cgroupRoot,
        @Nullable NetworkConfig network) {
    public RuntimeConfig {
        if (!stateDirectory.isAbsolute() || !cgroupMount.isAbsolute()) {
            throw new IllegalArgumentException("stateDirectory and cgroupMount must be absolute");
        }
        if (!cgroupRoot.matches("[a-z0-9][a-z0-9.-]*(/[a-z0-9][a-z0-9.-]*)*")) {
            throw new IllegalArgumentException("cgroupRoot must be a relative path of [a-z0-9.-] names");
        }
    }
}
