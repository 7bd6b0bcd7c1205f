package dev.landlord.agent;

import dev.landlord.api.id.AllocationId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** This machine, with a release of Landlord under /opt and its units under systemd. */
final class InstalledHost {
    private static final Path CGROUPS = Path.of("/sys/fs/cgroup");
    private static final Path PROC = Path.of("/proc");
    private static final Path INSTALLED = Path.of("/opt/landlord");
    private static final Path UNITS = Path.of("/etc/systemd/system");
    private static final Path SETTINGS = Path.of("/etc/landlord/agent.properties");
    private static final String ROOT = "landlord-sandboxes.service";

    /** A condition that asks the machine. */
    interface Look {
        boolean holds() throws IOException, InterruptedException;
    }

    record Answer(String command, int exit, String output) {
        Answer orFail() {
            if (exit != 0) {
                throw new AssertionError(command + " ended with " + exit + ": " + output);
            }
            return this;
        }
    }

    /**
     * That a sandbox is the same as before and not one like it.
     *
     * @param processes pid and start time of each process in its group
     */
    record Life(List<String> processes, List<String> supervisors, String memoryMax) {}

    /** In a file system that can be id-mapped. */
    Path state() {
        return Path.of(System.getProperty("java.io.tmpdir"), "agent");
    }

    /** As docs/operations.md says. */
    void install(List<String> settings) throws IOException, InterruptedException {
        Path built = Path.of("..", "dist", "target", "landlord").toRealPath();
        Files.createSymbolicLink(INSTALLED, built);
        Files.createDirectories(Objects.requireNonNull(SETTINGS.getParent()));
        Files.write(SETTINGS, settings);
        copyUnits();
    }

