package dev.landlord.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.runtime.ExitRecord;
import dev.landlord.runtime.HostFacts.CgroupMode;
import dev.landlord.runtime.IdBlock;
import dev.landlord.runtime.Isolation;
import dev.landlord.runtime.Limits;
import dev.landlord.runtime.LogPage;
import dev.landlord.runtime.LogPolicy;
import dev.landlord.runtime.OwnerId;
import dev.landlord.runtime.ProcessSpec;
import dev.landlord.runtime.RuntimeConfig;
import dev.landlord.runtime.SandboxId;
import dev.landlord.runtime.SandboxRuntime;
import dev.landlord.runtime.SandboxSpec;
import dev.landlord.runtime.cgroup.Cgroups;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** This machine with a busybox image, a state directory and a control-group root of its own. */
final class Host {
    static final OwnerId ALICE = new OwnerId("alice");
    static final OwnerId BOB = new OwnerId("bob");
    /** What is waited for comes soon on a quiet machine; an emulated one beside a busy neighbour takes its time. */
    static final Duration PATIENCE = Duration.ofMinutes(2);

    static final Limits LIMITS = new Limits(100, 1000L, 64L << 20, 64L, null, List.of());
    static final LogPolicy LOGS = new LogPolicy(8192, 2, 1 << 20);
    static final ProcessSpec NO_PROCESS =
            new ProcessSpec(List.of("true"), Map.of("PATH", "/bin"), "/", 0, 0, List.of());

    private static final AtomicInteger NEXT = new AtomicInteger();
    private static final List<String> APPLETS = List.of(
            "sh",
            "ls",
            "cat",
            "ps",
            "id",
            "hostname",
            "sleep",
            "mount",
            "umount",
            "mknod",
            "kill",
            "yes",
            "head",
            "tr",
            "grep",
            "dd",
            "env",
            "pwd",
            "true",
            "false",
            "touch",
            "readlink",
            "unshare",
            "chroot",
            "ln",
            "wc",
            "stat",
            "chown",
            "mkdir",
            "tail",
            "test",
            "seq",
            "rm",
            "df",
            "find",
            "printf");

    final Path image;
    final RuntimeConfig config;

    Host(Path scratch) throws IOException {
        this.image = scratch.resolve("image");
        this.config = new RuntimeConfig(
                scratch.resolve("state"),
                Path.of("/sys/fs/cgroup"),
                "landlord-test-" + ProcessHandle.current().pid() + "-" + NEXT.incrementAndGet(),
                null);
        Path bin = Files.createDirectories(image.resolve("bin"));
        Files.copy(Path.of("/bin/busybox"), bin.resolve("busybox"));
        for (String applet : APPLETS) {
            Files.createSymbolicLink(bin.resolve(applet), Path.of("busybox"));
        }
        Files.createDirectories(image.resolve("etc"));
        Files.writeString(image.resolve("etc/passwd"), "root:x:0:0:root:/:/bin/sh\n");
    }

    SandboxRuntime open() {
        return new LinuxSandboxRuntime(config);
    }

    static ProcessSpec shell(String script) {
        return shellAs(0, script);
    }

    static ProcessSpec shellAs(int uid, String script) {
        return new ProcessSpec(
                List.of("sh", "-c", script), Map.of("PATH", "/bin", "GREETING", "hello"), "/", uid, uid, List.of());
    }

    SandboxSpec spec(ProcessSpec process) {
        return spec(process, LIMITS, true, Isolation.FULL);
    }

    SandboxSpec spec(ProcessSpec process, Limits limits) {
        return spec(process, limits, true, Isolation.FULL);
    }

    SandboxSpec spec(ProcessSpec process, LogPolicy logs) {
        return spec(ALICE, process, LIMITS, true, Isolation.FULL, logs);
    }

    SandboxSpec specOf(OwnerId owner, ProcessSpec process) {
        return spec(owner, process, LIMITS, true, Isolation.FULL, LOGS);
    }

    SandboxSpec spec(ProcessSpec process, Limits limits, boolean init, Isolation isolation) {
        return spec(ALICE, process, limits, init, isolation, LOGS);
    }

    private SandboxSpec spec(
            OwnerId owner, ProcessSpec process, Limits limits, boolean init, Isolation isolation, LogPolicy logs) {
        return new SandboxSpec(
                new SandboxId("t" + NEXT.incrementAndGet()),
                owner,
                new IdBlock(0x6000_0000L, IdBlock.DEFAULT_SIZE),
                image,
                process,
                "shop-0",
                limits,
                4 << 20,
                256,
                1 << 20,
                init,
                logs,
                isolation,
                null,
                null);
    }

    boolean hasVersion2Alone() {
        return Cgroups.detect(config) == CgroupMode.V2;
    }

    /** The group of one sandbox: in the hierarchy of the controller, or in the only one that there is. */
    Path group(String controller, SandboxId id) {
        Path hierarchy =
                hasVersion2Alone() ? config.cgroupMount() : config.cgroupMount().resolve(controller);
        return hierarchy.resolve(config.cgroupRoot()).resolve(ALICE.value()).resolve(id.value());
    }

