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
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A {@code landlord dev} that runs, and the command line of whoever uses it. Not thread-safe. */
final class Dev implements AutoCloseable {
    private static final Path LANDLORD = Path.of("../dist/target/landlord/bin/landlord");
    private static final String NO_ROOT = "landlord-devit-no-such-root";

    private final Path scratch;
    private final HostInventory before;
    private final Process process;
    private JsonNode ready = JsonMapper.shared().missingNode();

    private Dev(Path scratch) throws IOException {
        this.scratch = scratch;
        before = HostInventory.take(footprint(NO_ROOT));
        process = landlord(
                        "dev", "--json", "--public-port=0", "--node-port=0", "--management-port=0", "--metrics-port=0")
                .start();
    }

    /** Returns when it is ready. */
    static Dev start() throws IOException {
        assertThat(LANDLORD).as("assembled by dist").isExecutable();
        Dev dev = new Dev(Files.createTempDirectory("landlord-devit-"));
        try {
            dev.awaitReady();
        } catch (IOException | RuntimeException | AssertionError failed) {
            dev.close();
            throw failed;
        }
        return dev;
    }

    private void awaitReady() throws IOException {
        BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
        String line = lines.readLine();
        assertThat(line).as(this::messages).isNotNull();
        ready = JsonMapper.shared().readTree(line);
    }

    /** Everything that it starts or makes names the scratch folder or is in its control groups. */
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

    Path scratch() {
        return scratch;
    }

    String context() {
        return ready.path("context").asString();
    }

    String cgroupRoot() {
        return ready.path("cgroupRoot").asString();
    }

    Path stateFolder() {
        return Path.of(ready.path("stateDir").asString());
    }

    Commands commands() {
        return new Commands(this::landlord, context(), scratch);
    }

    /** What the command says when all that is wanted runs. */
    String apply(String manifests) throws IOException, InterruptedException {
        Path manifest = Files.writeString(scratch.resolve("manifest.yaml"), manifests);
        Commands.Result applied = commands().run("", "apply", "-f", manifest.toString(), "--wait");
        assertThat(applied.code()).as(this::messages).isZero();
        return applied.out();
    }

    void pressCtrlC() throws IOException, InterruptedException {
        new ProcessBuilder("sh", "-c", "kill -INT " + process.pid()).start().waitFor();
        assertThat(process.waitFor()).as(this::messages).isZero();
    }

    /** What there is of it on the host. */
    NavigableSet<String> left(Kind kind) throws IOException {
        HostInventory nothing = HostInventory.take(new Footprint(scratch.resolve("no-such"), NO_ROOT, 0xF000_0000L, 1));
        return HostInventory.take(footprint(cgroupRoot())).beyond(nothing, kind);
    }

    /** What there is on the host since it was started. */
    NavigableSet<String> beyondBefore(Kind kind) throws IOException {
        return HostInventory.take(footprint(cgroupRoot())).beyond(before, kind);
    }

    /** Of the sandboxes' files; those inside sandboxes are in namespaces that go with the processes. */
    List<String> mounts() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/mounts"))) {
            return lines.filter(line -> line.contains(scratch.toString())).toList();
        }
    }

    /** Of the last command. */
    String messages() {
        try {
            return Files.readString(scratch.resolve("messages"));
        } catch (IOException e) {
            return "no messages: " + e;
        }
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly().onExit().join();
        HostSweep.sweep(footprint(ready.isMissingNode() ? NO_ROOT : cgroupRoot()));
    }
}
