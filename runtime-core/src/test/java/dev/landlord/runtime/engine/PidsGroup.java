package dev.landlord.runtime.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** This process in a control group of its own, in which pids can be short. */
final class PidsGroup implements AutoCloseable {
    private static final Path PIDS = Path.of("/sys/fs/cgroup/pids");

    private final Path group;
    private final Path before;

    private PidsGroup(Path group, Path before) {
        this.group = group;
        this.before = before;
    }

    static PidsGroup aroundThisProcess() throws IOException {
        String own = Files.readAllLines(Path.of("/proc/self/cgroup")).stream()
                .filter(line -> line.contains(":pids:"))
                .findFirst()
                .orElseThrow();
        Path before = PIDS.resolve(own.substring(own.lastIndexOf(":/") + 2));
        Path group = Files.createDirectory(
                PIDS.resolve("landlord-test-short-" + ProcessHandle.current().pid()));
        PidsGroup made = new PidsGroup(group, before);
        made.moveTo(group);
        return made;
    }

    private void moveTo(Path target) throws IOException {
        Files.writeString(
                target.resolve("cgroup.procs"),
                Long.toString(ProcessHandle.current().pid()));
    }

    void leaveRoomFor(int pids) throws IOException {
        int now =
                Integer.parseInt(Files.readString(group.resolve("pids.current")).strip());
        Files.writeString(group.resolve("pids.max"), Integer.toString(now + pids));
    }

    @Override
    public void close() throws IOException {
        moveTo(before);
        Files.delete(group);
    }
}
