package dev.landlord.runtime.engine;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.landlord.runtime.cgroup.CgroupTree;
import dev.landlord.runtime.launch.HelperFault;
import dev.landlord.runtime.linux.Errno;
import dev.landlord.runtime.linux.Linux;
import dev.landlord.runtime.linux.LinuxFault;
import dev.landlord.runtime.proc.ProcStat;
import dev.landlord.runtime.state.SandboxDirectory;
import dev.landlord.runtime.state.SandboxDirectory.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds what an earlier process left: re-attaches to what runs, removes what was never finished. */
final class Adoption {
    private static final Logger LOG = LoggerFactory.getLogger(Adoption.class);
    private static final long UNFINISHED_PATIENCE_MILLIS = 10_000;

    private final CgroupTree groups;
    private final ExitWatcher watcher;
    private final Connections connections;

    Adoption(CgroupTree groups, ExitWatcher watcher, Connections connections) {
        this.groups = groups;
        this.watcher = watcher;
        this.connections = connections;
    }

    List<Sandbox> adoptAll(Path parent) {
        List<Sandbox> adopted = new ArrayList<>();
        for (SandboxDirectory directory : SandboxDirectory.all(parent)) {
            startedRun(directory).ifPresentOrElse(run -> adopted.add(adoptStarted(directory, run)), () -> {
                LOG.info("sandbox {} was never started by the earlier process, removing it", directory.id());
                connections.expel(directory.id()); // while its directory still says what there is to remove
                directory.delete();
            });
        }
        removeStrayGroups(adopted);
        return adopted;
    }

    /**
     * A supervisor that was not told to go on ends by itself when its launcher is gone, and its group is a stray. One that
     * was told in the last moment may still be about to note it.
     */
    private static Optional<Run> startedRun(SandboxDirectory directory) {
        long deadline = System.nanoTime() + UNFINISHED_PATIENCE_MILLIS * 1_000_000;
        while (true) {
            boolean alive = directory.liveRun().isPresent();
            Optional<Run> run = directory.run().filter(noted -> noted.startedAtEpochMillis() > 0);
            if (run.isPresent() || !alive || System.nanoTime() >= deadline) {
                return run;
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    private Sandbox adoptStarted(SandboxDirectory directory, Run run) {
        Sandbox sandbox = new Sandbox(directory, run.owner());
        sandbox.startedBefore(run.startedAtEpochMillis());
        OptionalInt supervisor = pidfd(run.supervisorPid());
        OptionalInt program = pidfd(run.programPid());
        // Asked after the opening: as long as its supervisor lives and has no record of its end, the pids are theirs.
        if (supervisor.isPresent() && directory.liveRun().isPresent()) {
            sandbox.adopted(run, ownChild(program, run));
            sandbox.markFrozen(
                    groups.exists(run.owner(), directory.id()) && groups.frozen(run.owner(), directory.id()));
            watcher.watchAdopted(sandbox, supervisor.getAsInt());
        } else {
            supervisor.ifPresent(Linux::close);
            program.ifPresent(Linux::close);
            watcher.endFromRecord(sandbox);
            sandbox.supervisorWent();
        }
        return sandbox;
    }

    private static OptionalInt pidfd(int pid) {
        try {
            return OptionalInt.of(Linux.pidfdOpen(pid));
        } catch (LinuxFault e) {
            if (e.errno() == Errno.ESRCH) {
                return OptionalInt.empty();
            }
            throw HelperFault.of("adopt", "process " + pid, e);
        }
    }

    /**
     * The supervisor may have reaped its program while we looked, and the number may be another's since: but a supervisor
     * has one child only.
     */
    private static OptionalInt ownChild(OptionalInt pidfd, Run run) {
        if (pidfd.isEmpty() || parentOf(run.programPid()) == run.supervisorPid()) {
            return pidfd;
        }
        Linux.close(pidfd.getAsInt());
        return OptionalInt.empty();
    }

    private static int parentOf(int pid) {
        try {
            return ProcStat.parse(Files.readString(Path.of("/proc", Integer.toString(pid), "stat"), ISO_8859_1))
                    .ppid();
        } catch (IOException ignored) {
            return 0; // it has gone
        }
    }

    private void removeStrayGroups(List<Sandbox> adopted) {
        Set<CgroupTree.Leaf> expected = new HashSet<>();
        adopted.forEach(sandbox -> expected.add(new CgroupTree.Leaf(sandbox.owner(), sandbox.id())));
        for (CgroupTree.Leaf leaf : groups.list()) {
            if (!expected.contains(leaf)) {
                LOG.info("control group {}/{} belongs to no sandbox, removing it", leaf.owner(), leaf.id());
                groups.kill(leaf.owner(), leaf.id());
                groups.remove(leaf.owner(), leaf.id());
            }
        }
    }
}
