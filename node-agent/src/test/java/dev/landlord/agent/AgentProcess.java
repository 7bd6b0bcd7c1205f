package dev.landlord.agent;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;

/** The agent as a program of its own, with the flags it is shipped with, so that it can be killed. */
final class AgentProcess implements AutoCloseable {
    private static final List<String> SHIPPED_FLAGS = List.of(
            "-Xmx64m",
            "-Xmn8m",
            "-Xss512k",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:MaxMetaspaceSize=128m",
            "-XX:ReservedCodeCacheSize=48m",
            "--enable-native-access=ALL-UNNAMED",
            "-Xshare:auto");

    private final Path state;
    private final Process process;
    private final Path output;

    private AgentProcess(Path state, Process process, Path output) {
        this.state = state;
        this.process = process;
        this.output = output;
    }

    /** @param enter words before the command, such as those that enter a namespace */
    static AgentProcess start(List<String> enter, Path state, Path output, List<String> properties) throws IOException {
        List<String> command = new ArrayList<>(enter);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(SHIPPED_FLAGS);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), NodeAgentApplication.class.getName()));
        properties.forEach(property -> command.add("--landlord.agent." + property));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                .start();
        return new AgentProcess(state, process, output);
    }

    long pid() {
        return process.pid();
    }

    String output() throws IOException {
        return Files.readString(output);
    }

    /** The port of its listener, once it is open. */
    int metricsPort() throws IOException, InterruptedException {
        Path file = state.resolve("listeners.json");
        for (int i = 0; i < 6_000; i++) {
            if (Files.exists(file)) {
                Matcher port = Pattern.compile("[0-9]+").matcher(Files.readString(file));
                if (port.find()) {
                    return Integer.parseInt(port.group());
                }
            }
            if (!process.isAlive()) {
                throw new IOException("the agent has ended: " + output());
            }
            Thread.sleep(10);
        }
        throw new IOException("the agent does not listen: " + output());
    }

    HttpResponse<String> get(SSLContext trust, String path, String authorization)
            throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newBuilder().sslContext(trust).build()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + metricsPort() + path))
                    .header("Authorization", authorization)
                    .build();
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        }
    }

    /** As the kernel's OOM killer would. */
    void kill() throws InterruptedException {
        process.toHandle().destroyForcibly();
        process.waitFor();
    }

    /** As a service manager would; the exit status. */
    int terminate() throws InterruptedException {
        process.toHandle().destroy();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            throw new AssertionError("the agent does not end on SIGTERM");
        }
        return process.exitValue();
    }

    int awaitExit() throws InterruptedException {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError("the agent does not end");
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
