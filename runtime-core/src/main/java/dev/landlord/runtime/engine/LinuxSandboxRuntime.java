package dev.landlord.runtime.engine;

import dev.landlord.runtime.BlockDevice;
import dev.landlord.runtime.DroppedPackets;
import dev.landlord.runtime.ExecSession;
import dev.landlord.runtime.ExecSpec;
import dev.landlord.runtime.ExitRecord;
import dev.landlord.runtime.HostFacts;
import dev.landlord.runtime.Lease;
import dev.landlord.runtime.LimitReading;
import dev.landlord.runtime.Limits;
import dev.landlord.runtime.LogPage;
import dev.landlord.runtime.Neighbourhood;
import dev.landlord.runtime.OwnerId;
import dev.landlord.runtime.RuntimeConfig;
import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.SandboxException.Kind;
import dev.landlord.runtime.SandboxId;
import dev.landlord.runtime.SandboxRuntime;
import dev.landlord.runtime.SandboxSpec;
import dev.landlord.runtime.SandboxStatus;
import dev.landlord.runtime.Usage;
import dev.landlord.runtime.cgroup.CgroupTree;
import dev.landlord.runtime.cgroup.Cgroups;
import dev.landlord.runtime.exec.ExecSessions;
import dev.landlord.runtime.facts.BlockDevices;
import dev.landlord.runtime.launch.HelperFault;
import dev.landlord.runtime.launch.HelperMessage;
import dev.landlord.runtime.launch.Launcher;
import dev.landlord.runtime.launch.Supervisor;
import dev.landlord.runtime.seccomp.SeccompPolicy;
import dev.landlord.runtime.state.LeaseFile;
import dev.landlord.runtime.state.SandboxDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Sandboxes on this Linux host, built from namespaces, a changed root and control groups. Needs root. Opening it verifies
 * what the host can do by trying, which takes some tens of milliseconds.
 */
public final class LinuxSandboxRuntime implements SandboxRuntime {
    private static final int SIGTERM = 15;
    private static final Duration KILL_PATIENCE = Duration.ofSeconds(10);

    private final Path sandboxes;
    private final CgroupTree groups;
    private final Launcher launcher;
    private final Connections connections;
    private final LeaseFile lease;
    private final Construction construction;
    private final Visits visits;
    private final ExitWatcher watcher;
    private final Enforcement enforcement = new Enforcement();
    private final Map<SandboxId, Sandbox> known = new ConcurrentHashMap<>();
    private final Set<OwnerId> frozenOwners = ConcurrentHashMap.newKeySet();

    /** @throws SandboxException if the host lacks what no sandbox can do without, or this process is not root */
    public LinuxSandboxRuntime(RuntimeConfig config) {
        this.sandboxes = makeDirectory(config.stateDirectory().resolve("sandboxes"));
        this.groups = Cgroups.open(config);
        this.launcher = new Launcher();
        this.connections = Connections.open(
                config.network(), makeDirectory(config.stateDirectory().resolve("network")), sandboxes);
        this.lease = LeaseFile.open(config.stateDirectory().resolve("lease"));
        byte[] seccompFilter = SeccompPolicy.compile();
        this.construction = new Construction(groups, launcher, seccompFilter, connections);
        this.visits = new Visits(groups, new ExecSessions(launcher), seccompFilter);
        this.watcher = new ExitWatcher(groups, InstantSource.system());
        enforcement.verified(new HostTrial(
                        this, connections, makeDirectory(config.stateDirectory().resolve("trial-image")), sandboxes)
                .run(groups));
    }

