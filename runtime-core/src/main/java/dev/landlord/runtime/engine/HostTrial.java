package dev.landlord.runtime.engine;

import dev.landlord.runtime.Capability;
import dev.landlord.runtime.Connection;
import dev.landlord.runtime.Console;
import dev.landlord.runtime.ExitRecord;
import dev.landlord.runtime.HostFacts;
import dev.landlord.runtime.IdBlock;
import dev.landlord.runtime.Ipv4;
import dev.landlord.runtime.Isolation;
import dev.landlord.runtime.Lease;
import dev.landlord.runtime.Limits;
import dev.landlord.runtime.Limits.HugePages;
import dev.landlord.runtime.LogPolicy;
import dev.landlord.runtime.OwnerId;
import dev.landlord.runtime.ProcessSpec;
import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.SandboxException.Kind;
import dev.landlord.runtime.SandboxId;
import dev.landlord.runtime.SandboxSpec;
import dev.landlord.runtime.cgroup.CgroupTree;
import dev.landlord.runtime.exec.Consoles;
import dev.landlord.runtime.facts.HostProbe;
import dev.landlord.runtime.launch.Launcher;
import dev.landlord.runtime.linux.Errno;
import dev.landlord.runtime.linux.Linux;
import dev.landlord.runtime.state.LeaseFile;
import dev.landlord.runtime.state.SandboxDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Verifies what only a launch can verify: builds a whole sandbox over a nearly empty image and lets it exec a program that is
 * not there. If the exec is what fails, then everything before it works. Then some whose program does what it must not.
 */
final class HostTrial {
    private static final List<String> SHOWN_BY_LAUNCH = List.of("userns", "overlay.idmap", "seccomp");
    private static final int SIGBUS = 7;
    private static final int SIGKILL = 9;
    private static final String NAME_PREFIX = "host-trial-";
    private static final String PROGRAM = "landlord-init";
    private static final List<String> NO_PROGRAM = List.of("/there-is-no-such-program");
    private static final Limits LITTLE_MEMORY = new Limits(100, null, 8L << 20, null, null, List.of());
    private static final long FIRST_LEASE_NANOS = 50_000_000;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** At the very end of the host ids, where agents have no reason to be given a range. */
    private static final IdBlock IDS = new IdBlock(0xFFFD_0000L, IdBlock.DEFAULT_SIZE);

    /** Of a range that is for documentation only, rfc5737. */
    private static final Connection CONNECTION = new Connection(Ipv4.parse("192.0.2.254"), -1, List.of());

    private final LinuxSandboxRuntime runtime;
    private final Connections connections;
    private final Path image;
    private final Path sandboxes;

    /**
     * @param image an empty directory, which gets a program
     * @param sandboxes parent of the sandboxes' directories
     */
    HostTrial(LinuxSandboxRuntime runtime, Connections connections, Path image, Path sandboxes) {
        this.runtime = runtime;
        this.connections = connections;
        this.image = image;
        this.sandboxes = sandboxes;
    }

    HostFacts run(CgroupTree groups) {
        removeEarlierOnes(groups);
        Map<String, String> missing = new HashMap<>();
        Optional<String> launch = launchNothing(null);
        launch.ifPresent(reason -> SHOWN_BY_LAUNCH.forEach(name -> missing.put(name, reason)));
        Set<String> verified = new HashSet<>(missing.isEmpty() ? SHOWN_BY_LAUNCH : List.of());
        String group = Capability.MEMORY_OOM_GROUP.wireName();
        launch.or(this::exhaust).ifPresentOrElse(reason -> missing.put(group, reason), () -> verified.add(group));
        for (String size : groups.hugePageSizes()) {
            String pages = Capability.hugePages(size);
            launch.or(() -> useHugePage(size))
                    .ifPresentOrElse(reason -> missing.put(pages, reason), () -> verified.add(pages));
        }
        String console = Capability.CONSOLE.wireName();
        launch.or(this::keepConsole)
                .ifPresentOrElse(reason -> missing.put(console, reason), () -> verified.add(console));
        String lease = Capability.LEASE.wireName();
        launch.or(this::endWithLease).ifPresentOrElse(reason -> missing.put(lease, reason), () -> verified.add(lease));
        connections
                .impossible()
                .or(() -> launchNothing(CONNECTION))
                .ifPresentOrElse(reason -> missing.put("network", reason), () -> verified.add("network"));
        return HostProbe.probe(groups, verified, missing, sandboxes);
    }

