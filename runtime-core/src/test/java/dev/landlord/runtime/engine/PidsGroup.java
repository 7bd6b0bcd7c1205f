package dev.landlord.runtime.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** This process in a control group of its own, in which pids can be short. */
final class PidsGroup implements AutoCloseable {
    private static final Path ALL = Path.of("/sys/fs/cgroup");

    private final Path group;
    private final Path before;

    private PidsGroup(Path group, Path before) {
        this.group = group;
        this.before = before;
    }

    static PidsGroup aroundThisProcess() throws IOException {
        boolean v1 = Files.exists(ALL.resolve("pids"));
        Path hierarchy = v1 ? ALL.resolve("pids") : ALL;
        String own = Files.readAllLines(Path.of("/proc/self/cgroup")).stream()
                .filter(line -> line.contains(v1 ? ":pids:" : "0::"))
                .findFirst()
                .orElseThrow();
        Path before = hierarchy.resolve(own.substring(own.lastIndexOf(":/") + 2));
        Path group = Files.createDirectory(hierarchy.resolve(
                "landlord-test-short-" + ProcessHandle.current().pid()));
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
