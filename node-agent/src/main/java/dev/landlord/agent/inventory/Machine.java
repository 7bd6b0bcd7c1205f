package dev.landlord.agent.inventory;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The size of the whole machine.
 *
 * @param cpuMillis thousandths of a core
 * @param pids processes and threads that the kernel allows at one time
 */
public record Machine(long cpuMillis, long memoryBytes, long pids) {
    private static final Pattern MEM_TOTAL = Pattern.compile("^MemTotal: +([0-9]+) kB$", Pattern.MULTILINE);

    /** @param proc where procfs is mounted */
    public static Machine of(int cpus, Path proc) {
        long pids =
                Math.min(number(proc.resolve("sys/kernel/pid_max")), number(proc.resolve("sys/kernel/threads-max")));
        return new Machine(cpus * 1000L, memoryBytes(proc.resolve("meminfo")), pids);
    }

    private static long memoryBytes(Path meminfo) {
        Matcher total = MEM_TOTAL.matcher(read(meminfo));
        if (total.find()) {
            return Long.parseLong(total.group(1)) * 1024;
        }
        throw new IllegalStateException("read " + meminfo + ": no line MemTotal");
    }

    private static long number(Path file) {
        return Long.parseLong(read(file).strip());
    }

    /** In one read call: the kernel answers only the first read of a sysctl, and small reads would get its first digit. */
    private static String read(Path file) {
        try (InputStream in = new FileInputStream(file.toFile())) {
            byte[] bytes = new byte[64 * 1024];
            int length = in.read(bytes);
            return new String(bytes, 0, Math.max(0, length), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException("read " + file + ": " + e, e);
        }
    }
}
