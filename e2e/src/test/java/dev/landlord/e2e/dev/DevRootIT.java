package dev.landlord.e2e.dev;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.e2e.host.Footprint;
import dev.landlord.e2e.host.HostInventory;
import dev.landlord.e2e.host.HostInventory.Kind;
import dev.landlord.e2e.host.HostSweep;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Tag("root")
@Timeout(300)
class DevRootIT {
    private static final Path LANDLORD = Path.of("../dist/target/landlord/bin/landlord");
    private static final String MANIFEST = """
        {kind: Plan, name: small, spec: {cpuMillis: 500, memoryBytes: 67108864, pids: 64}}
        ---
        {kind: Tenant, name: alice, spec: {plan: small}}
        ---
        kind: Workload
        name: shop
        tenant: alice
        spec: {image: busybox, command: [sleep, "86399"], resources: {cpuMillis: 100, memoryBytes: 16777216, pids: 8}}
        """;

    private static final String TILL = """
        kind: Workload
        name: till
        tenant: alice
        spec:
          image: busybox
          command: [sh, -c, "while read -r line; do echo got $line; done"]
          stdin: true
          resources: {cpuMillis: 100, memoryBytes: 16777216, pids: 8}
        """;

    /** Says how large its terminal is whenever that changes, and ends when it is interrupted. */
    private static final String ON_TERMINAL = "trap \"stty size\" WINCH; trap \"echo interrupted; exit 5\" INT; tty;"
            + " stty size; echo ready; while :; do sleep 0.05; done";

    private static final String DESK = """
        kind: Workload
        name: desk
        tenant: alice
        spec:
          image: busybox
          command: [sh, -c, '%s']
          stdin: true
          tty: true
          resources: {cpuMillis: 100, memoryBytes: 16777216, pids: 8}
        """.formatted(ON_TERMINAL);

    @SuppressWarnings("NullAway.Init")
    private Path scratch;

    @BeforeEach
    void open() throws IOException {
        assertThat(LANDLORD).as("assembled by dist").isExecutable();
        scratch = Files.createTempDirectory("landlord-devit-");
    }

    @AfterEach
    void sweep() throws IOException {
        HostSweep.sweep(footprint("landlord-devit-no-such-root"));
    }

    /** Everything that {@code landlord dev} starts or makes names the scratch folder or is in its control groups. */
    private Footprint footprint(String cgroupRoot) {
        return new Footprint(scratch, cgroupRoot, 0xF000_0000L, 1);
    }

    private ProcessBuilder landlord(String... arguments) {
        // Whoever runs the tests in the background has told them to ignore SIGINT, and a program inherits that.
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT", LANDLORD.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment()
                .put("LANDLORD_CONFIG", scratch.resolve("config.yaml").toString());
        builder.environment().put("JDK_JAVA_OPTIONS", "-Djava.io.tmpdir=" + scratch);
        return builder.redirectError(scratch.resolve("messages").toFile());
    }

    /** What is done with a running one. */
    private interface Act {
        void on(Process dev, JsonNode ready) throws Exception;
    }

    private void withDev(Act act) throws Exception {
        HostInventory before = HostInventory.take(footprint("landlord-devit-no-such-root"));
        Process dev = landlord(
                        "dev", "--json", "--public-port=0", "--node-port=0", "--management-port=0", "--metrics-port=0")
                .start();
        try {
            JsonNode ready = awaitReady(dev);
            try {
                apply(ready.path("context").asString(), MANIFEST);
                act.on(dev, ready);
                // Killed, it would leave its agent's firewall table behind.
                if (dev.isAlive()) {
                    pressCtrlC(dev);
                }
                HostInventory after =
                        HostInventory.take(footprint(ready.path("cgroupRoot").asString()));
                assertThat(after.beyond(before, Kind.FIREWALL_TABLE)).isEmpty();
            } finally {
                dev.destroyForcibly().waitFor();
                HostSweep.sweep(footprint(ready.path("cgroupRoot").asString()));
            }
        } finally {
            dev.destroyForcibly().waitFor();
        }
    }

    private void pressCtrlC(Process dev) throws IOException, InterruptedException {
        new ProcessBuilder("sh", "-c", "kill -INT " + dev.pid()).start().waitFor();
        assertThat(dev.waitFor()).as(this::messages).isZero();
    }

