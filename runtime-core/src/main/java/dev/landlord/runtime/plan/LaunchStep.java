package dev.landlord.runtime.plan;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * One thing that the helper does. Steps of the supervisor happen outside the sandbox, all others in the child, in the
 * order of the plan. The wire numbers are in {@code PlanEncoder} and in the helper's {@code plan.h}.
 */
public sealed interface LaunchStep {
    /**
     * Where the supervisor keeps the sandbox's files, and how much output it keeps.
     *
     * @param identity written into the file that says what runs, for a later runtime
     */
    record Supervise(Path stateDirectory, long bytesPerFile, int files, long bytesPerSecond, String identity)
            implements LaunchStep {}

    /** @param birthGroup cgroup v2 directory that the child is born into, or empty */
    record Clone(long flags, String birthGroup) implements LaunchStep {}

    record MapIds(long base, long size) implements LaunchStep {}

    /** @param owner host id that owns the writable layer */
    record RootOverlay(Path image, long writableBytes, long writableInodes, long owner, boolean idMapped)
            implements LaunchStep {}

    /** Host ids that own the output pipes, so that the program may open /dev/stdout again. */
    record OutputOwner(long uid, long gid) implements LaunchStep {}

    record JoinGroups(List<Path> procsFiles) implements LaunchStep {}

    record SupervisorGroups(List<Path> procsFiles) implements LaunchStep {}

    /** @param adjustment {@code oom_score_adj} of proc(5) */
    record OomScore(int adjustment) implements LaunchStep {}

    /**
     * Makes the link to the host.
     *
     * @param name of the host's end
     * @param requests rtnetlink messages
     * @param pidOffset where in them the number of the child's process goes
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on as it is; compared by nobody
    record AttachLink(String name, byte[] requests, int pidOffset) implements LaunchStep {}

    /**
     * Runs a program in a sandbox that is there, instead of making one.
     *
     * @param namespaces of its init, as flags of setns(2)
     * @param birthGroup as for {@link Clone}
     * @param graceMillis from SIGHUP to SIGKILL, once nobody is interested any more
     */
    record Join(long namespaces, String birthGroup, long graceMillis) implements LaunchStep {}

    /**
     * Has the supervisor end the whole sandbox when version 1 has ended a process of it for want of memory.
     *
     * @param control {@code memory.oom_control} of the sandbox's group
     * @param registrar its {@code cgroup.event_control}
     */
    record OomGroup(Path control, Path registrar) implements LaunchStep {}

    /**
     * Has the supervisor end the whole sandbox with the lease of the host.
     *
     * @param file that says when; of {@code LeaseFile}
     * @param term that it must not outlive
     */
    record Lease(Path file, long term) implements LaunchStep {}

    record BecomeRoot() implements LaunchStep {}

    /** @param requests rtnetlink messages, for the links as they are inside */
    @SuppressWarnings("ArrayRecordComponent") // handed on as it is; compared by nobody
    record ConfigureLinks(byte[] requests) implements LaunchStep {}

    record MountsPrivate() implements LaunchStep {}

    record RootAttach() implements LaunchStep {}

    /** @param path relative to the sandbox's root */
    record MakeDirectory(String path, int mode) implements LaunchStep {}

    /** @param attributes {@code MOUNT_ATTR_*} of fsmount(2) */
    record Mount(String type, String target, long attributes, Map<String, String> options) implements LaunchStep {}

    record Device(String name, int major, int minor) implements LaunchStep {}

    record Symlink(String content, String path) implements LaunchStep {}

    record Mask(String path) implements LaunchStep {}

    record ReadOnly(String path) implements LaunchStep {}

    record Pivot() implements LaunchStep {}

    /** For the lesson only. */
    record Chroot() implements LaunchStep {}

    record AwaitGroups() implements LaunchStep {}

    record CgroupNamespace() implements LaunchStep {}

    record Hostname(String name) implements LaunchStep {}

    /** @param resource {@code RLIMIT_*} of getrlimit(2) */
    record ResourceLimit(int resource, long soft, long hard) implements LaunchStep {}

    /** @param keep bit mask of capability numbers */
    record BoundCapabilities(long keep) implements LaunchStep {}

    record User(int uid, int gid, List<Integer> groups) implements LaunchStep {}

    record Workdir(String path) implements LaunchStep {}

    record Capabilities(long keep) implements LaunchStep {}

    record NoNewPrivileges() implements LaunchStep {}

    /** The child waits here for the start; what comes behind it happens right before the exec. */
    record Park() implements LaunchStep {}

    /** @param filter classic BPF, as seccomp(2) takes it */
    @SuppressWarnings("ArrayRecordComponent") // handed on as it is; compared by nobody
    record Seccomp(byte[] filter) implements LaunchStep {}

    /** @param environment in the order in which the program sees it */
    record Exec(boolean init, List<String> arguments, Map<String, String> environment) implements LaunchStep {}

    /**
     * What a program gets as 0, 1 and 2; the other ends of one that joins go to the runtime, else to the supervisor.
     *
     * @param rows 0 without a terminal
     * @param uid who owns them, inside
     */
    record Streams(boolean terminal, boolean input, int rows, int columns, int uid, int gid) implements LaunchStep {}

    /** The rlimits of the sandbox's pid 1. */
    record ResourceLimitsOfInit() implements LaunchStep {}
}
