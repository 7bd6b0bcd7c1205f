package dev.landlord.e2e.bench;

import dev.landlord.e2e.host.Footprint;
import dev.landlord.e2e.host.HostSweep;
import dev.landlord.e2e.host.ProcessEntry;
import dev.landlord.e2e.output.OutputBench;
import dev.landlord.e2e.scheduling.SchedulingBench;
import dev.landlord.runtime.IdBlock;
import dev.landlord.runtime.NetworkConfig;
import dev.landlord.runtime.NetworkConfig.PortRange;
import dev.landlord.runtime.RuntimeConfig;
import dev.landlord.runtime.SandboxRuntime;
import dev.landlord.runtime.engine.LinuxSandboxRuntime;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * Measures launches against peers, then what endless output costs, then REST, then the scheduler, and writes {@code
 * target/bench/summary.json}. Root only; minutes. Ends with 1 if there is no figure of ours or of the floor; a peer that
 * cannot run here is named with the reason. With the argument {@code scheduling} it measures the scheduler alone, which needs
 * no root, and writes {@code target/bench/scheduling.json}.
 */
public final class Bench {
    private static final Race.Pace FIRST = new Race.Pace(20, 0, 10);
    /** Until the JVM has compiled the way of a launch, as it has in an agent that works; the others need no more than caches. */
    private static final Race.Pace WARM_UP = new Race.Pace(400, 0, 200);

    private static final Race.Pace BACK_TO_BACK = new Race.Pace(200, 0, 10);
    private static final Race.Pace PACED = new Race.Pace(50, 200, 5);

    private final PrintStream out;
    private final Path top;
    private final Summary summary;

    private Bench(PrintStream out, Path top) {
        this.out = out;
        this.top = top;
        this.summary = new Summary(out);
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        Path top = Path.of("").toAbsolutePath();
        if (List.of(arguments).equals(List.of("scheduling"))) {
            new Bench(out, top).schedulingAlone();
            return;
        }
        if (!ProcessEntry.self().isRoot()) {
            out.println("bench: needs root: it starts real containers");
            System.exit(2);
        }
        System.exit(new Bench(out, top).run() ? 0 : 1);
    }

    private void schedulingAlone() throws IOException {
        Machine.describe(summary);
        new SchedulingBench(out).measure().forEach(summary::put);
        summary.write(top.resolve("target/bench/scheduling.json"));
    }

    /** False if what everything is compared with is missing. */
    private boolean run() throws IOException, InterruptedException {
        Machine.describe(summary);
        BenchFiles files = BenchFiles.make(top.resolve("e2e"));
        Thread sweeper = new Thread(() -> sweep(files.footprint()), "sweeper");
        Runtime.getRuntime().addShutdownHook(sweeper);
        boolean complete = launchPhases(files);
        try {
            new RestPhase(out, summary).run(files, top.resolve("dist/target/landlord"));
            new SchedulingBench(out).measure().forEach(summary::put);
        } finally {
            summary.write(top.resolve("target/bench/summary.json"));
        }
        return complete;
    }

    private boolean launchPhases(BenchFiles files) throws IOException, InterruptedException {
        NetworkConfig network = new NetworkConfig(
                "landlord-bench", null, List.of(new PortRange(29_999, 29_999)), NetworkConfig.FlowBounds.DEFAULT);
        RuntimeConfig config = new RuntimeConfig(
                files.scratch().resolve("runtime"), Path.of("/sys/fs/cgroup"), files.cgroupRoot() + "/launch", network);
        Race race = new Race(out);
        try (SandboxRuntime runtime = new LinuxSandboxRuntime(config)) {
            runtime.adopt();
            enter(race, files, runtime);
            summary.phase("first", "The first of a new process", race.run(FIRST));
            race.run(WARM_UP);
            summary.phase("launch", "Back to back", race.run(BACK_TO_BACK));
            summary.phase("paced", "One per " + PACED.pauseMillis() + " ms", race.run(PACED));
            race.close();
            IdBlock ids = new IdBlock(files.footprint().blockFromTheEnd(0), IdBlock.DEFAULT_SIZE);
            new OutputBench(out, files.image(), ids).measure(runtime).forEach(summary::put);
        } finally {
            race.close();
        }
        for (Map.Entry<String, String> absent : race.absent().entrySet()) {
            summary.put("absent." + absent.getKey(), absent.getValue());
        }
        return Collections.disjoint(race.absent().keySet(), List.of("floor", Summary.OURS));
    }

    private static void enter(Race race, BenchFiles files, SandboxRuntime runtime) throws InterruptedException {
        race.enter("floor", () -> FloorContestant.grouped(files));
        race.enter(Summary.OURS, () -> RuntimeContestant.alone(runtime, files));
        race.enter(Summary.CONNECTED, () -> RuntimeContestant.connected(runtime, files));
        race.enter("floor_nocgroups", () -> FloorContestant.withoutGroups(files));
        race.enter("bwrap", () -> Peers.bubblewrap(files));
        race.enter("runc", () -> Peers.runc(files));
        race.enter("docker", () -> Peers.docker(files));
    }

    private void sweep(Footprint footprint) {
        try {
            HostSweep.sweep(footprint);
            for (String contestant : List.of("floor", "runc", "docker")) {
                HostSweep.removeControlGroups(footprint.cgroupRoot() + "-" + contestant);
            }
        } catch (IOException e) {
            out.println("sweep: " + e.getMessage());
        }
    }
}
