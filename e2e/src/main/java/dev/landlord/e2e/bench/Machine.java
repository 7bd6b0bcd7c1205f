package dev.landlord.e2e.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.stream.Stream;

/** What the figures were measured on. */
final class Machine {
    private Machine() {}

    static void describe(Summary summary) throws IOException {
        summary.put(
                "machine.date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        summary.put("machine.cpus", Runtime.getRuntime().availableProcessors());
        summary.put("machine.cpu", value(Path.of("/proc/cpuinfo"), "model name"));
        summary.put(
                "machine.kernel",
                Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip());
        summary.put("machine.cgroup_mode", cgroupMode());
        summary.put("machine.memory_mb", kilobytes(Path.of("/proc/meminfo"), "MemTotal") / 1024);
        summary.put("machine.java", Runtime.version().toString());
        summary.put(
                "machine.load_before",
                Files.readString(Path.of("/proc/loadavg")).strip());
    }

    private static String cgroupMode() {
        Path mount = Path.of("/sys/fs/cgroup");
        if (Files.exists(mount.resolve("cgroup.controllers"))) {
            return "v2";
        }
        return Files.isDirectory(mount.resolve("unified")) ? "hybrid" : "v1";
    }

    /** The number before {@code kB} on the line of that name. */
    static long kilobytes(Path file, String name) throws IOException {
        return Long.parseLong(value(file, name).replace("kB", "").strip());
    }

    private static String value(Path file, String name) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(name))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("0 kB");
        }
    }
}