    /** Of an agent that died in its trial; one in a container has the same pid each time, and so the same name. */
    private void removeEarlierOnes(CgroupTree groups) {
        for (CgroupTree.Leaf leaf : groups.list()) {
            if (leaf.owner().equals(owner())) {
                groups.kill(leaf.owner(), leaf.id());
                groups.remove(leaf.owner(), leaf.id());
            }
        }
        SandboxDirectory.all(sandboxes).stream()
                .filter(directory -> directory.id().value().startsWith(NAME_PREFIX))
                .forEach(directory -> {
                    connections.expel(directory.id()); // or this trial would find its address taken
                    directory.delete();
                });
    }

    /** Empty if all went well up to the exec, else what went wrong. */
    private Optional<String> launchNothing(@Nullable Connection connection) {
        SandboxId id = trialId();
        try {
            runtime.create(spec(id, NO_PROGRAM, Limits.NONE, connection));
            runtime.start(id);
            return Optional.of("a program that is not there was started");
        } catch (SandboxException e) {
            return e.operation().equals("exec") ? Optional.empty() : Optional.of(String.valueOf(e.getMessage()));
        } finally {
            runtime.delete(id);
            runtime.forgetOwner(owner());
        }
    }

    /** Empty if a process that waited went with the one that took too much memory, else what happened. */
    private Optional<String> exhaust() {
        return attempt(() -> {
            ExitRecord exit = endOf(List.of(Launcher.EXHAUST), LITTLE_MEMORY);
            require(exit.exitCode() != Launcher.UNLIMITED, "memory", "a program took more than its limit");
            require(
                    exit.signal() == SIGKILL && exit.oomKilled(),
                    "memory",
                    "a process outlived the one that ran out of it: " + exit);
        });
    }

    /** Empty if what a supervisor keeps open can be had from it. */
    private Optional<String> keepConsole() {
        SandboxId id = trialId();
        return attempt(() -> {
            try {
                ProcessSpec process = new ProcessSpec(NO_PROGRAM, Map.of(), "/", 0, 0, List.of(), Console.PIPE);
                runtime.create(spec(id, process, Limits.NONE, null));
                Linux.close(Consoles.copy(new SandboxDirectory(sandboxes, id)));
            } finally {
                runtime.delete(id);
                runtime.forgetOwner(owner());
            }
        });
    }

    /**
     * Empty if a supervisor has ended a program when its lease ran out, one of the trial's own. The first leases may be too
     * short for a slow host to begin in.
     */
    private Optional<String> endWithLease() {
        return attempt(() -> {
            Launcher.copyTo(image.resolve(PROGRAM));
            LeaseFile own = LeaseFile.open(image.resolveSibling("trial-lease"));
            long nanos = FIRST_LEASE_NANOS;
            while (!endedWith(own, nanos)) {
                nanos *= 4;
            }
        });
    }

    /** False if it had run out before the program was let go. */
    private boolean endedWith(LeaseFile lease, long nanos) {
        SandboxId id = trialId();
        try {
            Lease granted = lease.extend(lease.read().nowNanos() + nanos);
            runtime.create(leased(id, granted.term()), lease);
            runtime.start(id);
        } catch (SandboxException e) {
            runtime.delete(id);
            if (nanos < PATIENCE.toNanos() && e.errno() == Errno.ETIME) {
                return false;
            }
            throw e;
        }
        try {
            ExitRecord exit = runtime.awaitExit(id, PATIENCE.plusNanos(nanos))
                    .orElseThrow(() -> new SandboxException(
                            Kind.TIMEOUT, "try", "lease", "its program runs on after the end of it"));
            require(exit.fenced() && exit.signal() == SIGKILL, "lease", "a program ended otherwise: " + exit);
            return true;
        } finally {
            runtime.delete(id);
            runtime.forgetOwner(owner());
        }
    }