    @Test
    void ctrlCLeavesTheHostAsItWas() throws Exception {
        withDev((dev, ready) -> {
            Footprint footprint = footprint(ready.path("cgroupRoot").asString());
            assertThat(left(footprint, Kind.PROCESS)).anyMatch(process -> process.endsWith("sleep 86399"));
            assertThat(left(footprint, Kind.CONTROL_GROUP)).isNotEmpty();
            assertThat(Path.of(ready.path("stateDir").asString())).startsWith(scratch);

            pressCtrlC(dev);

            assertThat(left(footprint, Kind.PROCESS)).isEmpty();
            assertThat(left(footprint, Kind.CONTROL_GROUP)).isEmpty();
            assertThat(mounts()).isEmpty();
            assertThat(Path.of(ready.path("stateDir").asString())).doesNotExist();
            assertThat(Files.readString(scratch.resolve("config.yaml")))
                    .doesNotContain(ready.path("context").asString() + ":");
        });
    }

    @Test
    void aProgramIsRunBesideAWorkloadAndGoesWithWhoeverSitsInFrontOfIt() throws Exception {
        withDev((dev, ready) -> {
            Commands commands =
                    new Commands(this::landlord, ready.path("context").asString(), scratch);
            Commands.Result piped =
                    commands.run("hello\n", "--tenant", "alice", "exec", "-i", "shop", "--", "sh", "-c", "cat; exit 3");
            assertThat(piped).isEqualTo(new Commands.Result(3, "hello\n"));

            try (Seat seat = commands.onTerminal("--tenant alice exec -t shop -- sh -c '" + ON_TERMINAL + "'")) {
                sitsAtTheTerminalOfAProgram(seat);
            }

            // Far more than fits between the two ends.
            Commands.Result loud =
                    commands.run("", "--tenant", "alice", "exec", "shop", "--", "sh", "-c", "yes | head -c 3000000");
            assertThat(loud.code()).isZero();
            assertThat(loud.out()).hasSize(3_000_000);

            assertThat(commands.run("", "--tenant", "alice", "exec", "shop", "--", "nosuch")
                            .code())
                    .isEqualTo(1);
            assertThat(messages()).contains("exec-refused: exec nosuch: No such file or directory");

            String allocation = commands.allocationOf("alice");
            commands.run("", "tenant", "create", "eve", "--plan", "small", "--save-token", scratch + "/eve");
            assertThat(commands.run("", "--token-file", scratch + "/eve", "exec", allocation, "--", "true")
                            .code())
                    .isEqualTo(5);

            Footprint footprint = footprint(ready.path("cgroupRoot").asString());
            Process left = commands.start("--tenant", "alice", "exec", "shop", "--", "sleep", "86397");
            await(() -> left(footprint, Kind.PROCESS).stream().anyMatch(process -> process.endsWith("sleep 86397")));
            left.destroy();
            await(() -> left(footprint, Kind.PROCESS).stream().noneMatch(process -> process.endsWith("sleep 86397")));
            assertThat(left(footprint, Kind.PROCESS)).anyMatch(process -> process.endsWith("sleep 86399"));

            assertThat(commands.run("", "--tenant", "alice", "get", "events", "-o", "json")
                            .out())
                    .contains("operator runs in allocation " + allocation + ": sleep 86397");
        });
    }

    @Test
    void whoSitsInFrontOfAWorkloadsOwnProgramTypesToItAndLeavesItAsItIs() throws Exception {
        withDev((dev, ready) -> {
            String context = ready.path("context").asString();
            Commands commands = new Commands(this::landlord, context, scratch);
            apply(context, TILL);
            Footprint footprint = footprint(ready.path("cgroupRoot").asString());
            for (String line : List.of("one", "two")) {
                Process attached = commands.start("--tenant", "alice", "attach", "till");
                attached.outputWriter(StandardCharsets.UTF_8)
                        .append(line)
                        .append('\n')
                        .flush();
                assertThat(attached.inputReader(StandardCharsets.UTF_8).readLine())
                        .as(this::messages)
                        .isEqualTo("got " + line);
                attached.destroy();
                attached.waitFor();
            }
            assertThat(left(footprint, Kind.PROCESS)).anyMatch(process -> process.contains("while read -r line"));
            assertThat(commands.run("", "--tenant", "alice", "logs", "till").out())
                    .isEqualTo("got one\ngot two\n");

            apply(context, DESK);
            sitsAtTheTerminalOfAWorkload(commands);
        });
    }

    /** Without one of its own between them: keys, size and end are the program's, and the command only carries them. */
    private static void sitsAtTheTerminalOfAProgram(Seat seat) throws Exception {
        seat.awaitOnScreen("/dev/pts/0\r\n33 99\r\nready\r\n");
        seat.resize(50, 132);
        seat.awaitOnScreen("50 132\r\n");
        seat.press("\u0003");
        assertThat(seat.awaitEnd()).as(seat.screen()).isEqualTo(5);
        assertThat(seat.screen()).contains("interrupted\r\n");
    }

