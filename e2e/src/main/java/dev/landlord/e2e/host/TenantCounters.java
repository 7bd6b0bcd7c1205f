package dev.landlord.e2e.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The kernel's own counters of a tenant's slice, read past the product, so that the product's figures need not be believed.
 * Knows both versions of control groups.
 */
public final class TenantCounters {
    private static final Path MOUNT = Path.of("/sys/fs/cgroup");

    private final String cgroupRoot;
    private final String tenant;

    public TenantCounters(String cgroupRoot, String tenant) {
        this.cgroupRoot = cgroupRoot;
        this.tenant = tenant;
    }

    /** CPU time that the tenant's programs have used, in nanoseconds. */
    public long cpuNanos() {
        Path v1 = slice("cpuacct").resolve("cpuacct.usage");
        if (Files.exists(v1)) {
            return Long.parseLong(text(v1));
        }
        return 1000 * keyed(slice("").resolve("cpu.stat"), "usage_usec");
    }

    public long pids() {
        return Long.parseLong(text(slice(pidsHierarchy()).resolve("pids.current")));
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

    private Path slice(String hierarchy) {
        return MOUNT.resolve(hierarchy).resolve(cgroupRoot).resolve(tenant);
    }

    private Stream<Path> sandboxes(String hierarchy) {
        Path slice = slice(hierarchy);
        String[] names = slice.toFile().list();
        return Stream.of(names == null ? new String[0] : names)
                .map(slice::resolve)
                .filter(Files::isDirectory);
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

    private static String text(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
