package dev.landlord.runtime.plan;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a plan needs to know of the host.
 *
 * @param stateDirectory of this sandbox, exists before the launch
 * @param joinFiles {@code cgroup.procs} files that the child is written to, in this order
 * @param birthGroup cgroup v2 directory to be born in; then nothing is joined
 * @param supervisorFiles {@code cgroup.procs} files of the supervisors' own group
 * @param seccompFilter compiled filter
 * @param wiring empty for a sandbox with a loopback alone
 */
@SuppressWarnings("ArrayRecordComponent") // handed on as it is; compared by nobody
public record Surroundings(
        Path stateDirectory,
        List<Path> joinFiles,
        Optional<Path> birthGroup,
        List<Path> supervisorFiles,
        byte[] seccompFilter,
        Optional<Wiring> wiring) {
    public Surroundings {
        joinFiles = List.copyOf(joinFiles);
        supervisorFiles = List.copyOf(supervisorFiles);
    }

    /** What is said to the kernel on either side of the sandbox's link. */
    public record Wiring(NetlinkRequest outside, NetlinkRequest inside) {}
}
