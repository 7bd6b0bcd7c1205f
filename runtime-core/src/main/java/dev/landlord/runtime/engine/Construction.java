package dev.landlord.runtime.engine;

import dev.landlord.runtime.Isolation;
import dev.landlord.runtime.Limits;
import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.SandboxException.Kind;
import dev.landlord.runtime.SandboxSpec;
import dev.landlord.runtime.cgroup.CgroupTree;
import dev.landlord.runtime.launch.HelperFault;
import dev.landlord.runtime.launch.HelperMessage;
import dev.landlord.runtime.launch.Launcher;
import dev.landlord.runtime.launch.Supervisor;
import dev.landlord.runtime.linux.Errno;
import dev.landlord.runtime.linux.Linux;
import dev.landlord.runtime.linux.LinuxFault;
import dev.landlord.runtime.plan.LaunchPlanner;
import dev.landlord.runtime.plan.Surroundings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Builds a sandbox up to its parked program, and takes down what a failed attempt has left. */
final class Construction {
    /** A launch takes milliseconds; this is for hosts that swap, and bounds every wait for the helper. */
    static final int PATIENCE_MILLIS = 20_000;

    private static final int SIGKILL = 9;
    private static final String OUT_OF_MEMORY =
            "out of memory: its limit, its tenant's or the host's memory does not even suffice to build it";

    private final CgroupTree groups;
    private final Launcher launcher;
    private final byte[] seccompFilter;
    private final Connections connections;

    Construction(CgroupTree groups, Launcher launcher, byte[] seccompFilter, Connections connections) {
        this.groups = groups;
        this.launcher = launcher;
        this.seccompFilter = seccompFilter;
        this.connections = connections;
    }

    /**
     * All or nothing.
     *
     * @param leaseFile that its lease is in, if it is bound to one
     */
    void build(Sandbox sandbox, SandboxSpec spec, Path leaseFile) {
        if (!Files.isDirectory(spec.image())) {
            throw new SandboxException(Kind.INVALID, "create", spec.image().toString(), "no such image directory");
        }
        connections.refuseIfImpossible(spec);
        sandbox.directory().create();
        try {
            sandbox.directory().noteProcess(spec.process());
            sandbox.directory().noteConsole(spec.process().console());
            launch(sandbox, spec, leaseFile);
        } catch (RuntimeException e) {
            undo(sandbox, e);
            throw e;
        }
    }

    private void launch(Sandbox sandbox, SandboxSpec spec, Path leaseFile) {
        connections.admit(sandbox.directory(), spec);
        Optional<Path> birth = groups.birthDirectory(spec.owner(), spec.id());
        Limits limits = spec.isolation() == Isolation.FULL ? spec.limits() : Limits.NONE;
        if (birth.isPresent()) {
            groups.create(spec.owner(), spec.id(), limits);
        }
        Supervisor supervisor =
                launcher.launch(LaunchPlanner.plan(spec, surroundings(sandbox, spec, birth, leaseFile)));
        try {
            // On version 1 the groups are made while the helper is busy with namespaces and mounts.
            if (birth.isEmpty()) {
                groups.create(spec.owner(), spec.id(), limits);
            }
            supervisor.announceGroups();
            sandbox.built(supervisor, awaitReady(supervisor));
        } catch (RuntimeException e) {
            abandon(supervisor);
            throw ranOutOfMemory(spec, e)
                    ? new SandboxException(Kind.EXHAUSTED, "create", spec.id().value(), Errno.ENOMEM, OUT_OF_MEMORY, e)
                    : e;
        }
    }

    /** The kernel does not refuse memory but ends who asks for it, which looks like any other sudden end. */
    private boolean ranOutOfMemory(SandboxSpec spec, RuntimeException reason) {
        try {
            return groups.exists(spec.owner(), spec.id()) && groups.oomKills(spec.owner(), spec.id()) > 0;
        } catch (SandboxException e) {
            reason.addSuppressed(e);
            return false;
        }
    }

    private Surroundings surroundings(Sandbox sandbox, SandboxSpec spec, Optional<Path> birth, Path leaseFile) {
        return new Surroundings(
                sandbox.directory().path(),
                groups.joinFiles(spec.owner(), spec.id()),
                birth,
                groups.supervisorJoinFiles(),
                groups.outOfMemoryEvents(spec.owner(), spec.id()),
                leaseFile,
                seccompFilter,
                connections.attachLink(spec),
                connections.configureLinks(spec));
    }

    private static int awaitReady(Supervisor supervisor) {
        return switch (supervisor.listen(PATIENCE_MILLIS)) {
            case HelperMessage.Ready ready -> ready.programPid();
            case HelperMessage.Failed failed -> throw HelperFault.of(failed);
            case HelperMessage other ->
                throw new SandboxException(
                        Kind.HOST_FAULT, "launch", "supervisor " + supervisor.pid(), "ended early: " + other);
        };
    }

    /**
     * Ends a supervisor whose program was not let go yet. Once only: its number and its channel belong to nobody afterwards.
     * The child dies with its supervisor, by its parent-death signal.
     */
    static void abandon(Supervisor supervisor) {
        try {
            Linux.kill(supervisor.pid(), SIGKILL);
        } catch (LinuxFault e) {
            throw HelperFault.of("kill", "supervisor " + supervisor.pid(), e);
        } finally {
            Linux.reap(supervisor.pid());
            supervisor.hangUp();
        }
    }

    private void undo(Sandbox sandbox, RuntimeException reason) {
        sandbox.release();
        List<Runnable> parts = List.of(
                () -> groups.kill(sandbox.owner(), sandbox.id()),
                () -> groups.remove(sandbox.owner(), sandbox.id()),
                () -> connections.expel(sandbox.id()),
                () -> sandbox.directory().delete());
        for (Runnable part : parts) {
            try {
                part.run();
            } catch (RuntimeException e) {
                reason.addSuppressed(e); // and go on: what one part cannot remove must not keep the others
            }
        }
    }
}
