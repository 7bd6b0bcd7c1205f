package dev.landlord.runtime.engine;

import dev.landlord.runtime.ExitRecord;
import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.SandboxStatus;
import dev.landlord.runtime.cgroup.CgroupTree;
import dev.landlord.runtime.launch.HelperMessage;
import dev.landlord.runtime.launch.Supervisor;
import dev.landlord.runtime.linux.Epoll;
import dev.landlord.runtime.linux.Linux;
import dev.landlord.runtime.state.SandboxDirectory.End;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread that learns of every end: from the supervisor's own message for sandboxes that this process started, from the
 * end of the supervisor and its record on disk for adopted ones.
 */
final class ExitWatcher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ExitWatcher.class);
    private static final int SIGKILL = 9;
    private static final int WAKE_MILLIS = 500;

    private final CgroupTree groups;
    private final InstantSource clock;
    private final Epoll epoll = new Epoll();
    private final Map<Long, Watched> watched = new ConcurrentHashMap<>();
    private final AtomicLong nextKey = new AtomicLong();
    private final CopyOnWriteArrayList<Consumer<SandboxStatus>> listeners = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private volatile boolean closed;

    /** @param descriptor the channel of our own supervisor, else a pidfd of an adopted one */
    private record Watched(Sandbox sandbox, int descriptor) {}

    ExitWatcher(CgroupTree groups, InstantSource clock) {
        this.groups = groups;
        this.clock = clock;
        // Waits in native code, so it must not be a virtual thread.
        this.thread = Thread.ofPlatform().daemon().name("sandbox-exits").start(this::run);
    }

    void addListener(Consumer<SandboxStatus> listener) {
        listeners.add(listener);
    }

    void watchOwn(Sandbox sandbox, Supervisor supervisor) {
        watch(sandbox, supervisor.channel());
    }

    /** Takes over the descriptor. */
    void watchAdopted(Sandbox sandbox, int supervisorPidfd) {
        watch(sandbox, supervisorPidfd);
    }

    private void watch(Sandbox sandbox, int descriptor) {
        long key = nextKey.incrementAndGet();
        watched.put(key, new Watched(sandbox, descriptor));
        epoll.watchOnce(descriptor, key);
    }

    private void run() {
        while (!closed) {
            try {
                for (long key : epoll.await(WAKE_MILLIS)) {
                    Watched entry = watched.get(key);
                    if (entry != null) {
                        handle(key, entry);
                    }
                }
            } catch (RuntimeException | Error e) {
                // Without this thread every wait for an end would be for ever. The pause keeps a lasting fault from
                // spinning.
                LOG.error("ends of sandboxes may be noticed late", e);
                LockSupport.parkNanos(WAKE_MILLIS * 1_000_000L);
            }
        }
    }

    /** Whatever goes wrong on the way, an end that was heard is an end, and who waits for it must learn of it. */
    private void handle(long key, Watched entry) {
        Supervisor supervisor = entry.sandbox().supervisor();
        try {
            if (supervisor == null) {
                Linux.reapBehind(entry.descriptor());
                gone(key, entry);
                return;
            }
            switch (supervisor.listen(0)) {
                case HelperMessage.Ended ended -> {
                    end(entry.sandbox(), new End(ended.exitCode(), ended.signal(), ended.atEpochMillis()));
                    supervisor.acknowledgeEnd();
                    epoll.watchAgain(entry.descriptor(), key);
                }
                case HelperMessage.Gone() -> {
                    Linux.reap(supervisor.pid());
                    gone(key, entry);
                }
                case HelperMessage unexpected -> {
                    LOG.error(
                            "supervisor of sandbox {} said {}", entry.sandbox().id(), unexpected);
                    epoll.watchAgain(entry.descriptor(), key);
                }
            }
        } catch (RuntimeException e) {
            LOG.error(
                    "cannot listen to the supervisor of sandbox {} any more",
                    entry.sandbox().id(),
                    e);
            gone(key, entry);
        }
    }

    private void gone(long key, Watched entry) {
        if (watched.remove(key, entry)) {
            Linux.close(entry.descriptor());
        }
        try {
            endFromRecord(entry.sandbox());
        } finally {
            entry.sandbox().supervisorWent();
        }
    }

    void endFromRecord(Sandbox sandbox) {
        if (sandbox.hasEnded()) {
            return;
        }
        Optional<End> record = recordOf(sandbox);
        if (record.isPresent()) {
            end(sandbox, record.get());
            return;
        }
        try {
            // The kernel kills pid 1 with its supervisor; whatever else was in the group must go too.
            groups.kill(sandbox.owner(), sandbox.id());
        } catch (SandboxException e) {
            LOG.error("what a lost supervisor has left is still there; deleting the sandbox tries again", e);
        }
        finish(sandbox, new ExitRecord(128 + SIGKILL, SIGKILL, false, clock.millis()), false);
    }

    private static Optional<End> recordOf(Sandbox sandbox) {
        try {
            return sandbox.directory().end();
        } catch (SandboxException e) {
            LOG.error("how sandbox {} ended is not known", sandbox.id(), e);
            return Optional.empty();
        }
    }

    private void end(Sandbox sandbox, End end) {
        boolean outOfMemory = ranOutOfMemory(sandbox);
        finish(
                sandbox,
                new ExitRecord(
                        end.exitCode(),
                        end.signal(),
                        outOfMemory,
                        outOfMemory && wasWithinItsLimits(sandbox),
                        end.atEpochMillis(),
                        wasFenced(sandbox)),
                true);
    }

    private static boolean wasFenced(Sandbox sandbox) {
        try {
            return sandbox.directory().fenced();
        } catch (SandboxException e) {
            LOG.warn("whether the end of a lease has ended sandbox {} is not known", sandbox.id(), e);
            return false;
        }
    }

    private boolean ranOutOfMemory(Sandbox sandbox) {
        try {
            return groups.exists(sandbox.owner(), sandbox.id()) && groups.oomKills(sandbox.owner(), sandbox.id()) > 0;
        } catch (SandboxException e) {
            LOG.warn("whether sandbox {} ran out of memory is not known", sandbox.id(), e);
            return false;
        }
    }

    private boolean wasWithinItsLimits(Sandbox sandbox) {
        try {
            return groups.neverOutOfOwnMemory(sandbox.owner(), sandbox.id());
        } catch (SandboxException e) {
            LOG.warn("whose memory sandbox {} was killed for is not known", sandbox.id(), e);
            return false;
        }
    }

    private void finish(Sandbox sandbox, ExitRecord record, boolean recorded) {
        sandbox.ended(record, recorded);
        SandboxStatus status = sandbox.status();
        for (Consumer<SandboxStatus> listener : listeners) {
            try {
                listener.accept(status);
            } catch (RuntimeException e) {
                LOG.error("a listener failed at the end of sandbox {}", sandbox.id(), e);
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        watched.values().forEach(entry -> Linux.close(entry.descriptor()));
        epoll.close();
    }
}
