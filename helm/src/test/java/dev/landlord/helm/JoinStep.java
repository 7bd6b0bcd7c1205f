package dev.landlord.helm;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The step before an agent, run as the rendered DaemonSet would: the rendered script with the rendered variables, of which
 * only the paths are others.
 *
 * @param secret where the secret is
 * @param state the agent's state folder
 * @param output where the step leaves its results
 */
record JoinStep(Manifests manifests, Path secret, Path state, Path output) {
    /** How it ended, and all that it said. */
    record Outcome(int exitCode, String said) {}

    /** In folders of its own below the given one. */
    static JoinStep in(Path folder, Manifests manifests) throws IOException {
        return new JoinStep(
                manifests,
                Files.createDirectories(folder.resolve("secret")),
                Files.createDirectories(folder.resolve("state")),
                Files.createDirectories(folder.resolve("output")));
    }

    Outcome run(Map<String, String> variables) throws IOException, InterruptedException {
        Container container = manifests
                .containers()
                .filter(candidate -> candidate.getName().equals("join"))
                .findAny()
                .orElseThrow();
        String script = manifests
                .find(ConfigMap.class, "landlord-join-step")
                .orElseThrow()
                .getData()
                .get("join.sh");
        Path file = Files.writeString(output.resolveSibling("join.sh"), Objects.requireNonNull(script));
        Map<String, String> environment = new HashMap<>();
        for (EnvVar variable : container.getEnv()) {
            environment.put(variable.getName(), Objects.requireNonNullElse(variable.getValue(), ""));
        }
        redirect(environment, "SECRET_DIR", secret);
        redirect(environment, "STATE_DIR", state);
        redirect(environment, "JOIN_DIR", output);
        variables.forEach((name, value) -> {
            if (environment.replace(name, value) == null) {
                throw new AssertionError("the chart does not set " + name);
            }
        });
        environment.put("PATH", "/usr/bin:/bin");
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        return run(List.of("/bin/sh", file.toString()), environment);
    }

    private static void redirect(Map<String, String> environment, String name, Path path) {
        if (environment.replace(name, path.toString()) == null) {
            throw new AssertionError("the chart does not set " + name);
        }
    }

    private static Outcome run(List<String> command, Map<String, String> environment)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        return new Outcome(process.waitFor(), said.strip());
    }

    Path settings() {
        return output.resolve("settings");
    }

    String node() throws IOException {
        return Files.readString(settings().resolve("landlord.agent.node")).strip();
    }

    Path token() {
        return output.resolve("token");
    }
}
