package dev.landlord.agent.sandbox;

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
import dev.landlord.runtime.PressureStall;
import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.SandboxException.Kind;
import dev.landlord.runtime.SandboxId;
import dev.landlord.runtime.SandboxRuntime;
import dev.landlord.runtime.SandboxSpec;
import dev.landlord.runtime.SandboxStatus;
import dev.landlord.runtime.SandboxStatus.Phase;
import dev.landlord.runtime.Usage;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A host that keeps its promises without a kernel. The first word of a command says how its program behaves: {@code
 * fails-to-exec} fails to exec, {@code stubborn} ignores SIGTERM, anything else runs until it is told to end.
 */
public final class SimulatedRuntime implements SandboxRuntime {
    public final Set<String> capabilities =
            new ConcurrentSkipListSet<>(Set.of("cpu.max", "io.read", "io.direct", "io.weight"));

    private final InstantSource clock;
    private final Map<SandboxId, Simulated> sandboxes = new LinkedHashMap<>();
    private final Map<OwnerId, Limits> owners = new HashMap<>();
    private final Set<OwnerId> frozen = new HashSet<>();
    private final List<Consumer<SandboxStatus>> listeners = new CopyOnWriteArrayList<>();
    private final List<String> operations = new ArrayList<>();
    private final Set<String> failing = new HashSet<>();
    private final Set<String> failingOnce = new HashSet<>();
    private final Set<String> crashing = new HashSet<>();
    private final Map<String, Long> dropped = new HashMap<>();
    private Lease lease = new Lease(0, 1_000, 1);
    private PressureStall pressure =
            new PressureStall(6_000_000, 5_000_000, 4_000_000, 3_000_000, 2_000_000, 1_000_000);

    private static final class Simulated {
        final SandboxSpec spec;
        Limits limits;
        Phase phase = Phase.CREATED;
        long startedAt;
        long oomKills;

        @Nullable
        ExitRecord exit;

        byte[] output = new byte[0];

        Simulated(SandboxSpec spec) {
            this.spec = spec;
            this.limits = spec.limits();
        }
    }

    public SimulatedRuntime(InstantSource clock) {
        this.clock = clock;
    }

    /** From now on each operation of this name fails, until {@link #heal}. */
    public synchronized void breakOperation(String operation) {
        failing.add(operation);
    }

    /** What the firewall has dropped for a reason. */
    public synchronized void drop(String reason, long packets) {
        dropped.put(reason, packets);
    }

    /** The next operation of this name fails, and no other. */
    public synchronized void refuseOnce(String operation) {
        failingOnce.add(operation);
    }

    /** From now on each operation of this name meets an error of the machine, until {@link #heal}. */
    public synchronized void crashOperation(String operation) {
        crashing.add(operation);
    }

    public synchronized void heal() {
        failing.clear();
        crashing.clear();
    }

    /** What was done so far, in order: {@code operation object}. */
    public synchronized List<String> operations() {
        return List.copyOf(operations);
    }

    public synchronized Set<OwnerId> owners() {
        return Set.copyOf(owners.keySet());
    }

    public synchronized @Nullable Limits ownerLimits(String owner) {
        return owners.get(new OwnerId(owner));
    }

    public synchronized SandboxSpec spec(SandboxId id) {
        return find("spec", id).spec;
    }

    public synchronized Limits limits(SandboxId id) {
        return find("limits", id).limits;
    }

    /** The program writes something. */
    public synchronized void write(SandboxId id, byte[] bytes) {
        Simulated sandbox = find("write", id);
        byte[] both = Arrays.copyOf(sandbox.output, sandbox.output.length + bytes.length);
        System.arraycopy(bytes, 0, both, sandbox.output.length, bytes.length);
        sandbox.output = both;
    }

    /** The program ends by itself. */
    public void exit(SandboxId id, int code) {
        end(id, new ExitRecord(code, 0, false, clock.millis()));
    }

    public void outOfMemory(SandboxId id) {
        end(id, new ExitRecord(137, 9, true, clock.millis()));
    }

    public void hostOutOfMemory(SandboxId id) {
        end(id, new ExitRecord(137, 9, true, true, clock.millis(), false));
    }

    /** Some process in it is killed, but not the program. */
    public synchronized void killChild(SandboxId id) {
        find("kill", id).oomKills++;
    }

    /** Only its supervisor's absence tells. */
    public synchronized void lose(SandboxId id) {
        find("lose", id).phase = Phase.LOST;
    }

    private void end(SandboxId id, ExitRecord exit) {
        SandboxStatus status;
        synchronized (this) {
            Simulated sandbox = find("end", id);
            sandbox.phase = Phase.EXITED;
            sandbox.oomKills += exit.oomKilled() ? 1 : 0;
            sandbox.exit = exit;
            status = status(id);
        }
        listeners.forEach(listener -> listener.accept(status));
    }

