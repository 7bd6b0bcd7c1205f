package dev.landlord.helm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A pod of the DaemonSet without Kubernetes: the rendered step, then the real agent with the rendered options, against the
 * real control plane. The second pod on the host has no secret any more.
 */
@Tag("root")
class JoinRootIT {
    private static final Path PROGRAMS =
            Path.of("..", "dist", "target", "landlord", "bin").toAbsolutePath();
    private static final long PATIENCE_SECONDS = 120;

    @TempDir
    Path folder;

    private final String cgroupRoot =
            "landlord-chart-" + ProcessHandle.current().pid();

    @AfterEach
    void removeControlGroups() throws IOException {
        List<Path> groups = new ArrayList<>();
        try (Stream<Path> hierarchies = Files.list(Path.of("/sys/fs/cgroup"))) {
            for (Path parent : Stream.concat(Stream.of(Path.of("/sys/fs/cgroup")), hierarchies)
                    .toList()) {
                Path root = parent.resolve(cgroupRoot);
                if (Files.isDirectory(root)) {
                    try (Stream<Path> tree = Files.walk(root)) {
                        tree.filter(Files::isDirectory)
                                .sorted(Comparator.reverseOrder())
                                .forEach(groups::add);
                    }
                }
            }
        }
        for (Path group : groups) {
            Files.delete(group);
        }
    }

    @Test
    void hostJoinsByItselfOnceAndNeedsNoSecretAfterwards() throws Exception {
        Path values = Files.writeString(folder.resolve("values.yaml"), """
                image: {repository: registry.example/landlord}
                agent: {network: {enabled: false}, settings: {teardown-on-exit: true}}
                """);
        Manifests manifests = Manifests.parse(Chart.render(values));
        JoinStep step = JoinStep.in(folder, manifests);
        try (StartedControlPlane controlPlane = StartedControlPlane.start(
                Options.of(SettingsTest.container(manifests, "control-plane")), folder.resolve("control-plane"))) {
            Files.copy(controlPlane.file("joiner.token"), step.secret().resolve("joiner.token"));
            Files.copy(controlPlane.file("ca.crt"), step.secret().resolve("ca.crt"));
            assertThat(pod(step, manifests, controlPlane))
                    .contains("node worker-1 may join once", "node worker-1 has joined https://127.0.0.1");
            Files.delete(step.secret().resolve("joiner.token"));
            assertThat(pod(step, manifests, controlPlane))
                    .contains("node worker-1 has joined before")
                    .doesNotContain("has joined https");
        }
    }

    /** From its first step until the agent listens, and its end. Returns what both said. */
    private String pod(JoinStep step, Manifests manifests, StartedControlPlane controlPlane) throws Exception {
        JoinStep.Outcome joined = step.run(Map.of(
                "NODE_NAME",
                "worker-1.example",
                "LANDLORD_SERVER",
                "https://127.0.0.1:" + controlPlane.port("public"),
                "LANDLORD_BIN",
                PROGRAMS.toString()));
        assertThat(joined.exitCode()).as(joined.said()).isZero();
        Options options = Options.of(SettingsTest.container(manifests, "agent"))
                .with(Map.of(
                        "spring.config.import",
                        "configtree:" + step.settings() + "/",
                        "landlord.agent.join-token-file",
                        step.token().toString(),
                        "landlord.agent.control-plane-url",
                        "https://127.0.0.1:" + controlPlane.port("node"),
                        "landlord.agent.state-dir",
                        step.state().toString(),
                        "landlord.agent.cgroup-root",
                        cgroupRoot,
                        "landlord.agent.metrics-address",
                        "127.0.0.1",
                        "landlord.agent.metrics-port",
                        "0"));
        List<String> command =
                new ArrayList<>(List.of(PROGRAMS.resolve("landlord-agent").toString()));
        command.addAll(options.arguments());
        Path said = folder.resolve("agent.log");
        Path listeners = step.state().resolve("listeners.json");
        // That of the pod before, until this agent has come so far as to withdraw it.
        Files.deleteIfExists(listeners);
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process agent = builder.start();
        try {
            awaitListening(agent, listeners, said);
        } finally {
            agent.destroy();
            agent.waitFor(60, TimeUnit.SECONDS);
            agent.destroyForcibly();
        }
        return joined.said() + "\n" + Files.readString(said);
    }

    private static void awaitListening(Process agent, Path listeners, Path said) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!Files.exists(listeners)) {
            if (agent.waitFor(50, TimeUnit.MILLISECONDS) || System.nanoTime() > deadline) {
                throw new AssertionError("the agent does not listen: " + Files.readString(said));
            }
        }
    }
}
