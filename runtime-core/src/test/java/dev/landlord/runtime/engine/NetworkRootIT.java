package dev.landlord.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.runtime.RuntimeConfig;
import dev.landlord.runtime.cgroup.Cgroups;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two hosts and the world, each in a network namespace of the test's own, joined by a switch in the world. Alice's sandboxes
 * are on both hosts, Eve's on the first.
 */
@Tag("root")
class NetworkRootIT {
    private static final String HOST_A = "198.18.200.1";
    private static final String HOST_B = "198.18.200.2";
    private static final String WORLD = "198.18.200.254";
    private static final String SUBNET_A = "100.64.0.0/22";
    private static final String SUBNET_B = "100.64.4.0/22";
    private static final String ALICE_A = "100.64.0.2";
    private static final String EVE_A = "100.64.0.3";
    private static final String SECOND_A = "100.64.0.4";
    private static final String ALICE_B = "100.64.4.2";
    private static final String SERVER = "while :; do echo page | nc -l -p 8080; done";

    private final String mark = "llt" + ProcessHandle.current().pid();

    @TempDir
    Path scratch;

    private Path image = Path.of("/");
    private final List<Machine> machines = new ArrayList<>();
    private final List<Process> servers = new ArrayList<>();

    @BeforeEach
    void assemble() throws Exception {
        image = new Host(scratch).image;
        ip("netns", "add", mark + "w");
        inWorld("link", "add", "switch", "type", "bridge");
        inWorld("address", "add", WORLD + "/24", "dev", "switch");
        inWorld("link", "set", "switch", "up");
        inWorld("link", "set", "lo", "up");
        addHost("a", HOST_A);
        addHost("b", HOST_B);
    }

    private void addHost(String name, String address) throws Exception {
        String netns = mark + name;
        ip("netns", "add", netns);
        inWorld(
                "link",
                "add",
                "port" + name,
                "master",
                "switch",
                "type",
                "veth",
                "peer",
                "name",
                "uplink",
                "netns",
                netns);
        inWorld("link", "set", "port" + name, "up");
        ip("-netns", netns, "link", "set", "lo", "up");
        ip("-netns", netns, "address", "add", address + "/24", "dev", "uplink");
        ip("-netns", netns, "link", "set", "uplink", "up");
        ip("-netns", netns, "route", "add", "default", "via", WORLD);
    }

    @AfterEach
    void takeDown() throws Exception {
        for (Machine machine : machines) {
            machine.orderQuietly("leave");
            machine.close();
        }
        for (Process server : servers) {
            server.descendants().forEach(ProcessHandle::destroyForcibly);
            server.destroyForcibly().waitFor();
        }
        for (String host : List.of("a", "b")) {
            Path state = scratch.resolve("state-" + host);
            String groups = "landlord-test-" + mark + host;
            if (Files.exists(state)) {
                Cgroups.open(new RuntimeConfig(state, Path.of("/sys/fs/cgroup"), groups, null))
                        .removeRoot();
            }
        }
        for (String name : List.of("a", "b", "w")) {
            run(List.of("ip", "netns", "delete", mark + name));
        }
        assertThat(Path.of("/run/netns").toFile().list()).doesNotContain(mark + "a", mark + "b", mark + "w");
    }

    @Test
    void connectsATenantAcrossHostsAndNobodyElse() throws Exception {
        Machine a = start("a");
        Machine b = start("b");
        assertThat(a.order("facts")).isEqualTo("true null");
        follow(a, SUBNET_A, SUBNET_B, HOST_B, ALICE_B + "=7");
        follow(b, SUBNET_B, SUBNET_A, HOST_A, ALICE_A + "=7," + SECOND_A + "=7");
        worldServes();
        a.order("run", "alice-a", "alice", "7", ALICE_A, "8080=20001", SERVER);
        b.order("run", "alice-b", "alice", "7", ALICE_B, "", SERVER);

        a.order("run", "alice-2", "alice", "7", SECOND_A, "", knock(ALICE_A, 8080) + knock(ALICE_B, 8080) + "sleep 60");
        assertThat(a.awaitLog("alice-2", 2)).isEqualTo("page|page");

        a.order(
                "run",
                "eve",
                "eve",
                "9",
                EVE_A,
                "",
                knock(WORLD, 9000) // her network works
                        + knock(HOST_A, 20_001) // as any customer may
                        + knock(ALICE_A, 8080)
                        + knock(ALICE_B, 8080)
                        + knock(HOST_A, 22_222)
                        + knock(HOST_B, 9000)
                        + knock("169.254.169.254", 80)
                        + "sleep 60");
        serve("a", 22_222);
        serve("b", 9000);
        assertThat(a.awaitLog("eve", 7)).isEqualTo("world|page|none|none|none|none|none");

        assertThat(customer(HOST_A, 20_001)).isEqualTo("page");
        a.order("delete", "alice-a");
        assertThat(customer(HOST_A, 20_001)).isEqualTo("none");
    }

