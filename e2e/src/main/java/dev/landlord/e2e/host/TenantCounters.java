package dev.landlord.e2e.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The kernel's own counters of a tenant's slices, read past the product, so that the product's figures need not be believed.
 * A tenant has one slice on each host where it has anything. Knows both versions of control groups.
 */
public final class TenantCounters {
    private static final Path MOUNT = Path.of("/sys/fs/cgroup");

    private final List<String> cgroupRoots;
    private final String tenant;

    /** @param cgroupRoots of all hosts */
    public TenantCounters(List<String> cgroupRoots, String tenant) {
        this.cgroupRoots = List.copyOf(cgroupRoots);
        this.tenant = tenant;
    }

    /** CPU time that the tenant's programs have used, in nanoseconds. */
    public long cpuNanos() {
        if (Files.isDirectory(MOUNT.resolve("cpuacct"))) {
            return slices("cpuacct")
                    .mapToLong(slice -> number(slice.resolve("cpuacct.usage")).orElse(0L))
                    .sum();
        }
        return slices("")
                .mapToLong(slice -> 1000 * keyed(slice.resolve("cpu.stat"), "usage_usec"))
                .sum();
    }

    public long pids() {
        return slices(pidsHierarchy())
                .mapToLong(slice -> number(slice.resolve("pids.current")).orElse(0L))
                .sum();
    }

    /** The most processes that any one of the tenant's sandboxes has at this moment. */
    public long mostPidsInOneSandbox() {
        return sandboxes(pidsHierarchy())
                .mapToLong(leaf -> number(leaf.resolve("pids.current")).orElse(0L))
                .max()
                .orElse(0);
    }

    /** How often a fork of the tenant was refused, over all its sandboxes that exist. */
    public long forksRefused() {
        return sandboxes(pidsHierarchy())
                .mapToLong(leaf -> keyed(leaf.resolve("pids.events"), "max"))
                .sum();
    }

    /** The most memory that any one of the tenant's sandboxes ever had, of those that exist. */
    public long peakMemoryBytes() {
        boolean v1 = Files.isDirectory(MOUNT.resolve("memory"));
        String file = v1 ? "memory.max_usage_in_bytes" : "memory.peak";
        return sandboxes(v1 ? "memory" : "")
                .mapToLong(leaf -> number(leaf.resolve(file)).orElse(0L))
                .max()
                .orElseThrow(() -> new IllegalStateException("tenant " + tenant + " has no sandbox"));
    }

    /** Host process ids of all programs of the tenant. */
    public NavigableSet<Long> programs() {
        return sandboxes(pidsHierarchy())
                .flatMap(leaf -> lines(leaf.resolve("cgroup.procs")))
                .map(Long::valueOf)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String pidsHierarchy() {
        return Files.isDirectory(MOUNT.resolve("pids")) ? "pids" : "";
    }

    private Stream<Path> slices(String hierarchy) {
        return cgroupRoots.stream()
                .map(root -> MOUNT.resolve(hierarchy).resolve(root).resolve(tenant))
                .filter(Files::isDirectory);
    }

    private Stream<Path> sandboxes(String hierarchy) {
        return slices(hierarchy).flatMap(slice -> {
            String[] names = slice.toFile().list();
            return Stream.of(names == null ? new String[0] : names)
                    .map(slice::resolve)
                    .filter(Files::isDirectory);
        });
    }

    private static Optional<Long> number(Path file) {
        try {
            return Optional.of(Long.valueOf(Files.readString(file).strip()));
        } catch (IOException ended) {
            return Optional.empty(); // the sandbox ended meanwhile
        }
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream();
        } catch (IOException ended) {
            return Stream.empty(); // the sandbox ended meanwhile
        }
    }

    private static long keyed(Path file, String key) {
        return lines(file)
                .filter(line -> line.startsWith(key + " "))
                .mapToLong(line -> Long.parseLong(line.substring(key.length() + 1)))
                .findFirst()
                .orElse(0);
    }
}
