package dev.landlord.runtime.cgroup;

import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.SandboxException.Kind;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Stops, wakes and kills groups.
 *
 * <p>Where version 2 is mounted, its {@code cgroup.freeze} is used even if the controllers are on version 1: a process
 * frozen by version 1 ignores SIGKILL until it is thawed.
 */
final class Freezer {
    private static final Duration FREEZE = Duration.ofSeconds(5);
    private static final Duration KILL = Duration.ofSeconds(5);
    private static final String V1 = "freezer";
    private static final String STATE = "freezer.state";

    private final Groups groups;
    private final CgroupFs fs;
    private final boolean unifiedFreeze;
    private final boolean unifiedKill;

    /** The root must have been made: the kernel shows these files in no group but ours. */
    Freezer(Groups groups) {
        this.groups = groups;
        this.fs = groups.fs();
        this.unifiedFreeze = unified(groups, "cgroup.freeze");
        this.unifiedKill = unified(groups, "cgroup.kill");
    }

    private static boolean unified(Groups groups, String file) {
        return groups.has(Hierarchy.UNIFIED) && groups.fs().exists(groups.file(Hierarchy.UNIFIED, groups.root(), file));
    }

    void freeze(String group) {
        Path file = begin(group, true);
        long deadline = System.nanoTime() + FREEZE.toNanos();
        long pause = 100_000;
        while (!frozen(group)) {
            if (System.nanoTime() >= deadline) {
                throw new SandboxException(
                        Kind.TIMEOUT, "freeze", file.toString(), "some processes have not stopped in " + FREEZE);
            }
            Faults.pause(pause, "freeze", file);
            pause = Math.min(pause * 2, 5_000_000);
            if (!unifiedFreeze) {
                begin(group, true); // version 1 looks again at new forks only when it is asked again
            }
        }
    }

    void thaw(String group) {
        begin(group, false);
    }

    boolean frozen(String group) {
        Path file = unifiedFreeze
                ? groups.file(Hierarchy.UNIFIED, group, "cgroup.events")
                : groups.file(requireV1(), group, STATE);
        try {
            String text = fs.read(file);
            return unifiedFreeze
                    ? text.lines().anyMatch("frozen 1"::equals)
                    : text.strip().equals("FROZEN");
        } catch (IOException e) {
            throw Faults.of(absentOr(e), "read", file, e);
        }
    }

    /** Sends SIGKILL to all; does not wait for them to go. Nothing to do if the group is not there. */
    void kill(String group) {
        if (!unifiedKill) {
            killOneByOne(group);
            return;
        }
        Path file = groups.file(Hierarchy.UNIFIED, group, "cgroup.kill");
        try {
            fs.write(file, "1\n");
        } catch (NoSuchFileException ignored) {
            return;
        } catch (IOException e) {
            throw Faults.host("kill", file, e);
        }
        if (!unifiedFreeze && groups.has(V1)) {
            thaw(group);
        }
    }

    /** What forks faster than it is killed has to be stopped first. It must be woken again whatever happens. */
    private void killOneByOne(String group) {
        String controller = unifiedFreeze ? Hierarchy.UNIFIED : requireV1();
        Path procs = groups.file(controller, group, "cgroup.procs");
        long deadline = System.nanoTime() + KILL.toNanos();
        while (!processes(procs).isEmpty()) {
            if (System.nanoTime() >= deadline) {
                throw new SandboxException(
                        Kind.TIMEOUT, "kill", procs.toString(), "some processes are not dead in " + KILL);
            }
            try {
                begin(group, true);
                for (int look = 0; look < 10 && !frozen(group); look++) {
                    Faults.pause(500_000, "kill", procs);
                    begin(group, true);
                }
                processes(procs).forEach(Freezer::sigkill);
            } finally {
                begin(group, false);
            }
            leaveFrozenSlice(group, procs);
            Faults.pause(1_000_000, "kill", procs);
        }
    }

    private static void sigkill(long pid) {
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }

    /** In a slice frozen by version 1 even a dying process would wait for the thaw; outside of it it dies. */
    private void leaveFrozenSlice(String group, Path procs) {
        if (unifiedFreeze) {
            return;
        }
        try {
            if (fs.read(groups.file(V1, group, "freezer.parent_freezing"))
                    .strip()
                    .equals("1")) {
                Path outside = groups.file(V1, groups.supervisors(), "cgroup.procs");
                for (long pid : processes(procs)) {
                    moveDying(outside, pid);
                }
            }
        } catch (IOException e) {
            throw Faults.host("kill", procs, e);
        }
    }

    private void moveDying(Path outside, long pid) throws IOException {
        try {
            fs.write(outside, pid + "\n");
        } catch (IOException e) {
            if (ProcessHandle.of(pid).isPresent()) {
                throw e;
            }
        }
    }

    private List<Long> processes(Path procs) {
        try {
            return fs.read(procs).lines().map(Long::parseLong).toList();
        } catch (NoSuchFileException ignored) {
            return List.of();
        } catch (IOException e) {
            throw Faults.host("read", procs, e);
        }
    }

    private Path begin(String group, boolean freeze) {
        Path file = unifiedFreeze
                ? groups.file(Hierarchy.UNIFIED, group, "cgroup.freeze")
                : groups.file(requireV1(), group, STATE);
        String frozen = unifiedFreeze ? "1\n" : "FROZEN\n";
        String thawed = unifiedFreeze ? "0\n" : "THAWED\n";
        try {
            fs.write(file, freeze ? frozen : thawed);
            return file;
        } catch (IOException e) {
            throw Faults.of(absentOr(e), freeze ? "freeze" : "thaw", file, e);
        }
    }

    private static Kind absentOr(IOException e) {
        return e instanceof NoSuchFileException ? Kind.NOT_FOUND : Kind.HOST_FAULT;
    }

    private String requireV1() {
        if (!groups.has(V1)) {
            throw new SandboxException(Kind.UNSUPPORTED, "freeze", groups.root(), "this host has no freezer");
        }
        return V1;
    }
}
