package dev.landlord.runtime.engine;

import dev.landlord.runtime.cgroup.CgroupTree;
import dev.landlord.runtime.linux.Errno;
import dev.landlord.runtime.linux.Linux;
import dev.landlord.runtime.linux.LinuxFault;
import dev.landlord.runtime.state.SandboxDirectory;
import dev.landlord.runtime.state.SandboxDirectory.Run;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
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

    Adoption(CgroupTree groups, ExitWatcher watcher) {
        this.groups = groups;
        this.watcher = watcher;
    }

    List<Sandbox> adoptAll(Path parent) {
        List<Sandbox> adopted = new ArrayList<>();
        for (SandboxDirectory directory : SandboxDirectory.all(parent)) {
            Optional<Run> run = directory.run();
            if (run.isPresent() && run.get().startedAtEpochMillis() > 0) {
                adopted.add(adoptStarted(directory, run.get()));
            } else {
                awaitUnfinishedEnd(directory);
                directory.delete();
            }
        }
        removeStrayGroups(adopted);
        return adopted;
    }

    private Sandbox adoptStarted(SandboxDirectory directory, Run run) {
        Sandbox sandbox = new Sandbox(directory, run.owner());
        sandbox.startedBefore(run.startedAtEpochMillis());
        int supervisorPidfd = openLive(directory, run);
        if (supervisorPidfd >= 0) {
            sandbox.adopted(run);
            sandbox.markFrozen(groups.frozen(run.owner(), directory.id()));
            watcher.watchAdopted(sandbox, supervisorPidfd);
        } else {
            watcher.endFromRecord(sandbox);
            sandbox.supervisorWent();
        }
        return sandbox;
    }

    /** A pidfd of the supervisor, or -1 if it has gone. The lock is asked after the opening: then the pid was its own. */
    private static int openLive(SandboxDirectory directory, Run run) {
        int pidfd;
        try {
            pidfd = Linux.pidfdOpen(run.supervisorPid());
        } catch (LinuxFault e) {
            if (e.errno() == Errno.ESRCH) {
                return -1;
            }
            throw e;
        }
        if (directory.end().isEmpty() && directory.liveRun().isPresent()) {
            return pidfd;
        }
        Linux.close(pidfd);
        return -1;
    }

    /** The supervisor of a program that was never let go ends by itself when its launcher is gone; its group is a stray. */
    private static void awaitUnfinishedEnd(SandboxDirectory directory) {
        LOG.info("sandbox {} was never started by the earlier process, removing it", directory.id());
        long deadline = System.nanoTime() + UNFINISHED_PATIENCE_MILLIS * 1_000_000;
        while (directory.liveRun().isPresent() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(1_000_000);
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
