package dev.landlord.e2e.output;

import dev.landlord.runtime.IdBlock;
import dev.landlord.runtime.Isolation;
import dev.landlord.runtime.Limits;
import dev.landlord.runtime.LogPolicy;
import dev.landlord.runtime.OwnerId;
import dev.landlord.runtime.ProcessSpec;
import dev.landlord.runtime.SandboxId;
import dev.landlord.runtime.SandboxRuntime;
import dev.landlord.runtime.SandboxSpec;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The CPU time of a supervisor whose program does nothing but write: in large pieces, and a byte at a time. Measured once
 * the second's worth that the program may have saved up is spent. The peer is the program itself: what a host must not do
 * is work more for such a program than its tenant has paid for.
 */
public final class OutputBench {
    private static final long MIB = 1L << 20;
    private static final long BURST_MILLIS = 2000;
    private static final long WATCHED_MILLIS = 5000;
    private static final Limits LIMITS = new Limits(100, 500L, 64 * MIB, 64L, null, List.of());

    private final PrintStream out;
    private final Path image;
    private final IdBlock ids;

    /** @param image directory of a root file system with busybox */
    public OutputBench(PrintStream out, Path image, IdBlock ids) {
        this.out = out;
        this.image = image;
        this.ids = ids;
    }

    /** Measures for some fifteen seconds. The figures by name, {@code output.*}. */
    public Map<String, Object> measure(SandboxRuntime runtime) throws InterruptedException {
        out.printf("%nPrograms that only write, at half a CPU each%n");
        Map<String, Object> figures = new LinkedHashMap<>();
        measure(runtime, "pieces", "cat /dev/zero", figures);
        measure(runtime, "bytes", "exec dd if=/dev/zero bs=1", figures);
        return figures;
    }

    private void measure(SandboxRuntime runtime, String name, String script, Map<String, Object> figures)
            throws InterruptedException {
        SandboxSpec spec = spec(name, script);
        runtime.create(spec);
        try {
            runtime.start(spec.id());
            Thread.sleep(BURST_MILLIS);
            Used before = used(runtime, spec.id());
            Thread.sleep(WATCHED_MILLIS);
            Used after = used(runtime, spec.id());
            double percent =
                    100 * (after.supervisorMillis - before.supervisorMillis) / (after.clockMillis - before.clockMillis);
            double ratio =
                    (after.supervisorMillis - before.supervisorMillis) / (after.programMillis - before.programMillis);
            out.printf(
                    Locale.ROOT, "  %-6s supervisor %.1f %% of a CPU, %.3f of its program's%n", name, percent, ratio);
            figures.put("output." + name + ".supervisor_cpu_percent", percent);
            figures.put("output." + name + ".ratio_to_program", ratio);
        } finally {
            runtime.delete(spec.id());
        }
    }

    private record Used(double clockMillis, double supervisorMillis, double programMillis) {}

    private static Used used(SandboxRuntime runtime, SandboxId id) {
        return new Used(
                System.nanoTime() / 1e6,
                cpuMillis(runtime.status(id).supervisorPid()),
                runtime.usage(id).cpuUsageNanos() / 1e6);
    }

    private SandboxSpec spec(String name, String script) {
        return new SandboxSpec(
                new SandboxId("bench-output-" + name),
                new OwnerId("bench"),
                ids,
                image,
                new ProcessSpec(
                        List.of("/bin/busybox", "sh", "-c", script), Map.of("PATH", "/bin"), "/", 0, 0, List.of()),
                "bench",
                LIMITS,
                8 * MIB,
                1024,
                MIB,
                true,
                LogPolicy.DEFAULT,
                Isolation.FULL,
                null,
                null);
    }

    private static double cpuMillis(int pid) {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().totalCpuDuration())
                .orElseThrow(() -> new IllegalStateException("supervisor " + pid + " is gone"))
                .toMillis();
    }
}
