package dev.landlord.runtime.plan;

import dev.landlord.runtime.plan.LaunchStep.AttachLink;
import dev.landlord.runtime.plan.LaunchStep.ConfigureLinks;
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
 * @param memoryGroup directory of version 1 that tells when the sandbox is out of memory; empty where the kernel ends all of it
 * @param leaseFile that a leased sandbox is bound to
 * @param seccompFilter compiled filter
 * @param attachLink the link to the host, if there is to be one
 * @param configureLinks what is then done inside; without a link, with the loopback alone
 */
@SuppressWarnings("ArrayRecordComponent") // handed on as it is; compared by nobody
public record Surroundings(
        Path stateDirectory,
        List<Path> joinFiles,
        Optional<Path> birthGroup,
        List<Path> supervisorFiles,
        Optional<Path> memoryGroup,
        Path leaseFile,
        byte[] seccompFilter,
        Optional<AttachLink> attachLink,
        ConfigureLinks configureLinks) {
    public Surroundings {
        joinFiles = List.copyOf(joinFiles);
        supervisorFiles = List.copyOf(supervisorFiles);
    }
}