    private static Path makeDirectory(Path path) {
        try {
            return Files.createDirectories(
                    path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (IOException e) {
            throw new SandboxException(Kind.HOST_FAULT, "create", path.toString(), 0, String.valueOf(e), e);
        }
    }

    @Override
    public HostFacts facts() {
        return enforcement.facts();
    }

    @Override
    public Optional<BlockDevice> disk() {
        return BlockDevices.behind(sandboxes);
    }

    @Override
    public SandboxStatus create(SandboxSpec spec) {
        return create(spec, lease);
    }

    SandboxStatus create(SandboxSpec spec, LeaseFile bound) {
        enforcement.refuseIfImpossible(spec);
        Sandbox sandbox = new Sandbox(new SandboxDirectory(sandboxes, spec.id()), spec.owner());
        return sandbox.exclusively(() -> {
            if (known.putIfAbsent(spec.id(), sandbox) != null) {
                throw new SandboxException(
                        Kind.ALREADY_EXISTS, "create", spec.id().value(), "there is one with this id");
            }
            try {
                construction.build(sandbox, spec, bound.path());
            } catch (RuntimeException e) {
                known.remove(spec.id(), sandbox);
                throw e;
            }
            sandbox.markFrozen(frozenOwners.contains(spec.owner()));
            return sandbox.status();
        });
    }

    @Override
    public SandboxStatus start(SandboxId id) {
        return onSandbox(id, sandbox -> {
            Supervisor supervisor = sandbox.startableSupervisor();
            supervisor.go();
            HelperMessage answer = supervisor.listen(Construction.PATIENCE_MILLIS);
            // Whatever it said: from here the watcher reaps it, so it is no longer ours to kill by its number.
            sandbox.running(answer instanceof HelperMessage.Started started ? started.atEpochMillis() : 0);
            watcher.watchOwn(sandbox, supervisor);
            if (answer instanceof HelperMessage.Started) {
                return sandbox.status();
            }
            if (sandbox.awaitExit(KILL_PATIENCE).isEmpty()) {
                throw new SandboxException(Kind.TIMEOUT, "start", id.value(), "it failed and does not end: " + answer);
            }
            throw answer instanceof HelperMessage.Failed failed
                    ? HelperFault.of(failed)
                    : new SandboxException(Kind.HOST_FAULT, "start", id.value(), "supervisor said " + answer);
        });
    }

    @Override
    public SandboxStatus status(SandboxId id) {
        return find(id).status();
    }

    @Override
    public void signal(SandboxId id, int signal) {
        find(id).signalProgram(signal);
    }

    @Override
    public ExitRecord stop(SandboxId id, Duration grace) {
        return onSandbox(id, sandbox -> {
            if (sandbox.isCreatedOnly()) {
                throw new SandboxException(Kind.INVALID, "stop", id.value(), "it was never started; delete it");
            }
            if (!sandbox.hasEnded()) {
                thawOne(sandbox);
                sandbox.signalProgram(SIGTERM);
            }
            return sandbox.awaitExit(grace).orElseGet(() -> kill(sandbox));
        });
    }

    private ExitRecord kill(Sandbox sandbox) {
        groups.kill(sandbox.owner(), sandbox.id());
        return sandbox.awaitExit(KILL_PATIENCE)
                .orElseThrow(() -> new SandboxException(
                        Kind.TIMEOUT,
                        "kill",
                        sandbox.id().value(),
                        "does not die in " + KILL_PATIENCE.toSeconds() + " s: " + Survivors.describe(groups, sandbox)));
    }

    @Override
    public void freeze(SandboxId id) {
        onSandbox(id, sandbox -> {
            groups.freeze(sandbox.owner(), id);
            sandbox.markFrozen(true);
            return true;
        });
    }

    @Override
    public void thaw(SandboxId id) {
        onSandbox(id, sandbox -> {
            thawOne(sandbox);
            return true;
        });
    }

    private void thawOne(Sandbox sandbox) {
        killIfFenced(sandbox);
        groups.thaw(sandbox.owner(), sandbox.id());
        sandbox.markFrozen(stillFrozen(sandbox));
    }

    /**
     * Where freezing holds off SIGKILL, what was to end with the lease is still there, and would run for a moment while the end
     * of its pid 1 takes the others along: so each gets its own SIGKILL before anything is thawed.
     */
    private void killIfFenced(Sandbox sandbox) {
        if (!sandbox.hasEnded() && sandbox.directory().fenced()) {
            groups.kill(sandbox.owner(), sandbox.id());
        }
    }

    @Override
    public void updateLimits(SandboxId id, Limits limits) {
        enforcement.refuseUnlessVerified(id, limits);
        onSandbox(id, sandbox -> {
            groups.update(sandbox.owner(), id, limits);
            return true;
        });
    }

    @Override
    public List<LimitReading> readLimits(SandboxId id, Limits wanted) {
        return groups.read(find(id).owner(), id, wanted);
    }

    @Override
    public Usage usage(SandboxId id) {
        return groups.usage(find(id).owner(), id);
    }

    @Override
    public LogPage logs(SandboxId id, LogPage.Stream stream, long offset, int maxBytes) {
        return find(id).directory()
                .output(stream.name().toLowerCase(Locale.ROOT))
                .read(offset, maxBytes);
    }

    @Override
    public ExecSession exec(SandboxId id, ExecSpec spec) {
        return onSandbox(id, sandbox -> visits.exec(sandbox, spec));
    }

    @Override
    public ExecSession attach(SandboxId id) {
        return onSandbox(id, visits::attach);
    }

    @Override
    public Optional<ExitRecord> awaitExit(SandboxId id, Duration timeout) {
        return find(id).awaitExit(timeout);
    }

    @Override
    public void delete(SandboxId id) {
        Sandbox sandbox = known.get(id);
        if (sandbox == null) {
            return;
        }
        sandbox.exclusively(() -> {
            if (known.get(id) != sandbox) {
                return sandbox; // somebody else's delete was faster, or its creation has failed
            }
            if (sandbox.isCreatedOnly()) {
                sandbox.takeUnstarted().ifPresent(Construction::abandon);
                sandbox.supervisorWent();
                groups.kill(sandbox.owner(), id);
            } else if (!sandbox.hasEnded()) {
                kill(sandbox);
            }
            groups.remove(sandbox.owner(), id);
            // Last, because it goes by itself while the groups are removed.
            sandbox.awaitSupervisorGone(KILL_PATIENCE);
            connections.expel(id);
            sandbox.directory().delete();
            sandbox.release();
            known.remove(id, sandbox);
            visits.sweep();
            return sandbox;
        });
    }

    @Override
    public List<SandboxStatus> list() {
        return known.values().stream().map(Sandbox::status).toList();
    }

    @Override
    public List<SandboxStatus> adopt() {
        new Adoption(groups, watcher, connections)
                .adoptAll(sandboxes)
                .forEach(sandbox -> known.put(sandbox.id(), sandbox));
        connections.keepOnly(known.keySet());
        return list();
    }

    @Override
    public void limitOwner(OwnerId owner, Limits limits) {
        groups.limitOwner(owner, limits);
    }

    @Override
    public List<LimitReading> readOwnerLimits(OwnerId owner, Limits wanted) {
        return groups.readOwner(owner, wanted);
    }

    @Override
    public void freezeOwner(OwnerId owner) {
        frozenOwners.add(owner);
        groups.freezeOwner(owner);
        ofOwner(owner).forEach(sandbox -> sandbox.markFrozen(true));
    }

    @Override
    public void thawOwner(OwnerId owner) {
        frozenOwners.remove(owner);
        ofOwner(owner).forEach(this::killIfFenced);
        groups.thawOwner(owner);
        ofOwner(owner).forEach(sandbox -> sandbox.markFrozen(stillFrozen(sandbox)));
    }

    /** A sandbox may be frozen by itself, by its owner, or both, and perhaps by an earlier process: the kernel knows. */
    private boolean stillFrozen(Sandbox sandbox) {
        return groups.exists(sandbox.owner(), sandbox.id()) && groups.frozen(sandbox.owner(), sandbox.id());
    }

    private Stream<Sandbox> ofOwner(OwnerId owner) {
        return known.values().stream().filter(sandbox -> sandbox.owner().equals(owner));
    }

    @Override
    public void forgetOwner(OwnerId owner) {
        groups.removeOwner(owner);
        frozenOwners.remove(owner);
    }

    @Override
    public void surround(Neighbourhood neighbourhood) {
        connections.surround(neighbourhood);
    }

    @Override
    public void leaveNetwork() {
        connections.leave();
    }

    @Override
    public DroppedPackets droppedPackets() {
        return connections.droppedPackets();
    }

    @Override
    public Lease lease() {
        return lease.read();
    }

    @Override
    public Lease extendLease(long untilNanos) {
        return lease.extend(untilNanos);
    }

    @Override
    public void onExit(Consumer<SandboxStatus> listener) {
        watcher.addListener(listener);
    }

    @Override
    public void close() {
        visits.close();
        watcher.close();
        launcher.close();
        connections.close();
        known.values().forEach(sandbox -> sandbox.takeUnstarted().ifPresent(Construction::abandon));
        known.values().forEach(Sandbox::release);
    }

    private Sandbox find(SandboxId id) {
        Sandbox sandbox = known.get(id);
        if (sandbox == null) {
            throw noSuchSandbox(id);
        }
        return sandbox;
    }

    private static SandboxException noSuchSandbox(SandboxId id) {
        return new SandboxException(Kind.NOT_FOUND, "find", id.value(), "no such sandbox");
    }

    private <T> T onSandbox(SandboxId id, Function<Sandbox, T> work) {
        Sandbox sandbox = find(id);
        return sandbox.exclusively(() -> {
            if (known.get(id) != sandbox) { // deleted while we waited: its descriptors may be others' by now
                throw noSuchSandbox(id);
            }
            return work.apply(sandbox);
        });
    }
}
