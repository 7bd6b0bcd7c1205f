package dev.landlord.e2e.dev;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Runs the command line against one control plane. */
record Commands(Function<String[], ProcessBuilder> landlord, String context, Path scratch) {
    record Result(int code, String out) {}

    private ProcessBuilder builder(String... arguments) {
        List<String> all = new ArrayList<>(List.of("--context", context));
        all.addAll(List.of(arguments));
        return landlord.apply(all.toArray(String[]::new));
    }

    Process start(String... arguments) throws IOException {
        return builder(arguments).start();
    }

    Result run(String input, String... arguments) throws IOException, InterruptedException {
        return run(input, builder(arguments));
    }

    private static Result run(String input, ProcessBuilder builder) throws IOException, InterruptedException {
        Process process = builder.start();
        try (OutputStream in = process.getOutputStream()) {
            in.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException closed) {
            // It reads no input.
        }
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), out);
    }

    /** @param line what a person types behind the name of the command */
    Seat onTerminal(String line) throws IOException {
        ProcessBuilder inner = builder();
        return Seat.inFrontOf(String.join(" ", inner.command()) + " " + line, inner.environment(), scratch);
    }

    /** The only one of a workload. */
    String allocationOf(String tenant, String workload) throws IOException, InterruptedException {
        Result listed = run("", "--tenant", tenant, "get", "allocations", "-o", "json");
        JsonNode json = JsonMapper.shared().readTree(listed.out());
        return (json.isArray() ? json : json.path("items"))
                .valueStream()
                .filter(allocation -> allocation.path("workload").asString().equals(workload))
                .map(allocation -> allocation.path("id").asString())
                .reduce((one, other) -> {
                    throw new IllegalStateException(workload + " has " + one + " and " + other);
                })
                .orElseThrow();
    }
}
