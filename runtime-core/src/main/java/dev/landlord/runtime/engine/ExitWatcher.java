package dev.landlord.runtime.engine;

import dev.landlord.runtime.ExitRecord;
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
            for (long key : epoll.await(WAKE_MILLIS)) {
                try {
                    handle(key);
                } catch (RuntimeException e) {
                    LOG.error("the end of sandbox {} could not be handled", watched.get(key), e);
                }
            }
        }
    }

    private void handle(long key) {
        Watched entry = watched.get(key);
        if (entry == null) {
            return;
        }
        Supervisor supervisor = entry.sandbox().supervisor();
        if (supervisor == null) {
            Linux.reapBehind(entry.descriptor());
            forget(key, entry);
            endFromRecord(entry.sandbox());
            entry.sandbox().supervisorWent();
            return;
        }
        switch (supervisor.listen(0)) {
            case HelperMessage.Ended ended -> {
                end(entry.sandbox(), new End(ended.exitCode(), ended.signal(), ended.atEpochMillis()));
                supervisor.acknowledgeEnd();
                epoll.watchAgain(entry.descriptor(), key);
            }
            case HelperMessage.Gone() -> {
                forget(key, entry);
                Linux.reap(supervisor.pid());
                endFromRecord(entry.sandbox());
                entry.sandbox().supervisorWent();
            }
            case HelperMessage unexpected -> throw new IllegalStateException("unexpected " + unexpected);
        }
    }

    private void forget(long key, Watched entry) {
        watched.remove(key);
        Linux.close(entry.descriptor());
    }

    void endFromRecord(Sandbox sandbox) {
        if (sandbox.hasEnded()) {
            return;
        }
        Optional<End> record = sandbox.directory().end();
        if (record.isPresent()) {
            end(sandbox, record.get());
        } else {
            // The kernel kills pid 1 with its supervisor; whatever else was in the group must go too.
            groups.kill(sandbox.owner(), sandbox.id());
            finish(sandbox, new ExitRecord(128 + SIGKILL, SIGKILL, false, clock.millis()), false);
        }
    }

    private void end(Sandbox sandbox, End end) {
        boolean outOfMemory =
                groups.exists(sandbox.owner(), sandbox.id()) && groups.oomKills(sandbox.owner(), sandbox.id()) > 0;
        finish(sandbox, new ExitRecord(end.exitCode(), end.signal(), outOfMemory, end.atEpochMillis()), true);
    }

    private void finish(Sandbox sandbox, ExitRecord record, boolean recorded) {
        sandbox.ended(record, recorded);
        SandboxStatus status = sandbox.status();
        listeners.forEach(listener -> listener.accept(status));
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
