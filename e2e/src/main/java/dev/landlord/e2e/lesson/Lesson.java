package dev.landlord.e2e.lesson;

import dev.landlord.e2e.host.Footprint;
import dev.landlord.e2e.host.TenantCounters;
import dev.landlord.e2e.lesson.LessonSandbox.Request;
import dev.landlord.e2e.report.DemoReport;
import dev.landlord.runtime.ExitRecord;
import dev.landlord.runtime.Isolation;
import dev.landlord.runtime.Limits;
import dev.landlord.runtime.SandboxRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The lesson: what a changed root does not hide, what namespaces hide, what only control groups limit. */
public final class Lesson {
    private static final int CPU_PERCENT_OF_MACHINE = 5;
    private static final long MEMORY_BYTES = 80L << 20;
    private static final String MEMORY_HOG = "yes | tr \\\\n x | head -c 1048576000 | grep n";
    private static final String LONG_SLEEP = "sleep 86400";

    private final SandboxRuntime runtime;
    private final Path image;
    private final Path aliceSecret;
    private final long aliceIds;
    private final long eveIds;
    private final int cpus;
    private final TenantCounters eveCounters;

    /**
     * @param image directory of a root file system with busybox
     * @param cgroupRoot the runtime's, to read the kernel's own counters
     */
    public Lesson(SandboxRuntime runtime, Path image, Footprint footprint, String cgroupRoot) throws IOException {
        this.runtime = runtime;
        this.image = image;
        this.aliceIds = footprint.blockFromTheEnd(0);
        this.eveIds = footprint.blockFromTheEnd(1);
        this.cpus = Runtime.getRuntime().availableProcessors();
        this.eveCounters = new TenantCounters(List.of(cgroupRoot), "lesson-eve");
        this.aliceSecret = Files.writeString(footprint.scratch().resolve("alice-secret.txt"), "the till holds 4711\n");
    }

    public void teach(DemoReport report) throws InterruptedException {
        report.act("Act 1: a changed root hides files, and nothing else", () -> chrootOnly(report));
        report.act("Act 2: namespaces hide processes, users and the host's name", () -> namespaces(report));
        report.act("Act 3: control groups keep a neighbour from eating what others paid for", () -> {
            cpu(report);
            memory(report);
        });
    }

    private void chrootOnly(DemoReport report) throws InterruptedException {
        try (LessonSandbox alice = alice(Isolation.CHROOT_ONLY)) {
            int pid = alice.status().programPid();
            report.step(
                    "Eve reads Alice's secret file by its path on the host",
                    "No such file",
                    () -> eve(Isolation.CHROOT_ONLY, "cat " + aliceSecret),
                    output -> output.contains("No such file") && !output.contains("4711"));
            report.step(
                    "Eve lists the processes of the host",
                    "Alice's '" + LONG_SLEEP + "' is in the list",
                    () -> eve(Isolation.CHROOT_ONLY, "ps | grep '" + LONG_SLEEP + "' | grep -v grep"),
                    output -> output.contains(LONG_SLEEP));
            report.step(
                    "Eve kills Alice's process",
                    "it works: Alice's program is dead",
                    () -> eve(Isolation.CHROOT_ONLY, "kill -9 " + pid + " && echo killed") + " / "
                            + describe(alice.awaitExit()),
                    output -> output.contains("killed") && output.contains("signal 9"));
        }
    }

    private void namespaces(DemoReport report) throws InterruptedException {
        try (LessonSandbox alice = alice(Isolation.NAMESPACES)) {
            int pid = alice.status().programPid();
            report.step(
                    "Eve lists the processes that she can see",
                    "only her own; Alice's is not among them",
                    () -> eve(Isolation.NAMESPACES, "ps"),
                    output -> output.contains("ps") && !output.contains(LONG_SLEEP));
            report.step(
                    "Eve kills Alice's process by its number on the host",
                    "No such process, and Alice still runs",
                    () -> eve(Isolation.NAMESPACES, "kill -9 " + pid) + " / Alice is "
                            + alice.status().phase(),
                    output -> output.contains("No such process") && output.contains("Alice is RUNNING"));
            report.step(
                    "Eve asks for the host name",
                    "eve",
                    () -> eve(Isolation.NAMESPACES, "hostname").strip(),
                    "eve"::equals);
            report.step(
                    "Eve is root inside, and nobody on the host",
                    "uid 0, mapped to host uid " + eveIds,
                    () -> eve(Isolation.NAMESPACES, "id -u; cat /proc/self/uid_map")
                            .strip()
                            .replaceAll("\\s+", " "),
                    ("0 0 " + eveIds + " 65536")::equals);
        }
    }

    private void cpu(DemoReport report) throws InterruptedException {
        report.step(
                "yes > /dev/null with " + CPU_PERCENT_OF_MACHINE + " % of the machine",
                CPU_PERCENT_OF_MACHINE + " % within 1 point, over 5 s",
                this::cpuShare,
                observed -> Math.abs(Double.parseDouble(observed.replace(" %", "")) - CPU_PERCENT_OF_MACHINE) <= 1.0);
    }

    private void memory(DemoReport report) throws InterruptedException {
        report.step(
                MEMORY_HOG + ", held at 80 MB",
                "killed for its memory, never above 80 MB; Alice's program is untouched",
                this::memoryHog,
                observed -> observed.contains("out of memory true")
                        && Long.parseLong(observed.replaceAll(".*peak (\\d+) .*", "$1")) <= MEMORY_BYTES
                        && observed.contains("Alice is RUNNING"));
    }

    private String cpuShare() throws InterruptedException {
        long cpuMillis = CPU_PERCENT_OF_MACHINE * 10L * cpus;
        Limits limits = new Limits(100, cpuMillis, null, 64L, null, List.of());
        try (LessonSandbox eve = start("eve", eveIds, Isolation.FULL, limits, "yes > /dev/null")) {
            Thread.sleep(500);
            long usedBefore = eve.usage().cpuUsageNanos();
            long wallBefore = System.nanoTime();
            Thread.sleep(5_000);
            long used = eve.usage().cpuUsageNanos() - usedBefore;
            long wall = System.nanoTime() - wallBefore;
            return String.format(Locale.ROOT, "%.2f %%", 100.0 * used / wall / cpus);
        }
    }

    private String memoryHog() {
        Limits limits = new Limits(100, null, MEMORY_BYTES, 64L, null, List.of());
        try (LessonSandbox alice = alice(Isolation.FULL);
                LessonSandbox eve = start("eve", eveIds, Isolation.FULL, limits, MEMORY_HOG + "; exit $?")) {
            String ended = describe(eve.awaitExit());
            return ended + ", peak " + eveCounters.peakMemoryBytes() + " bytes / Alice is "
                    + alice.status().phase();
        }
    }

    private LessonSandbox alice(Isolation isolation) {
        return start("alice", aliceIds, isolation, Limits.NONE, "exec " + LONG_SLEEP);
    }

    private String eve(Isolation isolation, String script) {
        try (LessonSandbox eve = start("eve", eveIds, isolation, Limits.NONE, script)) {
            eve.awaitExit();
            return eve.output();
        }
    }

    private LessonSandbox start(String owner, long idBase, Isolation isolation, Limits limits, String script) {
        return LessonSandbox.start(runtime, image, new Request(owner, idBase, isolation, limits, script));
    }

    private static String describe(ExitRecord ended) {
        return "exit " + ended.exitCode() + ", signal " + ended.signal() + ", out of memory " + ended.oomKilled();
    }
}
