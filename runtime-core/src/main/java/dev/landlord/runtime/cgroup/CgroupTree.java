package dev.landlord.runtime.cgroup;

import dev.landlord.runtime.HostFacts.CgroupMode;
import dev.landlord.runtime.LimitReading;
import dev.landlord.runtime.Limits;
import dev.landlord.runtime.OwnerId;
import dev.landlord.runtime.SandboxId;
import dev.landlord.runtime.Usage;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Our subtree of the control groups: {@code <root>/<owner>/<sandbox>} in each hierarchy, and {@code <root>/supervisors}.
 *
 * <p>Thread-safe as long as calls for one sandbox come one after the other. Calls block in the kernel, some for
 * milliseconds, so they belong on platform threads. All faults are {@link dev.landlord.runtime.SandboxException}: kind
 * {@code UNSUPPORTED} names the field of {@link Limits} that this host does not enforce.
 */
public interface CgroupTree {
    CgroupMode mode();

    /**
     * Makes the group with its limits, each read back; the owner's slice too if it is not there. On failure nothing is
     * left.
     */
    void create(OwnerId owner, SandboxId id, Limits limits);

    /** Absolute {@code cgroup.procs} files that a process must be written to, in this order. Looks at nothing. */
    List<Path> joinFiles(OwnerId owner, SandboxId id);

    /** The directory for {@code CLONE_INTO_CGROUP}; only where one hierarchy holds everything (version 2). */
    Optional<Path> birthDirectory(OwnerId owner, SandboxId id);

    /**
     * The directory whose {@code cgroup.event_control} tells of a sandbox that is out of memory, where the kernel then ends one
     * process of it and not all (version 1); empty where it ends all, or tells nobody.
     */
    Optional<Path> outOfMemoryEvents(OwnerId owner, SandboxId id);

    /**
     * Where a supervisor is written to, so that it neither is charged to a tenant nor keeps the group of the service that
     * started it alive. Hierarchies in which this process is in the root group already are left out.
     */
    List<Path> supervisorJoinFiles();

    /** Sizes of huge pages that this kernel has, as limits name them. */
    Set<String> hugePageSizes();

    /** Why sandboxes may open what devices they like, as far as groups are concerned; empty if they may not. */
    Optional<String> devicesUnlimited();

    /** Changes the limits of a running sandbox; what is null becomes unlimited. All or nothing. */
    void update(OwnerId owner, SandboxId id, Limits limits);

    /** What {@link #update} would write, beside what is there now. Changes nothing. */
    List<LimitReading> read(OwnerId owner, SandboxId id, Limits wanted);

    /**
     * Stops all processes, and those that join later. Returns when all have stopped; {@code TIMEOUT} if some have not in 5
     * seconds, in which case the group keeps on freezing. Idempotent.
     */
    void freeze(OwnerId owner, SandboxId id);

    /** Undoes {@link #freeze}; a sandbox in a frozen slice stays frozen. Idempotent. */
    void thaw(OwnerId owner, SandboxId id);

    /** Whether its processes are stopped, by its own freezing or by its owner's. */
    boolean frozen(OwnerId owner, SandboxId id);

    /**
     * Sends SIGKILL to everything in the group, also if it is frozen or keeps forking. Nothing to do if there is no such
     * group. After this the group is good for nothing but {@link #remove}: later births in it may be killed too.
     */
    void kill(OwnerId owner, SandboxId id);

    /** Counters, in one pass. */
    Usage usage(OwnerId owner, SandboxId id);

    /** Processes that were killed because this sandbox, its slice or what is above them was out of memory. */
    long oomKills(OwnerId owner, SandboxId id);

    /**
     * Whether the kernel shows that neither this sandbox nor its slice has ever been out of its own memory, so that who was
     * killed in it was killed for want of memory of all. Version 1 shows it by the most that was ever in use, so not of those
     * that have once been near their limits.
     */
    boolean neverOutOfOwnMemory(OwnerId owner, SandboxId id);

    /** Removes the group everywhere; waits up to 2 seconds for killed processes to go. Idempotent. */
    void remove(OwnerId owner, SandboxId id);

    /** All sandboxes that have a group in at least one hierarchy, ordered by name. */
    List<Leaf> list();

    /** Whether the sandbox has a group in at least one hierarchy. */
    boolean exists(OwnerId owner, SandboxId id);

    /**
     * Limits of the whole slice, which is made if it is not there. On version 1 the kernel refuses a {@code cpu.maxMillis}
     * below that of a sandbox inside, so raise the slice first and lower it last. A {@code cpu.cpuset} holds for the sandboxes
     * inside at once; on version 1 one that a sandbox has been given of its own, and that reaches beyond it, is in its way.
     */
    void limitOwner(OwnerId owner, Limits limits);

    /** What {@link #limitOwner} would write, beside what is there now. Changes nothing. */
    List<LimitReading> readOwner(OwnerId owner, Limits wanted);

    /** Freezes all sandboxes of an owner, and those that are made later. Like {@link #freeze} otherwise. */
    void freezeOwner(OwnerId owner);

    void thawOwner(OwnerId owner);

    /** Removes the empty slice; a fault if there are sandboxes in it. Idempotent. */
    void removeOwner(OwnerId owner);

    /** Removes the root and the supervisors' group; a fault if a slice or a process is in them. Idempotent. */
    void removeRoot();

    /** A sandbox that has a group. */
    record Leaf(OwnerId owner, SandboxId id) {}
}
