package dev.landlord.e2e.demo;

import dev.landlord.e2e.cluster.ChildProcess;
import dev.landlord.e2e.cluster.Cluster;
import dev.landlord.e2e.cluster.ClusterConfig;
import dev.landlord.e2e.cluster.HostConfig;
import dev.landlord.e2e.cluster.Prometheus;
import dev.landlord.e2e.cluster.RestClient;
import dev.landlord.e2e.host.BusyboxRoot;
import dev.landlord.e2e.host.CProgram;
import dev.landlord.e2e.host.Footprint;
import dev.landlord.e2e.host.HostInventory;
import dev.landlord.e2e.host.ProcessEntry;
import dev.landlord.e2e.host.TenantCounters;
import dev.landlord.e2e.lesson.Lesson;
import dev.landlord.e2e.network.Rack;
import dev.landlord.e2e.report.DemoReport;
import dev.landlord.runtime.RuntimeConfig;
import dev.landlord.runtime.SandboxRuntime;
import dev.landlord.runtime.engine.LinuxSandboxRuntime;
import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Plays the demonstration and writes {@code target/demo/report.json}. Root only. Ends with 0 if every step held. At a
 * terminal, and unless {@code CI=true}, everything stays up until Ctrl-C.
 */
public final class Demo {
    private static final long MIB = 1L << 20;
    private static final int HOSTS = 3;
    /** A host that is cut off is given up soon; one whose agent only starts anew is not, however busy this machine is. */
    private static final List<String> NODE_LOSS_WITHIN_SECONDS = List.of("--landlord.node.lost-after=15s");

    private final PrintStream out;
    private final Path top;
    private final DemoReport report;
    private final Footprint footprint;
    private final Curtain curtain;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile @Nullable Rack rack;
    private volatile @Nullable ChildProcess world;
    private volatile @Nullable Cluster cluster;
    private volatile @Nullable Prometheus prometheus;
    private volatile boolean playedToTheEnd;
    private boolean ending;

