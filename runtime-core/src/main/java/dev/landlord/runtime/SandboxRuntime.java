package dev.landlord.runtime;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Runs sandboxes on this host. Sandboxes outlive the process that made them; {@link #adopt()} finds them again.
 *
 * <p>Thread-safe: operations on different sandboxes run in parallel, those on one sandbox one after the other. Calls may
 * block in native code, so they belong on platform threads. All faults are {@link SandboxException}.
 */
public interface SandboxRuntime extends AutoCloseable {
    HostFacts facts();

    /**
     * The disk that sandboxes are kept on, for limits of its traffic; empty if it is none that can be limited.
     *
     * @throws SandboxException {@code HOST_FAULT} if that cannot be told
     */
    Optional<BlockDevice> disk();

    /**
     * Builds everything and parks the program before its exec. On failure nothing is left on the host.
     *
     * @throws SandboxException {@code UNSUPPORTED} if its limits need what {@link HostFacts#capabilities} does not have
     */
    SandboxStatus create(SandboxSpec spec);

    /**
     * Lets a created sandbox exec. Returns once the exec has succeeded.
     *
     * @throws SandboxException if it fails, also because the term of its lease is over, with the reason; the sandbox is then EXITED and waits to be deleted
     */
    SandboxStatus start(SandboxId id);

    SandboxStatus status(SandboxId id);

    /** Sends a signal to pid 1 inside (with init: to the program). */
    void signal(SandboxId id, int signal);

    /** SIGTERM, then after the grace SIGKILL to all of it. Thaws a frozen sandbox first. Idempotent. */
    ExitRecord stop(SandboxId id, Duration grace);

    void freeze(SandboxId id);

    void thaw(SandboxId id);

    /**
     * Changes limits without a restart; each is read back. All or nothing.
     *
     * @throws SandboxException {@code UNSUPPORTED} if they need what {@link HostFacts#capabilities} does not have
     */
    void updateLimits(SandboxId id, Limits limits);

    /**
     * Reads what the kernel enforces now and compares it with what it should enforce; changes nothing.
     *
     * @throws SandboxException {@code NOT_FOUND} if it has no control groups, as when it was deleted meanwhile
     */
    List<LimitReading> readLimits(SandboxId id, Limits wanted);

    Usage usage(SandboxId id);

    LogPage logs(SandboxId id, LogPage.Stream stream, long offset, int maxBytes);

    /**
     * Runs one more program in a running sandbox, confined exactly as its own one is, and returns once its exec has
     * succeeded. It counts in the sandbox's limits.
     *
     * @throws SandboxException {@code INVALID} if the sandbox does not run or is frozen, or there is no such command
     */
    ExecSession exec(SandboxId id, ExecSpec spec);

    /**
     * Sits down in front of the sandbox's own program: what it writes from now on, what it reads if it has a {@link Console},
     * and its end. Several may at the same time, and each sees everything and may type. What is not read soon may be lost, as
     * captured output is. Closing the session, or ending its input, leaves the program alone.
     *
     * @throws SandboxException {@code INVALID} if it does not run, {@code HOST_FAULT} if its input cannot be reached
     */
    ExecSession attach(SandboxId id);

    /** Empty when the time ran out. */
    Optional<ExitRecord> awaitExit(SandboxId id, Duration timeout);

    /**
     * Kills what still runs and removes everything the sandbox had on the host. Idempotent. Only the link of a connected one
     * may be seen a second longer: cut off, and in nobody's way.
     */
    void delete(SandboxId id);

    List<SandboxStatus> list();

    /** Re-attaches to the sandboxes that an earlier process left; to be called once, before anything else. */
    List<SandboxStatus> adopt();

    /** Limits of the whole slice of an owner; creates the slice if it is not there. */
    void limitOwner(OwnerId owner, Limits limits);

    /** As {@link #readLimits}, for the slice of an owner. */
    List<LimitReading> readOwnerLimits(OwnerId owner, Limits wanted);

    /** Freezes all sandboxes of an owner at once, and those that come later. */
    void freezeOwner(OwnerId owner);

    void thawOwner(OwnerId owner);

    /** Removes the empty slice of an owner. */
    void forgetOwner(OwnerId owner);

    /**
     * Says what is around this host: all of it, each time. Kept on disk, so that a later process begins with it.
     *
     * @throws SandboxException {@code UNSUPPORTED} if this runtime connects no sandboxes
     */
    void surround(Neighbourhood neighbourhood);

    /**
     * Takes down all of the network that is ours: rules, links, routes, and the forwarding that was not there before. Whoever
     * is connected is cut off, and nobody can be connected any more. Idempotent; does nothing if there is no network.
     */
    void leaveNetwork();

    /** Nothing if this runtime connects no sandboxes. */
    DroppedPackets droppedPackets();

    /** Until when this host may go on with sandboxes that have a {@link SandboxSpec#leaseTerm}. It outlives this process. */
    Lease lease();

    /**
     * Extends it, see {@link Lease#extendedTo}.
     *
     * @param untilNanos as {@link Lease#deadlineNanos}
     * @return how it is then
     */
    Lease extendLease(long untilNanos);

    /** The listener is told of every end of a program, on a thread of the runtime; it must return quickly. */
    void onExit(Consumer<SandboxStatus> listener);

    /** Lets go of the sandboxes without touching them. */
    @Override
    void close();
}