    /** {@link #LIMITS} as the kernel shows them: file to text. */
    Map<Path, String> shownLimits(SandboxId id) {
        Path memory = group("memory", id);
        Path cpu = group("cpu", id);
        String bytes = Long.toString(64L << 20);
        Map<Path, String> shown = hasVersion2Alone()
                ? Map.of(
                        memory.resolve("memory.max"), bytes,
                        memory.resolve("memory.swap.max"), "0",
                        memory.resolve("memory.oom.group"), "1",
                        cpu.resolve("cpu.max"), "100000 100000")
                : Map.of(
                        memory.resolve("memory.limit_in_bytes"),
                        bytes,
                        memory.resolve("memory.memsw.limit_in_bytes"),
                        bytes,
                        cpu.resolve("cpu.cfs_quota_us"),
                        "100000",
                        cpu.resolve("cpu.cfs_period_us"),
                        "100000");
        return Stream.concat(
                        shown.entrySet().stream(),
                        Stream.of(Map.entry(group("pids", id).resolve("pids.max"), "64")))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** What one run of a script inside a sandbox said and how it ended. */
    record Outcome(String out, String err, ExitRecord exit) {}

    Outcome run(SandboxRuntime runtime, SandboxSpec spec) {
        runtime.create(spec);
        try {
            runtime.start(spec.id());
            ExitRecord exit = runtime.awaitExit(spec.id(), PATIENCE).orElseThrow();
            return new Outcome(
                    output(runtime, spec.id(), LogPage.Stream.STDOUT),
                    output(runtime, spec.id(), LogPage.Stream.STDERR),
                    exit);
        } finally {
            runtime.delete(spec.id());
        }
    }

    static void startAndAwaitOutput(SandboxRuntime runtime, SandboxSpec spec, String expected) {
        runtime.create(spec);
        runtime.start(spec.id());
        await(
                "output " + expected,
                () -> output(runtime, spec.id(), LogPage.Stream.STDOUT).contains(expected));
    }

    /** Something that becomes true by itself. */
    interface Condition {
        boolean holds() throws IOException;
    }

    static void await(String what, Condition condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try {
            while (!condition.holds()) {
                assertThat(System.nanoTime()).as("waiting for " + what).isLessThan(deadline);
                LockSupport.parkNanos(1_000_000);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(what, e);
        }
    }

    static String output(SandboxRuntime runtime, SandboxId id, LogPage.Stream stream) {
        return new String(runtime.logs(id, stream, 0, 1 << 20).bytes(), StandardCharsets.UTF_8);
    }

    /** An amount in a status file of /proc. */
    static long kibibytes(String status, String key) {
        String line =
                status.lines().filter(l -> l.startsWith(key + ":")).findFirst().orElseThrow();
        return Long.parseLong(line.replaceAll("[^0-9]", ""));
    }

    /** Ends a test: deletes what it made, and sees that nothing is left. */
    void clean(SandboxRuntime runtime) throws IOException {
        runtime.list().forEach(status -> runtime.delete(status.id()));
        runtime.forgetOwner(ALICE);
        assertThat(leftovers()).isEmpty();
    }

    /** Ends the last test: the root group goes too. */
    void takeDown(SandboxRuntime runtime) throws IOException {
        clean(runtime);
        runtime.close();
        Cgroups.open(config).removeRoot();
    }

    /** Everything of ours that could be left behind. */
    Set<String> leftovers() throws IOException {
        Set<String> found = new TreeSet<>();
        for (Path root : groupRoots()) {
            try (Stream<Path> groups = Files.walk(root)) {
                groups.filter(path -> Files.isDirectory(path) && !path.equals(root) && !path.endsWith("supervisors"))
                        .map(path -> "group " + path)
                        .forEach(found::add);
            }
        }
        try (Stream<Path> directories = Files.list(config.stateDirectory().resolve("sandboxes"))) {
            directories.map(path -> "directory " + path).forEach(found::add);
        }
        Files.readString(Path.of("/proc/mounts"))
                .lines()
                .filter(line -> line.contains(image.toString()) || line.startsWith("landlord "))
                .map(line -> "mount " + line)
                .forEach(found::add);
        found.addAll(supervisors());
        return found;
    }

    /** In the hierarchy of memory, or the only one there is: those it never has to stay out of. */
    void awaitSupervisorInItsGroup(int supervisor) throws IOException {
        Path groups = Path.of("/proc", Integer.toString(supervisor), "cgroup");
        String wanted = ":/" + config.cgroupRoot() + "/supervisors";
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (Files.readString(groups)
                .lines()
                .filter(line -> line.contains(":memory") || (line.startsWith("0::") && !line.equals("0::/")))
                .noneMatch(line -> line.endsWith(wanted))) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("supervisor " + supervisor + " is in " + Files.readString(groups));
            }
            Thread.onSpinWait();
        }
    }

    private List<Path> groupRoots() throws IOException {
        try (Stream<Path> hierarchies = Files.list(config.cgroupMount())) {
            return Stream.concat(hierarchies, Stream.of(config.cgroupMount()))
                    .map(hierarchy -> hierarchy.resolve(config.cgroupRoot()))
                    .filter(Files::isDirectory)
                    .toList();
        }
    }

    private static Set<String> supervisors() {
        return ProcessHandle.current()
                .children()
                .filter(child -> child.info().command().orElse("").contains("landlord-init"))
                .map(child -> "process " + child.pid())
                .collect(Collectors.toSet());
    }
}
