package dev.landlord.runtime.network;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A host of the test: a network namespace with a runtime in it that can be killed and started again. */
final class RemoteHost {
    private final TestNetwork network;
    private final String name;
    private final Path state;
    private final String cgroupRoot;
    private Process process;
    private BufferedReader answers;
    private Writer commands;

    RemoteHost(TestNetwork network, String name, Path scratch) {
        this.network = network;
        this.name = name;
        this.state = scratch.resolve("state-" + name);
        this.cgroupRoot = "landlord-nettest-" + ProcessHandle.current().pid() + "-" + name;
        start();
    }

    void start() {
        List<String> command = new ArrayList<>(network.enter(name));
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                HostProcess.class.getName(),
                state.toString(),
                network.image().toString(),
                cgroupRoot));
        try {
            process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            answers = process.inputReader(StandardCharsets.UTF_8);
            commands = process.outputWriter(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String ready = line();
        if (!ready.startsWith("ready\ttrue")) {
            throw new IllegalStateException(name + " cannot connect sandboxes: " + ready);
        }
    }

    private String line() {
        try {
            String line = answers.readLine();
            if (line == null) {
                throw new IllegalStateException(name + " has ended");
            }
            return line;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As the machine's power or a signal would, without a word. */
    void kill() {
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void killAfter(int millis) {
        try {
            if (process.waitFor(millis, TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException(name + " has ended by itself");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        kill();
    }

    void restart() {
        kill();
        start();
    }

    void tell(String... words) {
        try {
            commands.write(String.join("\t", words) + "\n");
            commands.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @throws IllegalStateException with what the runtime complained about */
    String ask(String... words) {
        tell(words);
        String[] answer = line().split("\t", 2);
        if (!answer[0].equals("ok")) {
            throw new IllegalStateException(answer[1]);
        }
        return answer[1];
    }

    /** What a tenant asks for. */
    record Shop(String id, String address, int mark, String ports, String isolation, String script) {
        Shop(String id, String address, int mark, String ports, String script) {
            this(id, address, mark, ports, "FULL", script);
        }

        String[] words(String command) {
            String encoded = Base64.getEncoder().encodeToString(script.getBytes(StandardCharsets.UTF_8));
            return new String[] {command, id, address, Integer.toString(mark), ports, isolation, encoded};
        }
    }

    /** Pid of the program, pid of the supervisor. */
    record Pids(long program, long supervisor) {}

    Pids open(Shop shop) {
        long program = Long.parseLong(ask(shop.words("create")));
        return new Pids(program, Long.parseLong(ask("start", shop.id())));
    }

    String logs(String id) {
        return new String(Base64.getDecoder().decode(ask("logs", id)), StandardCharsets.UTF_8);
    }

    void delete(String id) {
        ask("delete", id);
    }

    /** The output of a script in a sandbox that exists for it alone. */
    String run(Shop shop) {
        open(shop);
        ask("wait", shop.id());
        String output = logs(shop.id());
        delete(shop.id());
        return output.strip();
    }

    long dropped(String reason) {
        for (String pair : ask("dropped", "all").replaceAll("[{} ]", "").split(",", -1)) {
            if (pair.startsWith(reason + "=")) {
                return Long.parseLong(pair.substring(reason.length() + 1));
            }
        }
        throw new IllegalStateException("no counter " + reason);
    }

    /** What of sandboxes is on this host for good: a link that was cut off goes within a second or so. */
    Set<String> leftovers() throws IOException {
        Set<String> found = present();
        long deadline = System.nanoTime() + TestNetwork.PATIENCE.toNanos();
        while (!found.isEmpty() && System.nanoTime() < deadline) {
            found = present();
        }
        return found;
    }

    /** Everything of sandboxes that there is on this host. */
    Set<String> present() throws IOException {
        Set<String> found = new TreeSet<>();
        network.exec(name, "ip", "-o", "link", "show")
                .output()
                .lines()
                .filter(line -> line.contains(": ll"))
                .forEach(line -> found.add("link " + line));
        network.exec(name, "ip", "route", "show", "proto", "76")
                .output()
                .lines()
                .filter(line -> line.contains("ll"))
                .forEach(line -> found.add("route " + line));
        network.exec(name, "ip", "neigh", "show", "nud", "permanent")
                .output()
                .lines()
                .filter(line -> line.contains("ll"))
                .forEach(line -> found.add("neighbour " + line));
        for (String set : List.of("set sources", "map tenants", "set members", "map published")) {
            List<String> list = new ArrayList<>(List.of("nft", "list"));
            list.addAll(List.of(set.split(" ", -1)));
            list.addAll(2 + 1, List.of("inet", "landlord"));
            network.exec(name, list.toArray(String[]::new))
                    .output()
                    .lines()
                    .filter(line -> line.contains("elements") || line.contains("\"ll"))
                    .forEach(line -> found.add(set + line));
        }
        network.connections(name).filter(line -> line.contains("=100.64.")).forEach(line -> found.add("flow " + line));
        try (Stream<Path> directories = Files.list(state.resolve("sandboxes"))) {
            directories.forEach(path -> found.add("directory " + path));
        }
        return found;
    }

    /** Also what only a host itself may leave: its groups. */
    void close() {
        if (!process.isAlive()) {
            start();
        }
        ask("clear", "all");
        kill();
        try (Stream<Path> hierarchies = Files.list(Path.of("/sys/fs/cgroup"))) {
            for (Path hierarchy : hierarchies.toList()) {
                Files.deleteIfExists(hierarchy.resolve(cgroupRoot).resolve("supervisors"));
                Files.deleteIfExists(hierarchy.resolve(cgroupRoot));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
