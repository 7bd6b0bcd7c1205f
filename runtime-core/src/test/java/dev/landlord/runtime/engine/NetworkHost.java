package dev.landlord.runtime.engine;

import dev.landlord.runtime.Connection;
import dev.landlord.runtime.Connection.Protocol;
import dev.landlord.runtime.Connection.PublishedPort;
import dev.landlord.runtime.IdBlock;
import dev.landlord.runtime.Ipv4;
import dev.landlord.runtime.Ipv4Prefix;
import dev.landlord.runtime.Isolation;
import dev.landlord.runtime.LogPage;
import dev.landlord.runtime.LogPolicy;
import dev.landlord.runtime.Neighbourhood;
import dev.landlord.runtime.NetworkConfig;
import dev.landlord.runtime.NetworkConfig.FlowBounds;
import dev.landlord.runtime.NetworkConfig.PortRange;
import dev.landlord.runtime.OwnerId;
import dev.landlord.runtime.RuntimeConfig;
import dev.landlord.runtime.SandboxId;
import dev.landlord.runtime.SandboxRuntime;
import dev.landlord.runtime.SandboxSpec;
import dev.landlord.runtime.SandboxStatus;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A runtime in a process of its own, because that process lives in another network namespace than the test. Takes one order
 * a line, words separated by tabs, and answers with one line, {@code ok ...} or {@code failed ...}.
 */
final class NetworkHost {
    private final SandboxRuntime runtime;
    private final Path image;
    private final Map<String, Integer> owners = new HashMap<>();

    private NetworkHost(SandboxRuntime runtime, Path image) {
        this.runtime = runtime;
        this.image = image;
    }

    /** Arguments: state directory, control-group root, image. */
    public static void main(String[] arguments) throws IOException {
        RuntimeConfig config = new RuntimeConfig(
                Path.of(arguments[0]),
                Path.of("/sys/fs/cgroup"),
                arguments[1],
                new NetworkConfig(
                        "landlord-test", "uplink", List.of(new PortRange(20_000, 29_999)), FlowBounds.DEFAULT));
        try (SandboxRuntime runtime = new LinuxSandboxRuntime(config)) {
            runtime.adopt();
            new NetworkHost(runtime, Path.of(arguments[2])).serve();
        }
    }

    private void serve() throws IOException {
        PrintStream answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = orders.readLine(); line != null; line = orders.readLine()) {
            try {
                answers.println("ok " + obey(line.split("\t", -1)));
            } catch (RuntimeException e) {
                answers.println("failed " + e.toString().replaceAll("\\R", " "));
            }
        }
    }

    private String obey(String[] words) {
        return switch (words[0]) {
            case "facts" ->
                runtime.facts().capabilities().contains("network") + " "
                        + runtime.facts().missing().get("network");
            case "follow" -> follow(words);
            case "leave" -> {
                runtime.surround(Neighbourhood.NONE);
                List.of("alice", "eve").forEach(owner -> runtime.forgetOwner(new OwnerId(owner)));
                yield "";
            }
            case "dropped" -> runtime.droppedPackets().packets().toString();
            case "run" -> run(words);
            case "logs" -> text(words[1]);
            case "pid" ->
                Integer.toString(runtime.status(new SandboxId(words[1])).programPid());
            case "delete" -> {
                runtime.delete(new SandboxId(words[1]));
                yield "";
            }
            case "list" ->
                runtime.list().stream()
                        .map(SandboxStatus::id)
                        .map(SandboxId::value)
                        .sorted()
                        .toList()
                        .toString();
            default -> throw new IllegalArgumentException(words[0]);
        };
    }

    /** subnet, other subnet, other host, hosts separated by commas, remotes ADDRESS=GROUP separated by commas. */
    private String follow(String[] words) {
        Map<Ipv4, Integer> remotes = new HashMap<>();
        for (String remote : words[5].isEmpty() ? new String[0] : words[5].split(",", -1)) {
            remotes.put(Ipv4.parse(remote.split("=", -1)[0]), Integer.parseInt(remote.split("=", -1)[1]));
        }
        Set<Ipv4Prefix> hosts = Set.of(words[4].split(",", -1)).stream()
                .map(address -> Ipv4Prefix.of(Ipv4.parse(address)))
                .collect(java.util.stream.Collectors.toSet());
        runtime.surround(new Neighbourhood(
                Ipv4Prefix.parse("100.64.0.0/10"),
                Ipv4Prefix.parse(words[1]),
                Map.of(Ipv4Prefix.parse(words[2]), Ipv4.parse(words[3])),
                remotes,
                hosts));
        return "";
    }

    /** id, owner, group, address, port=hostPort or nothing, script. */
    private String run(String[] words) {
        List<PublishedPort> ports = words[5].isEmpty()
                ? List.of()
                : List.of(new PublishedPort(
                        Protocol.TCP,
                        Integer.parseInt(words[5].split("=", -1)[0]),
                        Integer.parseInt(words[5].split("=", -1)[1])));
        int number = owners.computeIfAbsent(words[2], owner -> owners.size());
        SandboxSpec spec = new SandboxSpec(
                new SandboxId(words[1]),
                new OwnerId(words[2]),
                new IdBlock(0x6100_0000L + number * IdBlock.DEFAULT_SIZE, IdBlock.DEFAULT_SIZE),
                image,
                Host.shell(words[6]),
                "shop-0",
                Host.LIMITS,
                4 << 20,
                256,
                1 << 20,
                true,
                new LogPolicy(8192, 2, 1 << 20),
                Isolation.FULL,
                new Connection(Ipv4.parse(words[4]), Integer.parseInt(words[3]), ports));
        long begin = System.nanoTime();
        runtime.create(spec);
        runtime.start(spec.id());
        return Long.toString((System.nanoTime() - begin) / 1000);
    }

    private String text(String id) {
        return Host.output(runtime, new SandboxId(id), LogPage.Stream.STDOUT)
                .strip()
                .replaceAll("\\R", "|");
    }
}
