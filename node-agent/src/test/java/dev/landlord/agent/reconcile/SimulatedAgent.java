package dev.landlord.agent.reconcile;

import dev.landlord.agent.diff.LeaseView;
import dev.landlord.agent.drift.DriftCheck;
import dev.landlord.agent.image.ImageCatalogue;
import dev.landlord.agent.image.ImageOutcome;
import dev.landlord.agent.image.ImageSettings;
import dev.landlord.agent.image.ImageSource;
import dev.landlord.agent.image.tree.Ownership;
import dev.landlord.agent.image.tree.TreeLimits;
import dev.landlord.agent.ledger.Ledger;
import dev.landlord.agent.metrics.AgentMeters;
import dev.landlord.agent.network.FirewallWatch;
import dev.landlord.agent.network.Surrounding;
import dev.landlord.agent.sandbox.IdRange;
import dev.landlord.agent.sandbox.LimitGroups;
import dev.landlord.agent.sandbox.ManualClock;
import dev.landlord.agent.sandbox.Residents;
import dev.landlord.agent.sandbox.SandboxExecutor;
import dev.landlord.agent.sandbox.SandboxObserver;
import dev.landlord.agent.sandbox.SimulatedRuntime;
import dev.landlord.agent.variant.Variant;
import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.Generation;
import dev.landlord.api.id.ImageName;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.id.WorkloadName;
import dev.landlord.api.sync.Assignment;
import dev.landlord.api.sync.DesiredState;
import dev.landlord.api.sync.ObservedAllocation;
import dev.landlord.api.workload.ProcessSpec;
import dev.landlord.api.workload.Resources;
import dev.landlord.api.workload.RestartPolicy;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One agent on a simulated host, whose passes are made by the test. A second one on the same host is a restart. */
final class SimulatedAgent implements AutoCloseable {
    static final IdRange IDS = new IdRange(1_879_048_192L, 4 * 65_536);

    static final long CHECK_MILLIS = 10_000;

    final Path directory;
    final ManualClock clock;
    final SimulatedRuntime runtime;
    final Residents residents;
    final AgentReconciler reconciler;
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private int generation;

    SimulatedAgent(Path directory) throws IOException {
        this(directory, new ManualClock(), null, Map.of());
    }

    private SimulatedAgent(
            Path directory, ManualClock clock, @Nullable SimulatedRuntime host, Map<TenantName, Long> idBlocksInUse)
            throws IOException {
        this.directory = directory;
        this.clock = clock;
        this.runtime = host == null ? new SimulatedRuntime(clock) : host;
        this.residents = new Residents(runtime);
        AgentReconciler.Host parts = new AgentReconciler.Host(
                new SandboxObserver(runtime),
                new SandboxExecutor(runtime, new LimitGroups(runtime, null), images(directory)),
                residents,
                new Surrounding(runtime),
                new FirewallWatch(runtime),
                new DriftCheck(new LimitGroups(runtime, null), CHECK_MILLIS),
                () -> new LeaseView(runtime.lease().holds(), runtime.lease().term()),
                IDS,
                idBlocksInUse);
        this.reconciler = new AgentReconciler(
                Ledger.open(directory),
                parts,
                new Confirmation(directory.resolve("confirm")),
                new AgentMeters(meters, clock),
                clock);
        runtime.onExit(status -> reconciler.nudge());
    }

    /** What a new process finds after this one was killed. */
    SimulatedAgent killedAndStartedAgain() throws IOException {
        return killedAndStartedAgain(Map.of());
    }

    SimulatedAgent killedAndStartedAgain(Map<TenantName, Long> idBlocksInUse) throws IOException {
        SimulatedAgent next = new SimulatedAgent(directory, clock, runtime, idBlocksInUse);
        next.generation = generation;
        return next;
    }

    /** Whose programs are named as the simulated runtime understands them. */
    private static ImageCatalogue images(Path directory) throws IOException {
        Path rootfs = directory.resolve("tiny-image");
        Path bin = Files.createDirectories(rootfs.resolve("bin"));
        for (String program : List.of("serve", "stubborn", "fails-to-exec")) {
            Path file = bin.resolve(program);
            if (!Files.exists(file)) {
                Files.createFile(file);
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
        }
        ImageSettings settings = new ImageSettings(
                Path.of("/bin/busybox"), List.of(), Duration.ofSeconds(1), TreeLimits.DEFAULT, Ownership.CALLER);
        ImageCatalogue images = new ImageCatalogue(directory.resolve("images"), settings);
        List<ImageOutcome> outcomes =
                images.build(List.of(new ImageSource("tiny", ImageSource.Kind.DIRECTORY, rootfs.toString())));
        if (!(outcomes.getFirst() instanceof ImageOutcome.Ready)) {
            throw new IOException("no image: " + outcomes);
        }
        return images;
    }

    static Assignment assignment(String id, String tenant, String... command) {
        return new Assignment(
                new AllocationId(id),
                new TenantName(tenant),
                new WorkloadName("shop"),
                0,
                Assignment.Desired.RUNNING,
                new ProcessSpec(new ImageName("tiny"), Arrays.asList(command), Map.of(), "0", "/", true),
                new Resources(100, 64 << 20, 32, 1 << 20, 100),
                100,
                new RestartPolicy(RestartPolicy.Mode.ALWAYS, 500, 8_000),
                0,
                2_000,
                null,
                null,
                null,
                null,
                null);
    }

    /** The same, to be stopped when the lease ends. */
    static Assignment leased(Assignment plain) {
        return Variant.of(plain).leased().make();
    }

    DesiredState next(Assignment... assignments) {
        return new DesiredState(new Generation("db-1", ++generation), Arrays.asList(assignments), Set.of(), null);
    }

    void run(Assignment... assignments) throws InterruptedException {
        reconciler.offer(next(assignments), runtime.lease().term());
        settle();
    }

    /** Passes until two in a row change nothing and no work is under way. */
    void settle() throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        int quiet = 0;
        while (quiet < 2 && System.nanoTime() < deadline) {
            int before = runtime.operations().size();
            var state = reconciler.state();
            reconciler.pass();
            boolean still =
                    before == runtime.operations().size() && state.equals(reconciler.state()) && !reconciler.working();
            quiet = still ? quiet + 1 : 0;
            if (!still) {
                Thread.sleep(1);
            }
        }
    }

    ObservedAllocation observed(String id) {
        ObservedAllocation observed = reconciler.state().allocations().get(new AllocationId(id));
        if (observed == null) {
            throw new AssertionError(id + " is not reported; " + reconciler.state());
        }
        return observed;
    }

    static void await(BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 15_000; i++) {
            if (condition.getAsBoolean()) {
                return;
            }
            Thread.sleep(2);
        }
        throw new AssertionError("did not come true");
    }

    @Override
    public void close() {
        reconciler.close();
    }
}