    private void perform(String operation, String object) {
        operations.add(operation + " " + object);
        failIfBroken(operation, object);
    }

    private void failIfBroken(String operation, String object) {
        if (crashing.contains(operation)) {
            throw new InternalError(operation + " crashed by the test");
        }
        if (failingOnce.remove(operation) || failing.contains(operation)) {
            throw new SandboxException(Kind.HOST_FAULT, operation, object, "broken by the test");
        }
    }

    private Simulated find(String operation, SandboxId id) {
        Simulated sandbox = sandboxes.get(id);
        if (sandbox == null) {
            throw new SandboxException(Kind.NOT_FOUND, operation, id.value(), "no such sandbox");
        }
        return sandbox;
    }

    @Override
    public HostFacts facts() {
        return new HostFacts(
                2,
                8L << 30,
                1L << 30,
                "6.0-simulated",
                HostFacts.CgroupMode.V2,
                capabilities,
                Map.of("io.buffered", "simulated"));
    }

    @Override
    public Optional<BlockDevice> disk() {
        return Optional.of(new BlockDevice(254, 0, "vda"));
    }

    @Override
    public synchronized SandboxStatus create(SandboxSpec spec) {
        perform("create", spec.id().value());
        if (sandboxes.putIfAbsent(spec.id(), new Simulated(spec)) != null) {
            throw new SandboxException(Kind.ALREADY_EXISTS, "create", spec.id().value(), "there is one with this id");
        }
        if (!owners.containsKey(spec.owner())) {
            throw new SandboxException(Kind.HOST_FAULT, "create", spec.id().value(), "the slice was not limited first");
        }
        return status(spec.id());
    }

    @Override
    public synchronized SandboxStatus start(SandboxId id) {
        perform("start", id.value());
        Simulated sandbox = find("start", id);
        if (sandbox.spec.process().command().getFirst().equals("fails-to-exec")) {
            sandbox.phase = Phase.EXITED;
            sandbox.exit = new ExitRecord(127, 0, false, clock.millis());
            throw new SandboxException(Kind.INVALID, "exec", "fails-to-exec", "No such file or directory");
        }
        Long term = sandbox.spec.leaseTerm();
        if (term != null && (!lease.holds() || lease.term() != term)) {
            sandbox.phase = Phase.LOST;
            throw new SandboxException(Kind.HOST_FAULT, "hold lease", id.value(), "timer expired");
        }
        sandbox.phase = Phase.RUNNING;
        sandbox.startedAt = clock.millis();
        return status(id);
    }

    @Override
    public synchronized SandboxStatus status(SandboxId id) {
        Simulated s = find("status", id);
        boolean stands = s.phase == Phase.RUNNING && frozen.contains(s.spec.owner());
        return new SandboxStatus(id, s.spec.owner(), stands ? Phase.FROZEN : s.phase, 1, 2, s.startedAt, s.exit);
    }

    @Override
    public void signal(SandboxId id, int signal) {
        boolean ends;
        synchronized (this) {
            perform("signal", id + " " + signal);
            Simulated sandbox = find("signal", id);
            boolean stubborn = sandbox.spec.process().command().getFirst().equals("stubborn");
            ends = sandbox.phase == Phase.RUNNING && !stubborn;
        }
        if (ends) {
            end(id, new ExitRecord(128 + signal, signal, false, clock.millis()));
        }
    }

    @Override
    public ExitRecord stop(SandboxId id, Duration grace) {
        synchronized (this) {
            perform("stop", id.value());
            ExitRecord exit = find("stop", id).exit;
            if (exit != null) {
                return exit;
            }
        }
        end(id, new ExitRecord(137, 9, false, clock.millis()));
        return Optional.ofNullable(find("stop", id).exit).orElseThrow();
    }

    @Override
    public synchronized void freeze(SandboxId id) {
        perform("freeze", id.value());
        find("freeze", id).phase = Phase.FROZEN;
    }

    @Override
    public synchronized void thaw(SandboxId id) {
        perform("thaw", id.value());
        find("thaw", id).phase = Phase.RUNNING;
    }

    @Override
    public synchronized void updateLimits(SandboxId id, Limits limits) {
        perform("updateLimits", id.value());
        find("updateLimits", id).limits = limits;
    }

    /** Somebody else writes other limits into the sandbox's groups. */
    public synchronized void meddle(SandboxId id, Limits limits) {
        find("meddle", id).limits = limits;
    }

    /** Likewise for a slice. */
    public synchronized void meddleWithOwner(String owner, Limits limits) {
        owners.put(new OwnerId(owner), limits);
    }

    @Override
    public synchronized List<LimitReading> readLimits(SandboxId id, Limits wanted) {
        return readings(find("readLimits", id).limits, wanted);
    }