    private Optional<String> useHugePage(String size) {
        return attempt(() -> {
            require(freeHugePages(size) > 0, "huge pages of " + size, "none of them is free on this host");
            HugePages none = new HugePages(size, 0);
            HugePages one = new HugePages(size, none.pageBytes());
            List<String> command = List.of(Launcher.USE_HUGE_PAGE, Long.toString(none.pageBytes()));
            ExitRecord refused = endOf(command, limited(none));
            require(refused.signal() == SIGBUS, "huge pages of " + size, "one was used beyond the limit: " + refused);
            ExitRecord used = endOf(command, limited(one));
            require(used.exitCode() == 0, "huge pages of " + size, "one within the limit was refused: " + used);
        });
    }

    private static Limits limited(HugePages pages) {
        return new Limits(Limits.Cpu.UNLIMITED, Limits.Memory.UNLIMITED, null, List.of(), List.of(pages));
    }

    private static long freeHugePages(String size) {
        Path pages = Path.of("/sys/kernel/mm/hugepages")
                .resolve("hugepages-" + (new HugePages(size, 0).pageBytes() >> 10) + "kB")
                .resolve("free_hugepages");
        try {
            return Long.parseLong(Files.readString(pages).strip());
        } catch (IOException e) {
            throw new SandboxException(Kind.HOST_FAULT, "read", pages.toString(), 0, String.valueOf(e.getMessage()), e);
        }
    }

    /** Of a sandbox whose program is the helper. */
    private ExitRecord endOf(List<String> arguments, Limits limits) {
        SandboxId id = trialId();
        List<String> command = new ArrayList<>(List.of("/" + PROGRAM));
        command.addAll(arguments);
        try {
            Launcher.copyTo(image.resolve(PROGRAM));
            runtime.create(spec(id, command, limits, null));
            runtime.start(id);
            return runtime.awaitExit(id, PATIENCE)
                    .orElseThrow(() -> new SandboxException(
                            Kind.TIMEOUT, "try", command.toString(), "no end in " + PATIENCE.toSeconds() + " s"));
        } finally {
            runtime.delete(id);
            runtime.forgetOwner(owner());
        }
    }

    private static Optional<String> attempt(Runnable trial) {
        try {
            trial.run();
            return Optional.empty();
        } catch (SandboxException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private static void require(boolean condition, String what, String otherwise) {
        if (!condition) {
            throw new SandboxException(Kind.UNSUPPORTED, "verify", what, otherwise);
        }
    }

    private static SandboxId trialId() {
        return new SandboxId(NAME_PREFIX + ProcessHandle.current().pid());
    }

    private static OwnerId owner() {
        return new OwnerId("host-trial");
    }

    private SandboxSpec spec(SandboxId id, List<String> command, Limits limits, @Nullable Connection connection) {
        return spec(id, new ProcessSpec(command, Map.of(), "/", 0, 0, List.of()), limits, connection);
    }

    private SandboxSpec leased(SandboxId id, long term) {
        ProcessSpec process = new ProcessSpec(List.of("/" + PROGRAM, Launcher.WAIT), Map.of(), "/", 0, 0, List.of());
        return spec(id, process, Limits.NONE, null, term);
    }

    private SandboxSpec spec(SandboxId id, ProcessSpec process, Limits limits, @Nullable Connection connection) {
        return spec(id, process, limits, connection, null);
    }

    private SandboxSpec spec(
            SandboxId id,
            ProcessSpec process,
            Limits limits,
            @Nullable Connection connection,
            @Nullable Long leaseTerm) {
        return new SandboxSpec(
                id,
                owner(),
                IDS,
                image,
                process,
                "host-trial",
                limits,
                65_536,
                64,
                65_536,
                false,
                LogPolicy.DEFAULT,
                Isolation.FULL,
                connection,
                leaseTerm);
    }
}