    private Demo(PrintStream out, Path top) throws IOException {
        this.out = out;
        this.top = top;
        this.report = new DemoReport(out);
        Path scratch = Files.createTempDirectory("landlord-demo-");
        this.footprint = Footprint.of("landlord-demo", scratch);
        this.curtain = new Curtain(report, footprint, HostInventory.take(footprint));
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        if (!ProcessEntry.self().isRoot()) {
            out.println("demo: needs root: it starts real containers");
            System.exit(2);
        }
        Demo demo = new Demo(out, Path.of("").toAbsolutePath());
        Thread main = Thread.currentThread();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> demo.onCtrlC(main), "ctrl-c"));
        try {
            demo.play();
            demo.playedToTheEnd = true;
            if (staysUp()) {
                demo.stayUp();
            }
        } catch (InterruptedException e) {
            out.println("interrupted");
        } finally {
            demo.end();
        }
        System.exit(demo.exitCode());
    }

    private static boolean staysUp() {
        return Stream.ofNullable(System.console()).anyMatch(Console::isTerminal) && !"true".equals(System.getenv("CI"));
    }

    /** The main thread brings it to an end; a second Ctrl-C cannot be heard, so it must not take for ever. */
    private void onCtrlC(Thread main) {
        if (ended.getCount() == 0) {
            return;
        }
        interruptUnlessEnding(main);
        try {
            ended.await(); // not join: its System.exit waits for this very thread
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(exitCode());
    }

    /** Who breaks the demonstration off has not seen that it holds. */
    private int exitCode() {
        return playedToTheEnd && report.allHold() ? 0 : 1;
    }

    private synchronized void interruptUnlessEnding(Thread main) {
        if (!ending) {
            main.interrupt();
        }
    }

    /** From here on nothing interrupts the end, and what was asked for until now is being done. */
    private synchronized void beginToEnd() {
        ending = true;
        Thread.interrupted();
    }

    private void play() throws InterruptedException {
        report.act("A landlord and three tenants", () -> {
            Path image = BusyboxRoot.make(footprint.scratch().resolve("image"));
            CProgram.compileStatic(top.resolve("e2e/programs/shop.c"), image.resolve("bin/shop"));
            playWith(image);
        });
    }

    private void playWith(Path image) throws InterruptedException {
        report.act("The lesson", () -> lesson(image));
        report.act("Act 4: a landlord, three hosts, three tenants", () -> {
            Stage stage = open(image);
            SellingAct selling = new SellingAct(report, stage);
            selling.openShops();
            report.act("Who sees what", selling::play);
            report.act("On the street", new StreetAct(report, stage)::play);
            report.act("Eve knocks", new NeighbourAct(report, stage)::play);
            report.act("Wrong requests", new BadInputAct(report, stage)::play);
            report.act("Eve attacks", new AttackAct(report, stage)::play);
            report.act("Upkeep", new UpkeepAct(report, stage)::play);
            report.act("The landlord's own programs are killed", new SurvivalAct(report, stage)::play);
            report.act("A host is cut off, another one emptied", new LossAct(report, stage)::play);
            report.act("Prometheus", new MetricsAct(report, stage, top)::play);
        });
    }

    private void lesson(Path image) throws IOException, InterruptedException {
        String cgroupRoot = footprint.cgroupRoot() + "/lesson";
        RuntimeConfig config =
                new RuntimeConfig(footprint.scratch().resolve("lesson"), Path.of("/sys/fs/cgroup"), cgroupRoot, null);
        try (SandboxRuntime runtime = new LinuxSandboxRuntime(config)) {
            runtime.adopt();
            new Lesson(runtime, image, footprint, cgroupRoot).teach(report);
        }
    }

    private Stage open(Path image) throws IOException, InterruptedException {
        Rack assembled = Rack.assemble(footprint.number(), HOSTS + 1);
        rack = assembled;
        URI worldUri = openTheWorld(assembled, image);
        ClusterConfig config = new ClusterConfig(
                top.resolve("dist/target/landlord"),
                footprint,
                assembled.ownAddress(),
                hosts(assembled),
                Map.of(Order.IMAGE, image),
                NODE_LOSS_WITHIN_SECONDS,
                "");
        Cluster started = Cluster.start(config);
        cluster = started;
        Prometheus watching = Prometheus.start(started, footprint.scratch());
        prometheus = watching;
        RestClient operator = started.operator();
        SellingAct.PLANS.forEach(
                (name, plan) -> operator.put("/api/v1/plans/" + name, plan).must("put plan " + name));
        // Eve first: Alice's contract names her.
        TenantDesk eve = admit(operator, "eve", config);
        TenantDesk alice = admit(operator, "alice", config);
        TenantDesk bob = admit(operator, "bob", config);
        return new Stage(started, assembled, worldUri, watching, operator, alice, bob, eve);
    }

    private static List<HostConfig> hosts(Rack rack) {
        long cpuMillis = 1000L * Runtime.getRuntime().availableProcessors();
        return IntStream.rangeClosed(1, HOSTS)
                .mapToObj(number -> new HostConfig(
                        "host" + number, rack.namespaceOf(number), rack.addressOf(number), cpuMillis, 512 * MIB))
                .toList();
    }

    /** A server on one more machine, which is not the landlord's. */
    private URI openTheWorld(Rack rack, Path image) throws IOException {
        int number = HOSTS + 1;
        List<String> command = List.of(
                "nsenter",
                "--net=" + rack.namespaceOf(number),
                image.resolve("bin/shop").toString(),
                "web",
                "8080",
                "1",
                "the world");
        world = ChildProcess.start("the world", footprint.scratch().resolve("world.log"), Map.of(), command);
        return URI.create("http://" + rack.addressOf(number) + ":8080/");
    }

    private static TenantDesk admit(RestClient operator, String tenant, ClusterConfig config) {
        String token = operator.put("/api/v1/tenants/" + tenant, SellingAct.CONTRACTS.getOrDefault(tenant, Map.of()))
                .must("admit " + tenant)
                .json()
                .path("token")
                .asString();
        List<String> slices = config.hosts().stream().map(config::cgroupRoot).toList();
        return new TenantDesk(operator.as(token), tenant, new TenantCounters(slices, tenant));
    }

    /** Until it is interrupted. */
    private void stayUp() throws InterruptedException {
        Cluster running = cluster;
        Prometheus watching = prometheus;
        if (running == null || watching == null) {
            return;
        }
        out.printf(
                "%nEverything is still up; Ctrl-C takes it down.%n  REST        %s/api/v1  (CA %s)%n"
                        + "  operator    token in %s%n  Prometheus  %s%n",
                running.publicUri(), running.caCertificate(), running.operatorTokenFile(), watching.uri());
        new CountDownLatch(1).await();
    }

    /** Whatever goes wrong, the host is tidied up, and whoever waits for the end is told. */
    private void end() throws IOException, InterruptedException {
        beginToEnd();
        try {
            keepLogs(top.resolve("target/demo"));
        } catch (IOException e) {
            out.println("the logs cannot be kept: " + e);
        }
        try {
            curtain.fall(cluster, prometheus, new Scenery(rack, world));
        } finally {
            try {
                report.write(top.resolve("target/demo/report.json"));
            } finally {
                ended.countDown();
            }
        }
    }

    /** What the programs had to say outlives them: the first thing to read when a step does not hold. */
    private void keepLogs(Path directory) throws IOException {
        Files.createDirectories(directory);
        for (String name : List.of("control-plane.log", "host1.log", "host2.log", "host3.log", "prometheus.log")) {
            Path log = footprint.scratch().resolve(name);
            if (Files.exists(log)) {
                Files.copy(log, directory.resolve(name), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }
}