    @Override
    public synchronized List<LimitReading> readOwnerLimits(OwnerId owner, Limits wanted) {
        return readings(owners.getOrDefault(owner, Limits.NONE), wanted);
    }

    private static List<LimitReading> readings(Limits found, Limits wanted) {
        boolean holds = Objects.equals(found.pidsMax(), wanted.pidsMax());
        return List.of(
                new LimitReading("pidsMax", "file-of-pidsMax", "" + wanted.pidsMax(), "" + found.pidsMax(), holds));
    }

    @Override
    public synchronized Usage usage(SandboxId id) {
        Simulated s = find("usage", id);
        return new Usage(
                1_500_000_000,
                1_000_000_000,
                500_000_000,
                20,
                10,
                250_000_000,
                1000,
                900,
                800,
                100,
                50,
                2000,
                3,
                s.oomKills,
                4,
                512,
                1024,
                pressure);
    }

    /** From now on it is as on a kernel that does not count waiting. */
    public synchronized void countNoPressure() {
        pressure = PressureStall.NONE;
    }

    @Override
    public synchronized LogPage logs(SandboxId id, LogPage.Stream stream, long offset, int maxBytes) {
        byte[] all = stream == LogPage.Stream.STDOUT ? find("logs", id).output : new byte[0];
        if (offset >= all.length) {
            return new LogPage(offset, new byte[0]);
        }
        int from = (int) offset;
        return new LogPage(offset, Arrays.copyOfRange(all, from, Math.min(all.length, from + maxBytes)));
    }

    @Override
    public ExecSession exec(SandboxId id, ExecSpec spec) {
        throw new SandboxException(Kind.UNSUPPORTED, "exec in", id.value(), "nothing really runs here");
    }

    @Override
    public ExecSession attach(SandboxId id) {
        throw new SandboxException(Kind.UNSUPPORTED, "attach to", id.value(), "nothing really runs here");
    }

    @Override
    public synchronized Optional<ExitRecord> awaitExit(SandboxId id, Duration timeout) {
        return Optional.ofNullable(find("awaitExit", id).exit);
    }

    @Override
    public synchronized void delete(SandboxId id) {
        perform("delete", id.value());
        sandboxes.remove(id);
    }

    @Override
    public synchronized List<SandboxStatus> list() {
        failIfBroken("list", "host");
        return sandboxes.keySet().stream().map(this::status).toList();
    }

    @Override
    public synchronized List<SandboxStatus> adopt() {
        return list();
    }

    @Override
    public synchronized void limitOwner(OwnerId owner, Limits limits) {
        perform("limitOwner", owner.value());
        owners.put(owner, limits);
    }

    @Override
    public synchronized void freezeOwner(OwnerId owner) {
        perform("freezeOwner", owner.value());
        frozen.add(owner);
    }

    @Override
    public synchronized void thawOwner(OwnerId owner) {
        perform("thawOwner", owner.value());
        frozen.remove(owner);
    }

    @Override
    public synchronized void forgetOwner(OwnerId owner) {
        perform("forgetOwner", owner.value());
        owners.remove(owner);
    }

    @Override
    public synchronized void surround(Neighbourhood neighbourhood) {
        perform("surround", neighbourhood.toString());
    }

    @Override
    public synchronized void leaveNetwork() {
        perform("leave network", "host");
    }

    @Override
    public synchronized DroppedPackets droppedPackets() {
        if (failing.contains("look at firewall")) {
            throw new SandboxException(SandboxException.Kind.HOST_FAULT, "list", "rules", "as the test wants it");
        }
        return new DroppedPackets(dropped);
    }

    @Override
    public synchronized Lease lease() {
        return lease;
    }

    @Override
    public synchronized Lease extendLease(long untilNanos) {
        lease = lease.extendedTo(untilNanos);
        return lease;
    }

    /** So much time passes that the lease runs out, and supervisors end what is bound to it. */
    public void letLeaseRunOut() {
        List<SandboxStatus> ended = new ArrayList<>();
        synchronized (this) {
            lease = new Lease(lease.deadlineNanos(), lease.deadlineNanos(), lease.term());
            for (Map.Entry<SandboxId, Simulated> entry : sandboxes.entrySet()) {
                Simulated sandbox = entry.getValue();
                if (sandbox.phase == Phase.RUNNING && sandbox.spec.leaseTerm() != null) {
                    sandbox.phase = Phase.EXITED;
                    sandbox.exit = new ExitRecord(137, 9, false, false, clock.millis(), true);
                    ended.add(status(entry.getKey()));
                }
            }
        }
        listeners.forEach(listener -> ended.forEach(listener));
    }

    @Override
    public void onExit(Consumer<SandboxStatus> listener) {
        listeners.add(listener);
    }

    @Override
    public void close() {}
}