    /** Who leaves by the keys for that leaves the program alone, and the next one finds it. */
    private static void sitsAtTheTerminalOfAWorkload(Commands commands) throws Exception {
        try (Seat seat = commands.onTerminal("--tenant alice attach desk")) {
            seat.awaitOnScreen("33 99\r\n");
            seat.resize(50, 132);
            seat.awaitOnScreen("50 132\r\n");
            seat.press("\u0010\u0011");
            assertThat(seat.awaitEnd()).as(seat.screen()).isZero();
            assertThat(seat.screen()).doesNotContain("interrupted");
        }
        try (Seat seat = commands.onTerminal("--tenant alice attach desk")) {
            seat.awaitOnScreen("33 99\r\n");
            seat.press("\u0003");
            assertThat(seat.awaitEnd()).as(seat.screen()).isEqualTo(5);
            assertThat(seat.screen()).contains("interrupted\r\n").doesNotContain("ready");
        }
    }

    /** From {@code landlord apply} to the kernel, and back to {@code landlord get}. */
    @Test
    void limitsChangeWhileTheShopRunsAndComeBackWhenRootMeddles() throws Exception {
        withDev((dev, ready) -> {
            String context = ready.path("context").asString();
            Commands commands = new Commands(this::landlord, context, scratch);
            Path group = groupOfTheShop(ready.path("cgroupRoot").asString());
            String members = Files.readString(group.resolve("cgroup.procs"));
            assertThat(members).isNotBlank();

            assertThat(apply(context, MANIFEST.replace("cpuMillis: 100", "cpuMillis: 300")))
                    .contains("workload alice/shop applied; changed while replicas run: resources.cpuMillis");
            boolean v2 = Files.exists(group.resolve("cpu.max"));
            Path cap = group.resolve(v2 ? "cpu.max" : "cpu.cfs_quota_us");
            await(() -> Files.readString(cap).startsWith("30000"));
            await(() -> commands.run("", "--tenant", "alice", "get", "allocations", "-o", "json")
                    .out()
                    .replaceAll("\\s", "")
                    .contains("\"cpuMillis\":300"));

            Files.writeString(cap, v2 ? "max\n" : "-1\n");
            await(() -> Files.readString(cap).startsWith("30000"));
            assertThat(Files.readString(group.resolve("cgroup.procs"))).isEqualTo(members);
            await(() -> commands.run("", "--tenant", "alice", "get", "events", "-o", "json")
                    .out()
                    .contains("was changed from outside"));
        });
    }

    /** In the hierarchy that has the CPU's limits. */
    private static Path groupOfTheShop(String cgroupRoot) throws IOException {
        Path v1 = Path.of("/sys/fs/cgroup/cpu", cgroupRoot, "alice");
        Path slice = Files.exists(v1) ? v1 : Path.of("/sys/fs/cgroup", cgroupRoot, "alice");
        try (Stream<Path> groups = Files.list(slice)) {
            return groups.filter(Files::isDirectory).findFirst().orElseThrow();
        }
    }

    private interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    private static void await(Condition condition) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + 30_000_000_000L;
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("waiting").isLessThan(deadline);
            Thread.sleep(20);
        }
    }

    private JsonNode awaitReady(Process dev) throws IOException {
        BufferedReader lines = dev.inputReader(StandardCharsets.UTF_8);
        String line = lines.readLine();
        assertThat(line).as(this::messages).isNotNull();
        return JsonMapper.shared().readTree(line);
    }

    private String apply(String context, String manifests) throws IOException, InterruptedException {
        Path manifest = Files.writeString(scratch.resolve("shop.yaml"), manifests);
        Process apply = landlord("--context", context, "apply", "-f", manifest.toString(), "--wait")
                .redirectOutput(scratch.resolve("applied").toFile())
                .start();
        assertThat(apply.waitFor()).as(this::messages).isZero();
        return Files.readString(scratch.resolve("applied"));
    }

    private static NavigableSet<String> left(Footprint footprint, Kind kind) throws IOException {
        HostInventory nothing = HostInventory.take(
                new Footprint(footprint.scratch().resolve("no-such"), "landlord-devit-no-such-root", 0xF000_0000L, 1));
        return HostInventory.take(footprint).beyond(nothing, kind);
    }

    /** Of the sandboxes' files; those inside sandboxes are in namespaces that go with the processes. */
    private List<String> mounts() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/mounts"))) {
            return lines.filter(line -> line.contains(scratch.toString())).toList();
        }
    }

    private String messages() {
        try {
            return Files.readString(scratch.resolve("messages"));
        } catch (IOException e) {
            return "no messages: " + e;
        }
    }
}
