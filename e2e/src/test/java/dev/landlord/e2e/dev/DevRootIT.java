package dev.landlord.e2e.dev;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.e2e.host.HostInventory.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;

/** All of them use one that runs, which takes half a minute to start. */
@Tag("root")
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DevRootIT {
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
    private Dev dev;

    @BeforeAll
    void start() throws IOException, InterruptedException {
        dev = Dev.start();
        dev.apply(MANIFEST);
    }

    @AfterAll
    void sweep() throws IOException {
        dev.close();
    }

    @Test
    void aProgramIsRunBesideAWorkloadAndGoesWithWhoeverSitsInFrontOfIt() throws Exception {
        Commands commands = dev.commands();
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
        assertThat(dev.messages()).contains("exec-refused: exec nosuch: No such file or directory");

        String allocation = commands.allocationOf("alice", "shop");
        commands.run("", "tenant", "create", "eve", "--plan", "small", "--save-token", dev.scratch() + "/eve");
        assertThat(commands.run("", "--token-file", dev.scratch() + "/eve", "exec", allocation, "--", "true")
                        .code())
                .isEqualTo(5);

        Process left = commands.start("--tenant", "alice", "exec", "shop", "--", "sleep", "86397");
        await(() -> dev.left(Kind.PROCESS).stream().anyMatch(process -> process.endsWith("sleep 86397")));
        left.destroy();
        await(() -> dev.left(Kind.PROCESS).stream().noneMatch(process -> process.endsWith("sleep 86397")));
        assertThat(dev.left(Kind.PROCESS)).anyMatch(process -> process.endsWith("sleep 86399"));

        assertThat(commands.run("", "--tenant", "alice", "get", "events", "-o", "json")
                        .out())
                .contains("operator runs in allocation " + allocation + ": sleep 86397");
    }

    @Test
    void whoSitsInFrontOfAWorkloadsOwnProgramTypesToItAndLeavesItAsItIs() throws Exception {
        Commands commands = dev.commands();
        dev.apply(TILL);
        for (String line : List.of("one", "two")) {
            Process attached = commands.start("--tenant", "alice", "attach", "till");
            attached.outputWriter(StandardCharsets.UTF_8)
                    .append(line)
                    .append('\n')
                    .flush();
            assertThat(attached.inputReader(StandardCharsets.UTF_8).readLine())
                    .as(dev::messages)
                    .isEqualTo("got " + line);
            attached.destroy();
            attached.waitFor();
        }
        assertThat(dev.left(Kind.PROCESS)).anyMatch(process -> process.contains("while read -r line"));
        assertThat(commands.run("", "--tenant", "alice", "logs", "till").out()).isEqualTo("got one\ngot two\n");

        dev.apply(DESK);
        sitsAtTheTerminalOfAWorkload(commands);

        commands.run("", "--tenant", "alice", "delete", "workload", "till");
        commands.run("", "--tenant", "alice", "delete", "workload", "desk");
        await(() -> dev.left(Kind.PROCESS).stream().noneMatch(process -> process.contains("while ")));
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
        Commands commands = dev.commands();
        Path group = groupOfTheShop(commands.allocationOf("alice", "shop"));
        String members = Files.readString(group.resolve("cgroup.procs"));
        assertThat(members).isNotBlank();

        assertThat(dev.apply(MANIFEST.replace("cpuMillis: 100", "cpuMillis: 300")))
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
    }

    /** Killed, it would leave its agent's firewall table behind. */
    @Test
    @Order(Integer.MAX_VALUE)
    void ctrlCLeavesTheHostAsItWas() throws Exception {
        assertThat(dev.left(Kind.PROCESS)).anyMatch(process -> process.endsWith("sleep 86399"));
        assertThat(dev.left(Kind.CONTROL_GROUP)).isNotEmpty();
        assertThat(dev.stateFolder()).startsWith(dev.scratch());

        dev.pressCtrlC();

        assertThat(dev.left(Kind.PROCESS)).isEmpty();
        assertThat(dev.left(Kind.CONTROL_GROUP)).isEmpty();
        assertThat(dev.beyondBefore(Kind.FIREWALL_TABLE)).isEmpty();
        assertThat(dev.mounts()).isEmpty();
        assertThat(dev.stateFolder()).doesNotExist();
        assertThat(Files.readString(dev.scratch().resolve("config.yaml"))).doesNotContain(dev.context() + ":");
    }

    /** In the hierarchy that has the CPU's limits. */
    private Path groupOfTheShop(String allocation) throws IOException {
        Path v1 = Path.of("/sys/fs/cgroup/cpu", dev.cgroupRoot(), "alice");
        Path slice = Files.exists(v1) ? v1 : Path.of("/sys/fs/cgroup", dev.cgroupRoot(), "alice");
        try (Stream<Path> groups = Files.list(slice)) {
            return groups.filter(group -> group.getFileName().toString().contains(allocation))
                    .findFirst()
                    .orElseThrow();
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
}
