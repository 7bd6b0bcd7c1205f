package dev.landlord.helm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The assembled control plane, started with the rendered options: only folder, address and ports are others, so that several
 * can be on one host.
 */
final class StartedControlPlane implements AutoCloseable {
    private static final Path PROGRAM = Path.of("..", "dist", "target", "landlord", "bin", "landlord-control-plane");
    private static final long PATIENCE_SECONDS = 120;

    private final Process process;
    private final Path folder;
    private final JsonNode ports;

    private StartedControlPlane(Process process, Path folder, JsonNode ports) {
        this.process = process;
        this.folder = folder;
        this.ports = ports;
    }

    static StartedControlPlane start(Options rendered, Path folder) throws IOException, InterruptedException {
        Options options = rendered.with(Map.of(
                "landlord.state-dir", folder.toString(),
                "landlord.bind-address", "127.0.0.1",
                "landlord.public-port", "0",
                "landlord.node-port", "0",
                "landlord.management-port", "0"));
        List<String> command = new ArrayList<>(List.of(PROGRAM.toAbsolutePath().toString()));
        command.addAll(options.arguments());
        Path said = folder.resolveSibling("control-plane.log");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        Path listeners = folder.resolve("listeners.json");
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!Files.exists(listeners)) {
            if (process.waitFor(50, TimeUnit.MILLISECONDS) || System.nanoTime() > deadline) {
                process.destroyForcibly();
                throw new AssertionError("the control plane did not start: " + Files.readString(said));
            }
        }
        return new StartedControlPlane(process, folder, new JsonMapper().readTree(listeners.toFile()));
    }

    int port(String listener) {
        return ports.get(listener).asInt();
    }

    /** A file of its state folder. */
    Path file(String name) {
        return folder.resolve(name);
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit()
                .orTimeout(30, TimeUnit.SECONDS)
                .whenComplete((ended, late) -> process.destroyForcibly())
                .join();
    }
}
