package dev.landlord.agent;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Two network namespaces with a cable between them: a host, 10.88.0.1, and the world, 10.88.0.2. */
final class HostNamespaces implements AutoCloseable {
    static final String HOST_ADDRESS = "10.88.0.1";
    static final String WORLD_ADDRESS = "10.88.0.2";

    private static final int CLONE_NEWNET = 0x4000_0000;

    private final String prefix = "llagent" + ProcessHandle.current().pid() + "-";

    HostNamespaces() {
        run("ip", "netns", "add", prefix + "host");
        run("ip", "netns", "add", prefix + "world");
        // Inherited from this machine, where it may be anything.
        host("sysctl", "-qw", "net.ipv4.ip_forward=0");
        host("ip", "link", "add", "eth0", "type", "veth", "peer", "eth0", "netns", prefix + "world");
        host("ip", "link", "set", "lo", "up");
        host("ip", "address", "add", HOST_ADDRESS + "/24", "dev", "eth0");
        host("ip", "link", "set", "eth0", "up");
        world("ip", "address", "add", WORLD_ADDRESS + "/24", "dev", "eth0");
        world("ip", "link", "set", "eth0", "up");
    }

    /** The words before a command that is to run on the host. Not "ip netns exec", which hides the control groups. */
    List<String> enterHost() {
        return List.of("nsenter", "--net=/run/netns/" + prefix + "host");
    }

    /** What a command of the host says; throws if it fails. */
    String host(String... command) {
        return in("host", command);
    }

    String world(String... command) {
        return in("world", command);
    }

    private String in(String name, String... command) {
        List<String> words = new ArrayList<>(List.of("nsenter", "--net=/run/netns/" + prefix + name));
        words.addAll(List.of(command));
        return run(words.toArray(String[]::new));
    }

    static String run(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IllegalStateException(String.join(" ", command) + ": " + output);
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Sockets that it opens are the host's. On a thread of its own, which ends with it: others must not inherit the namespace. */
    <T> T onHost(Supplier<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread.ofPlatform().start(() -> {
            try {
                enter();
                result.complete(work.get());
            } catch (RuntimeException | Error e) {
                result.completeExceptionally(e);
            }
        });
        return result.join();
    }

    private void enter() {
        NativeLibrary c = NativeLibrary.getInstance("c");
        int fd = c.getFunction("open").invokeInt(new Object[] {"/run/netns/" + prefix + "host", 0});
        Function setns = c.getFunction("setns");
        if (fd < 0 || setns.invokeInt(new Object[] {fd, CLONE_NEWNET}) != 0) {
            throw new IllegalStateException("cannot enter the namespace of the host");
        }
        c.getFunction("close").invokeInt(new Object[] {fd});
    }

    @Override
    public void close() {
        run("ip", "netns", "delete", prefix + "host");
        run("ip", "netns", "delete", prefix + "world");
    }
}