    private void copyUnits() throws IOException, InterruptedException {
        try (Stream<Path> units = Files.list(INSTALLED.resolve("systemd"))) {
            for (Path unit : units.toList()) {
                Files.copy(unit, UNITS.resolve(unit.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        systemctl("daemon-reload").orFail();
    }

    /** The same release once more in another place, and put in the place of the first as another one would be. */
    Path upgrade() throws IOException, InterruptedException {
        Path release = Path.of("/opt/landlord-2");
        run("cp", "-a", INSTALLED.toRealPath().toString(), release.toString()).orFail();
        run("ln", "-sfn", release.toString(), INSTALLED.toString()).orFail();
        copyUnits();
        return release;
    }

    Answer systemctl(String... words) throws IOException, InterruptedException {
        return run(Stream.concat(Stream.of("systemctl"), Stream.of(words)).toArray(String[]::new));
    }

    /** A unit that only a dependency can stop is stopped by one, as at shutdown. */
    void stopAsByShutdown(String unit) throws IOException, InterruptedException {
        Files.writeString(
                UNITS.resolve("test-shutdown.service"),
                "[Unit]\nConflicts=" + unit + "\nAfter=" + unit + "\n[Service]\nType=oneshot\nExecStart=/bin/true\n");
        systemctl("daemon-reload").orFail();
        systemctl("start", "test-shutdown.service").orFail();
        await(unit + " to stop", () -> systemctl("is-active", unit).output().equals("inactive"));
    }

    void moveClock(Duration distance) throws IOException, InterruptedException {
        long seconds = System.currentTimeMillis() / 1000 + distance.toSeconds();
        run("date", "--set", "@" + seconds).orFail();
    }

    long mainPid(String unit) throws IOException, InterruptedException {
        return Long.parseLong(systemctl("show", "--property=MainPID", "--value", unit)
                .orFail()
                .output());
    }

    void kill(long pid) throws IOException, InterruptedException {
        run("kill", "-KILL", Long.toString(pid)).orFail();
    }

    /** As a sandbox without an agent: controllers handed down, and a process in the innermost group. */
    Process startInNewGroup(Path group) throws IOException {
        Files.createDirectories(CGROUPS.resolve(group));
        Files.writeString(CGROUPS.resolve(ROOT).resolve("cgroup.subtree_control"), "+memory +pids\n");
        Process program = new ProcessBuilder("sleep", "1000000").start();
        Files.writeString(CGROUPS.resolve(group).resolve("cgroup.procs"), program.pid() + "\n");
        return program;
    }

    private static Answer run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(5, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new AssertionError(String.join(" ", command) + " does not end");
        }
        return new Answer(String.join(" ", command), process.exitValue(), output.strip());
    }

    void await(String what, Look look) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + Dispatch.PATIENCE.toNanos();
        while (!look.holds()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("waited in vain for " + what);
            }
            Thread.sleep(100);
        }
    }

    String groupOf(long pid) throws IOException {
        return Files.readString(PROC.resolve(Long.toString(pid)).resolve("cgroup"))
                .strip()
                .substring("0::".length());
    }

    String commandLine(long pid) throws IOException {
        return Files.readString(PROC.resolve(Long.toString(pid)).resolve("cmdline"))
                .replace('\0', ' ');
    }

    /** @param group relative to the root of the hierarchy */
    List<Long> processesIn(Path group) throws IOException {
        return Files.readAllLines(CGROUPS.resolve(group).resolve("cgroup.procs")).stream()
                .map(Long::valueOf)
                .toList();
    }

    /** Of all groups inside, but not of the holder's own; none if there is no such group. */
    List<Long> processesBelow(Path group) throws IOException {
        List<Long> found = new ArrayList<>();
        for (Path inner : groupsBelow(group)) {
            if (!inner.endsWith("_holder")) {
                found.addAll(processesIn(inner));
            }
        }
        return found;
    }

    private static List<Path> groupsBelow(Path group) throws IOException {
        Path top = CGROUPS.resolve(group);
        if (!Files.isDirectory(top)) {
            return List.of();
        }
        try (Stream<Path> groups = Files.walk(top)) {
            return groups.filter(Files::isDirectory).toList();
        }
    }

    /** Version 2 allows that in no group but the root of all; here it would mean that what is read is not what is. */
    List<Path> groupsThatHandDownAndHaveProcesses() throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path group : groupsBelow(Path.of(ROOT))) {
            boolean handsDown =
                    !Files.readString(group.resolve("cgroup.subtree_control")).isBlank();
            if (handsDown && !processesIn(group).isEmpty()) {
                found.add(group);
            }
        }
        return found;
    }

    Life life(String tenant, AllocationId allocation) throws IOException {
        Path leaf = leaf(tenant, allocation);
        return new Life(
                named(processesIn(leaf)),
                named(processesIn(Path.of(ROOT, "supervisors"))),
                Files.readString(CGROUPS.resolve(leaf).resolve("memory.max")).strip());
    }

    /** What the kernel shows in a file of an allocation's group. */
    String limit(String tenant, AllocationId allocation, String file) throws IOException {
        return Files.readString(CGROUPS.resolve(leaf(tenant, allocation)).resolve(file))
                .strip();
    }

    void meddle(String tenant, AllocationId allocation, String file, String text) throws IOException {
        Files.writeString(CGROUPS.resolve(leaf(tenant, allocation)).resolve(file), text);
    }

    private static Path leaf(String tenant, AllocationId allocation) throws IOException {
        try (Stream<Path> leaves = Files.list(CGROUPS.resolve(ROOT).resolve(tenant))) {
            return leaves.filter(leaf -> leaf.getFileName().toString().startsWith(allocation.value()))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** proc(5): the start time is the 22nd field, and the name, which may hold anything, ends with the last bracket. */
    private static List<String> named(List<Long> pids) throws IOException {
        List<String> names = new ArrayList<>();
        for (long pid : pids) {
            String stat = Files.readString(PROC.resolve(Long.toString(pid)).resolve("stat"));
            names.add(pid + "@" + stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[19]);
        }
        return names;
    }

    /** What the supervisor has kept of its standard output. */
    String output(AllocationId allocation) throws IOException {
        StringBuilder text = new StringBuilder();
        try (Stream<Path> files = Files.walk(state().resolve("sandboxes"))) {
            for (Path file : files.sorted().toList()) {
                boolean ofAllocation = Objects.requireNonNull(file.getParent())
                        .getFileName()
                        .toString()
                        .startsWith(allocation.value());
                if (ofAllocation && file.getFileName().toString().startsWith("stdout.")) {
                    text.append(Files.readString(file));
                }
            }
        }
        return text.toString();
    }
}