    @Test
    void dropsAForgedSourceBeforeAnythingElseSeesIt() throws Exception {
        Machine a = start("a");
        follow(a, SUBNET_A, SUBNET_B, HOST_B, "");
        worldServes();
        a.order("run", "eve", "eve", "9", EVE_A, "", "sleep 60");
        String eve = "nsenter --net=/proc/" + a.order("pid", "eve") + "/ns/net ";
        String knock = eve + "sh -c 'echo | busybox nc -w 2 " + WORLD + " 9000 2> /dev/null || echo none'";
        // What her own root cannot do, the host's root does for her.
        String forged = shell(eve + "ip address add " + ALICE_A + "/32 dev eth0; " + eve + "ip address delete " + EVE_A
                + "/32 dev eth0; " + knock);
        String honest = shell(eve + "ip address add " + EVE_A + "/32 dev eth0; " + eve + "ip address delete " + ALICE_A
                + "/32 dev eth0; " + knock);
        assertThat(forged.strip()).isEqualTo("none");
        assertThat(honest.strip()).isEqualTo("world");
        assertThat(a.order("dropped")).containsPattern("spoofed=[1-9]");
    }

    @Test
    void leavesNothingAfterEachKindOfDeath() throws Exception {
        Machine a = start("a");
        follow(a, SUBNET_A, SUBNET_B, HOST_B, "");
        a.order("run", "one", "alice", "7", ALICE_A, "8080=20001", "sleep 60");
        a.order("run", "two", "alice", "7", SECOND_A, "", "sleep 60");
        assertThat(links("a")).hasSize(2);
        a.kill();

        Machine again = start("a");
        assertThat(again.order("list")).isEqualTo("[one, two]");
        follow(again, SUBNET_A, SUBNET_B, HOST_B, "");
        assertThat(links("a")).hasSize(2);
        ProcessHandle.of(Long.parseLong(again.order("pid", "two"))).ifPresent(ProcessHandle::destroyForcibly);
        again.order("delete", "two");
        assertThat(links("a")).hasSize(1);
        again.order("run", "two", "alice", "7", SECOND_A, "", "sleep 60");
        again.order("delete", "two");
        again.order("delete", "one");
        assertThat(links("a")).isEmpty();
        assertThat(elements("a")).isEmpty();
        again.order("leave");
        assertThat(run(List.of("nsenter", "--net=/run/netns/" + mark + "a", "nft", "list", "tables")))
                .isBlank();
    }

    @Test
    void refusesAnAddressThatIsTakenOrNotItsOwn() throws Exception {
        Machine a = start("a");
        assertThat(a.answer("run", "early", "alice", "7", ALICE_A, "", "sleep 60"))
                .contains("knows of no network yet");
        follow(a, SUBNET_A, SUBNET_B, HOST_B, "");
        a.order("run", "one", "alice", "7", ALICE_A, "8080=20001", "sleep 60");
        assertThat(a.answer("run", "two", "eve", "9", ALICE_A, "", "sleep 60")).contains("address is in use here");
        assertThat(a.answer("run", "two", "eve", "9", ALICE_B, "", "sleep 60")).contains("is not an address of");
        assertThat(a.answer("run", "two", "eve", "9", EVE_A, "8080=20001", "sleep 60"))
                .startsWith("failed");
        assertThat(a.order("list")).isEqualTo("[one]");
        assertThat(links("a")).hasSize(1);
    }

