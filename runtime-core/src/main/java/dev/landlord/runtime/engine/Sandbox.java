package dev.landlord.runtime.engine;

import dev.landlord.runtime.ExitRecord;
import dev.landlord.runtime.OwnerId;
import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.SandboxException.Kind;
import dev.landlord.runtime.SandboxId;
import dev.landlord.runtime.SandboxStatus;
import dev.landlord.runtime.SandboxStatus.Phase;
import dev.landlord.runtime.launch.HelperFault;
import dev.landlord.runtime.launch.Supervisor;
import dev.landlord.runtime.linux.Errno;
import dev.landlord.runtime.linux.Linux;
import dev.landlord.runtime.linux.LinuxFault;
import dev.landlord.runtime.state.SandboxDirectory;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the runtime knows of one sandbox. Operations hold its lock; the end arrives from the watcher without it. */
final class Sandbox {
    private final SandboxDirectory directory;
    private final OwnerId owner;
    private final ReentrantLock operation = new ReentrantLock();
    private final CompletableFuture<ExitRecord> exit = new CompletableFuture<>();
    /** Done when the supervisor has gone and, if it was our child, was reaped. */
    private final CompletableFuture<Boolean> supervisorGone = new CompletableFuture<>();

    private volatile Phase phase = Phase.CREATED;
    private volatile boolean frozen;
    private volatile int supervisorPid;
    private volatile int programPid;
    private volatile long startedAtEpochMillis;
    private volatile @Nullable Supervisor supervisor;
    /** Guards {@link #programPidfd}: a number that was closed may be another sandbox's program the next moment. */
    private final Object programLock = new Object();

    private int programPidfd = -1;

    Sandbox(SandboxDirectory directory, OwnerId owner) {
        this.directory = directory;
        this.owner = owner;
    }

    SandboxId id() {
        return directory.id();
    }

    OwnerId owner() {
        return owner;
    }

    SandboxDirectory directory() {
        return directory;
    }

    <T> T exclusively(Supplier<T> work) {
        operation.lock();
        try {
            return work.get();
        } finally {
            operation.unlock();
        }
    }

    void built(Supervisor by, int program) {
        supervisor = by;
        supervisorPid = by.pid();
        programPid = program;
        programPidfd = openProgram(program);
    }

    private int openProgram(int program) {
        try {
            return Linux.pidfdOpen(program);
        } catch (LinuxFault e) {
            throw HelperFault.of("watch", "program " + program + " of " + id(), e);
        }
    }

    /** @param program a pidfd, which is taken over; empty if the program has ended and its supervisor is about to say so */
    void adopted(SandboxDirectory.Run run, OptionalInt program) {
        supervisorPid = run.supervisorPid();
        programPid = program.isPresent() ? run.programPid() : 0;
        programPidfd = program.orElse(-1);
        running(run.startedAtEpochMillis());
    }

    void running(long atEpochMillis) {
        startedAtEpochMillis = atEpochMillis;
        phase = Phase.RUNNING;
    }

    void startedBefore(long atEpochMillis) {
        startedAtEpochMillis = atEpochMillis;
    }

    void ended(ExitRecord record, boolean recorded) {
        phase = recorded ? Phase.EXITED : Phase.LOST;
        programPid = 0;
        exit.complete(record);
    }

    void supervisorWent() {
        supervisorPid = 0;
        supervisorGone.complete(true);
    }

    boolean hasEnded() {
        return exit.isDone();
    }

    boolean isCreatedOnly() {
        return phase == Phase.CREATED;
    }

    void markFrozen(boolean value) {
        frozen = value;
    }

    /** Null for adopted sandboxes: their supervisor was started by an earlier process. */
    @Nullable
    Supervisor supervisor() {
        return supervisor;
    }

    Supervisor startableSupervisor() {
        Supervisor mine = supervisor;
        if (mine == null || phase != Phase.CREATED) {
            throw new SandboxException(Kind.INVALID, "start", id().value(), "it is " + status().phase());
        }
        return mine;
    }

    /** To the process itself and never to a later one with its number. Nothing happens if it has ended. */
    void signalProgram(int signal) {
        synchronized (programLock) {
            if (programPidfd < 0 || hasEnded()) {
                return;
            }
            try {
                Linux.pidfdSendSignal(programPidfd, signal);
            } catch (LinuxFault e) {
                if (e.errno() != Errno.ESRCH) {
                    throw HelperFault.of("signal " + signal + " to", id().value(), e);
                }
            }
        }
    }

    /** A descriptor of its own for pid 1 inside, which the caller closes; empty if that has ended. */
    OptionalInt program() {
        synchronized (programLock) {
            return programPidfd < 0 || hasEnded() ? OptionalInt.empty() : OptionalInt.of(Linux.duplicate(programPidfd));
        }
    }

    Optional<ExitRecord> awaitExit(Duration timeout) {
        return await(exit, timeout);
    }

    void awaitSupervisorGone(Duration timeout) {
        if (await(supervisorGone, timeout).isEmpty()) {
            throw new SandboxException(
                    Kind.TIMEOUT, "delete", id().value(), "supervisor " + supervisorPid + " does not end");
        }
    }

    private <T> Optional<T> await(CompletableFuture<T> future, Duration timeout) {
        try {
            return Optional.of(future.get(timeout.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SandboxException(Kind.TIMEOUT, "wait for", id().value(), 0, "interrupted", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The supervisor of a program that was never let go, for whoever ends it; nobody else gets it any more. */
    Optional<Supervisor> takeUnstarted() {
        Supervisor mine = supervisor;
        if (!isCreatedOnly() || mine == null) {
            return Optional.empty();
        }
        supervisor = null;
        return Optional.of(mine);
    }

    void release() {
        synchronized (programLock) {
            if (programPidfd >= 0) {
                Linux.close(programPidfd);
                programPidfd = -1;
            }
        }
    }

    SandboxStatus status() {
        ExitRecord ended = exit.getNow(null);
        Phase seen = ended == null && frozen && phase == Phase.RUNNING ? Phase.FROZEN : phase;
        return new SandboxStatus(id(), owner, seen, supervisorPid, programPid, startedAtEpochMillis, ended);
    }
}
