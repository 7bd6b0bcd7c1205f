package dev.landlord.runtime.network;

import dev.landlord.runtime.Connection;
import dev.landlord.runtime.Connection.Protocol;
import dev.landlord.runtime.Connection.PublishedPort;
import dev.landlord.runtime.IdBlock;
import dev.landlord.runtime.Ipv4;
import dev.landlord.runtime.Ipv4Prefix;
import dev.landlord.runtime.Isolation;
import dev.landlord.runtime.Limits;
import dev.landlord.runtime.LogPage;
import dev.landlord.runtime.LogPolicy;
import dev.landlord.runtime.Neighbourhood;
import dev.landlord.runtime.NetworkConfig;
import dev.landlord.runtime.NetworkConfig.FlowBounds;
import dev.landlord.runtime.NetworkConfig.PortRange;
import dev.landlord.runtime.OwnerId;
import dev.landlord.runtime.ProcessSpec;
import dev.landlord.runtime.RuntimeConfig;
import dev.landlord.runtime.SandboxId;
import dev.landlord.runtime.SandboxRuntime;
import dev.landlord.runtime.SandboxSpec;
import dev.landlord.runtime.SandboxStatus;
import dev.landlord.runtime.engine.LinuxSandboxRuntime;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The runtime of one host, in a process of its own: a JVM has one network namespace. Hears one command per line, words
 * apart by tabs, and answers each with one line.
 */
final class HostProcess {
    private static final FlowBounds BOUNDS = new FlowBounds(100, 200, 2000, 50_000);

    private final SandboxRuntime runtime;
    private final Path image;

    private HostProcess(String[] words) {
        this.image = Path.of(words[1]);
        this.runtime = new LinuxSandboxRuntime(new RuntimeConfig(
                Path.of(words[0]),
                Path.of("/sys/fs/cgroup"),
                words[2],
                new NetworkConfig("landlord", "eth0", List.of(new PortRange(20_000, 29_999)), BOUNDS)));
        runtime.adopt();
    }

    public static void main(String[] words) throws IOException {
        PrintStream out = System.out;
        HostProcess host = new HostProcess(words);
        out.println("ready\t" + host.runtime.facts().capabilities().contains("network") + "\t"
                + host.runtime.facts().missing().get("network"));
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            out.println(host.answer(line.split("\t", -1)));
        }
    }

    private String answer(String[] words) {
        try {
            return "ok\t" + perform(words);
        } catch (RuntimeException e) {
            return "error\t" + String.valueOf(e.getMessage()).replace('\n', ' ');
        }
    }

    private String perform(String[] words) {
        SandboxId id = new SandboxId(words[1]);
        return switch (words[0]) {
            case "create" -> Integer.toString(runtime.create(spec(words)).programPid());
            case "start" -> Integer.toString(runtime.start(id).supervisorPid());
            case "status" -> describe(runtime.status(id));
            case "wait" ->
                Integer.toString(runtime.awaitExit(id, Duration.ofSeconds(60))
                        .orElseThrow()
                        .exitCode());
            case "logs" ->
                Base64.getEncoder()
                        .encodeToString(runtime.logs(id, LogPage.Stream.STDOUT, 0, 1 << 20)
                                .bytes());
            case "delete" -> {
                runtime.delete(id);
                yield "";
            }
            case "surround" -> {
                runtime.surround(neighbourhood(words));
                yield "";
            }
            case "dropped" -> new TreeMap<>(runtime.droppedPackets().packets()).toString();
            case "clear" -> {
                runtime.list().forEach(status -> runtime.delete(status.id()));
                runtime.forgetOwner(owner());
                yield "";
            }
            case "churn" -> churn(spec(words));
            default -> throw new IllegalArgumentException("unknown command " + words[0]);
        };
    }

    private static String describe(SandboxStatus status) {
        return status.phase() + " " + status.supervisorPid() + " " + status.programPid();
    }

    private String churn(SandboxSpec spec) {
        while (true) {
            runtime.create(spec);
            runtime.start(spec.id());
            runtime.delete(spec.id());
        }
    }

    private static OwnerId owner() {
        return new OwnerId("tenant");
    }

    /** create ID ADDRESS MARK PORTS ISOLATION SCRIPT, ports as tcp:8080:20001,... */
    private SandboxSpec spec(String[] words) {
        List<PublishedPort> ports = Arrays.stream(words[4].split(",", -1))
                .filter(text -> !text.isEmpty())
                .map(text -> text.split(":", -1))
                .map(parts -> new PublishedPort(
                        Protocol.valueOf(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2])))
                .toList();
        int mark = Integer.parseInt(words[3]);
        String script = new String(Base64.getDecoder().decode(words[6]), StandardCharsets.UTF_8);
        return new SandboxSpec(
                new SandboxId(words[1]),
                owner(),
                new IdBlock(0x6000_0000L + mark * 65_536L, IdBlock.DEFAULT_SIZE),
                image,
                new ProcessSpec(List.of("sh", "-c", script), Map.of("PATH", "/bin"), "/", 0, 0, List.of()),
                "shop-0",
                new Limits(100, 1000L, 64L << 20, 64L, null, List.of()),
                4 << 20,
                256,
                1 << 20,
                true,
                LogPolicy.DEFAULT,
                Isolation.valueOf(words[5]),
                words[2].isEmpty() ? null : new Connection(Ipv4.parse(words[2]), mark, ports),
                null);
    }

    /** surround - CLUSTER SUBNET, then any number of route=PREFIX=ADDRESS, peer=ADDRESS=MARK, forbidden=PREFIX. */
    private static Neighbourhood neighbourhood(String[] words) {
        Map<Ipv4Prefix, Ipv4> routes = new HashMap<>();
        Map<Ipv4, Integer> peers = new HashMap<>();
        Set<Ipv4Prefix> forbidden = new HashSet<>();
        for (String word : Arrays.asList(words).subList(4, words.length)) {
            String[] parts = word.split("=", -1);
            switch (parts[0]) {
                case "route" -> routes.put(Ipv4Prefix.parse(parts[1]), Ipv4.parse(parts[2]));
                case "peer" -> peers.put(Ipv4.parse(parts[1]), Integer.valueOf(parts[2]));
                default -> forbidden.add(Ipv4Prefix.parse(parts[1]));
            }
        }
        return new Neighbourhood(Ipv4Prefix.parse(words[2]), Ipv4Prefix.parse(words[3]), routes, peers, forbidden);
    }
}