    /** One line: what the server says, or none. */
    private static String knock(String address, int port) {
        return "echo | nc -w 2 " + address + " " + port + " 2> /dev/null || echo none; ";
    }

    private void follow(Machine machine, String subnet, String otherSubnet, String otherHost, String remotes)
            throws IOException {
        machine.order("follow", subnet, otherSubnet, otherHost, HOST_A + "," + HOST_B, remotes);
    }

    private void worldServes() throws IOException {
        servers.add(new ProcessBuilder(
                        "nsenter",
                        "--net=/run/netns/" + mark + "w",
                        "sh",
                        "-c",
                        "while :; do echo world | busybox nc -l -p 9000; done")
                .start());
    }

    private void serve(String host, int port) throws IOException {
        servers.add(new ProcessBuilder(
                        "nsenter",
                        "--net=/run/netns/" + mark + host,
                        "sh",
                        "-c",
                        "while :; do echo host | busybox nc -l -p " + port + "; done")
                .start());
    }

    private String customer(String address, int port) throws Exception {
        return run(List.of(
                        "nsenter",
                        "--net=/run/netns/" + mark + "w",
                        "sh",
                        "-c",
                        "echo | busybox nc -w 2 " + address + " " + port + " 2> /dev/null || echo none"))
                .strip();
    }

    private List<String> links(String host) throws Exception {
        return run(List.of("ip", "-netns", mark + host, "-o", "link"))
                .lines()
                .filter(line -> line.matches("\\d+: ll[0-9a-f]{8}@.*"))
                .toList();
    }

    private List<String> elements(String host) throws Exception {
        String table = run(
                List.of("nsenter", "--net=/run/netns/" + mark + host, "nft", "list", "table", "inet", "landlord-test"));
        return table.lines()
                .filter(line -> line.contains("100.64.0.") && line.contains("\"ll"))
                .toList();
    }

    private Machine start(String host) throws IOException {
        Machine machine = new Machine(host);
        machines.add(machine);
        return machine;
    }

    private void inWorld(String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of("-netns", mark + "w"));
        command.addAll(List.of(words));
        ip(command.toArray(String[]::new));
    }

    private static void ip(String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor())
                .as(String.join(" ", command) + ": " + output)
                .isZero();
    }

    private static String shell(String script) throws Exception {
        return run(List.of("sh", "-c", script));
    }

    private static String run(List<String> command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return output;
    }

    /** A host's runtime, in its own process. */
    private final class Machine {
        private final Process process;
        private final BufferedWriter orders;
        private final BufferedReader answers;

        Machine(String host) throws IOException {
            Path state = Files.createDirectories(scratch.resolve("state-" + host));
            process = new ProcessBuilder(
                            "nsenter",
                            "--net=/run/netns/" + mark + host,
                            ProcessHandle.current().info().command().orElse("java"),
                            "--enable-native-access=ALL-UNNAMED",
                            "-cp",
                            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                            NetworkHost.class.getName(),
                            state.toString(),
                            "landlord-test-" + mark + host,
                            image.toString())
                    .redirectError(scratch.resolve(host + ".log").toFile())
                    .start();
            orders = process.outputWriter(StandardCharsets.UTF_8);
            answers = process.inputReader(StandardCharsets.UTF_8);
        }

        String answer(String... words) throws IOException {
            orders.write(String.join("\t", words) + "\n");
            orders.flush();
            return String.valueOf(answers.readLine());
        }

        String order(String... words) throws IOException {
            String answer = answer(words);
            assertThat(answer).as(String.join(" ", words)).startsWith("ok");
            return answer.substring(Math.min(answer.length(), 3));
        }

        String awaitLog(String id, int lines) throws Exception {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(40);
            String log = order("logs", id);
            while (log.split("\\|", -1).length < lines && System.nanoTime() < deadline) {
                Thread.sleep(100);
                log = order("logs", id);
            }
            return log;
        }

        void orderQuietly(String word) throws IOException {
            if (process.isAlive()) {
                for (String id : answer("list").replaceAll("^ok \\[|\\]$", "").split(", ", -1)) {
                    answer("delete", id);
                }
                answer(word);
            }
        }

        void kill() throws InterruptedException {
            process.destroyForcibly().waitFor();
        }

        void close() throws Exception {
            orders.close();
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        }
    }
}
