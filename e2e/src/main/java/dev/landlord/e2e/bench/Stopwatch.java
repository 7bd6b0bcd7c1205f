package dev.landlord.e2e.bench;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A C program that does one run for each line it is sent and answers with a line of numbers. */
final class Stopwatch implements AutoCloseable {
    private static final int GRACE_SECONDS = 10;

    private final Path errors;
    private final Process process;
    private final BufferedWriter asks;
    private final BufferedReader answers;

    private Stopwatch(Path errors, Process process) {
        this.errors = errors;
        this.process = process;
        this.asks = process.outputWriter(StandardCharsets.UTF_8);
        this.answers = process.inputReader(StandardCharsets.UTF_8);
    }

    /** @param errors file for what it and its runs say on the standard error */
    static Stopwatch start(Path errors, List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.redirectError(errors.toFile());
        return new Stopwatch(errors, builder.start());
    }

    List<Long> run() throws IOException {
        String line;
        try {
            asks.write("run\n");
            asks.flush();
            line = answers.readLine();
        } catch (IOException e) {
            throw new IOException(complaint(), e);
        }
        if (line == null) {
            throw new IOException(complaint());
        }
        return List.of(line.split(" ", -1)).stream().map(Long::valueOf).toList();
    }

    /** The last thing that was said on the standard error. */
    String complaint() throws IOException {
        List<String> lines = Files.readAllLines(errors);
        return lines.isEmpty() ? "ended without a word" : lines.getLast();
    }

    @Override
    public void close() throws IOException {
        asks.close(); // the end of its input is its end
        try {
            if (!process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
