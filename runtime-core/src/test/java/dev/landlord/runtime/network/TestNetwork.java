package dev.landlord.runtime.network;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * Some hosts that share a switch, each a network namespace with an eth0 of 10.77.0.N/24, and an image with busybox and the
 * probe for their sandboxes. All of it goes when it is closed.
 */
final class TestNetwork implements AutoCloseable {
    private static final String SWITCH = "switch";
    static final Duration PATIENCE = Duration.ofMinutes(1);

    private final String prefix = "llnet" + ProcessHandle.current().pid() + "-";
    private final Path image;
    private final Map<String, String> addresses = new LinkedHashMap<>();
    private final List<Process> servers = new ArrayList<>();

    TestNetwork(Path scratch, List<String> names) throws IOException {
        this.image = makeImage(scratch.resolve("image"));
        run("ip", "netns", "add", prefix + SWITCH);
        exec(SWITCH, "ip", "link", "add", "br0", "up", "type", "bridge").orFail();
        for (String name : names) {
            addresses.put(name, "10.77.0." + (addresses.size() + 1));
            addHost(name);
        }
    }

    private void addHost(String name) {
        run("ip", "netns", "add", prefix + name);
        // Inherited from this machine, where it may be anything.
        exec(name, "sysctl", "-qw", "net.ipv4.ip_forward=0").orFail();
        exec(
                        SWITCH,
                        "ip",
                        "link",
                        "add",
                        name,
                        "up",
                        "master",
                        "br0",
                        "type",
                        "veth",
                        "peer",
                        "eth0",
                        "netns",
                        prefix + name)
                .orFail();
        exec(name, "ip", "link", "set", "lo", "up").orFail();
        exec(name, "ip", "address", "add", address(name) + "/24", "dev", "eth0").orFail();
        exec(name, "ip", "link", "set", "eth0", "up").orFail();
    }

    private static Path makeImage(Path image) throws IOException {
        Path bin = Files.createDirectories(image.resolve("bin"));
        Files.copy(Path.of("/bin/busybox"), bin.resolve("busybox"));
        for (String applet : List.of("sh", "ping", "ping6", "arping", "ip", "sleep", "sysctl")) {
            Files.createSymbolicLink(bin.resolve(applet), Path.of("busybox"));
        }
        run("gcc", "-O1", "-static", "-o", bin.resolve("net_probe").toString(), "src/test/c/net_probe.c");
        return image;
    }

    Path image() {
        return image;
    }

    String address(String name) {
        return String.valueOf(addresses.get(name));
    }

    /** The words before a command that is to run on a host. Not "ip netns exec", which hides the control groups. */
    List<String> enter(String name) {
        return List.of("nsenter", "--net=/run/netns/" + prefix + name);
    }

    record Result(int exit, String output) {
        Result orFail() {
            if (exit != 0) {
                throw new IllegalStateException(exit + ": " + output);
            }
            return this;
        }
    }

    Result exec(String name, String... command) {
        List<String> words = new ArrayList<>(enter(name));
        words.addAll(List.of(command));
        return execute(words);
    }

    private static void run(String... command) {
        execute(List.of(command)).orFail();
    }

    private static Result execute(List<String> words) {
        try {
            Process process =
                    new ProcessBuilder(words).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor(30, TimeUnit.SECONDS);
            return new Result(process.exitValue(), output.strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What a shop says, empty if it cannot be reached. */
    String buy(String from, String address, int port) {
        return probe(from, "buy", address, port);
    }

    /** The sender that a probe saw, empty if there was no answer. */
    String ask(String from, String address, int port) {
        return probe(from, "ask", address, port);
    }

    /** The same from a port of the sender's choice. */
    String ask(String from, String address, int port, int ownPort) {
        return probe(from, "ask", address, Integer.toString(port), Integer.toString(ownPort));
    }

    private String probe(String from, String how, String address, int port) {
        return probe(from, how, address, Integer.toString(port));
    }

    private String probe(String from, String... words) {
        List<String> command =
                new ArrayList<>(List.of(image.resolve("bin/net_probe").toString()));
        command.addAll(List.of(words));
        Result result = exec(from, command.toArray(String[]::new));
        return result.exit() == 0 ? result.output() : "";
    }

    /** Starts a server on a host and returns once it answers. */
    void serve(String name, int port) throws IOException {
        List<String> words = new ArrayList<>(enter(name));
        words.addAll(List.of(image.resolve("bin/net_probe").toString(), "serve", Integer.toString(port)));
        servers.add(new ProcessBuilder(words).start());
        await("the server of " + name, () -> !ask(name, "127.0.0.1", port).isEmpty());
    }

    /** Something that becomes true by itself. */
    static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("waited in vain for " + what);
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** Entries of a host's table of connections. */
    Stream<String> connections(String name) {
        return exec(name, "cat", "/proc/net/nf_conntrack").output().lines();
    }

    @Override
    public void close() {
        servers.forEach(Process::destroyForcibly);
        addresses.keySet().forEach(name -> run("ip", "netns", "delete", prefix + name));
        run("ip", "netns", "delete", prefix + SWITCH);
    }
}
