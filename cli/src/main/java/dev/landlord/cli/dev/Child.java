package dev.landlord.cli.dev;

import dev.landlord.cli.failure.CommandFailure;
import dev.landlord.cli.failure.ExitCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * One of the two programs, as a child process with its log. It gets a session of its own, so that the terminal's Ctrl-C reaches
 * only us and we decide the order of the end; and it is told to end when we die, whatever kills us.
 */
final class Child {
    private static final int MAX_LINE = 4096;
    private static final Duration AFTER_KILL = Duration.ofSeconds(10);

    private final String name;
    private final Process process;
    private final BoundedLog log;
    private final Thread pump;

    private Child(String name, Process process, BoundedLog log, ProblemFilter problems) {
        this.name = name;
        this.process = process;
        this.log = log;
        this.pump = Thread.ofPlatform().name(name + "-log").daemon().start(() -> copy(problems));
    }

    /**
     * Must be called on a thread that lives as long as the child should: the kernel tells the child to end when the thread
     * that started it ends.
     */
    static Child start(String name, List<String> command, BoundedLog log, ProblemFilter problems) {
        List<String> whole = new ArrayList<>(List.of("setsid", "setpriv", "--pdeathsig", "TERM", "--"));
        whole.addAll(command);
        try {
            Process process =
                    new ProcessBuilder(whole).redirectErrorStream(true).start();
            process.getOutputStream().close();
            return new Child(name, process, log, problems);
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.FAILED, "cannot start " + name + ": " + e.getMessage(), e);
        }
    }

    private void copy(ProblemFilter problems) {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            StringBuilder line = new StringBuilder();
            for (int next = lines.read(); next >= 0; next = lines.read()) {
                if (next == '\n' || line.length() == MAX_LINE) {
                    take(line, problems);
                }
                if (next != '\n') {
                    line.append((char) next);
                }
            }
            if (!line.isEmpty()) {
                take(line, problems);
            }
        } catch (IOException | UncheckedIOException e) {
            problems.line("landlord-agent: the log of the " + name + " cannot be written: " + e);
        }
    }

    private void take(StringBuilder line, ProblemFilter problems) throws IOException {
        log.line(line.toString());
        problems.line(line.toString());
        line.setLength(0);
    }

    String name() {
        return name;
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    CompletableFuture<Process> onExit() {
        return process.onExit();
    }

    /** Why it is to be believed that it ended by itself; call once it did. */
    CommandFailure death() {
        join(Duration.ofSeconds(1));
        int code = process.exitValue();
        String how = code > 128 ? "was ended by signal " + (code - 128) : "ended with exit code " + code;
        List<String> lines = new ArrayList<>();
        lines.add("the " + name + " " + how + "; the last it said (all of it in " + log.file() + "):");
        log.lastLines().forEach(line -> lines.add("  " + line));
        return new CommandFailure(ExitCode.CHILD_DIED, lines);
    }

    /** Waits, also when we are being stopped, until it holds; not longer than the child lives. */
    void awaitAlive(Duration time, BooleanSupplier holds) {
        long deadline = System.nanoTime() + time.toNanos();
        while (!holds.getAsBoolean() && System.nanoTime() - deadline < 0) {
            if (await(Duration.ofMillis(50))) {
                throw death();
            }
        }
    }

    /** SIGTERM, then after the grace SIGKILL. True when it ended in time. */
    boolean stop(Duration grace) {
        // Not Process.destroy: it closes the streams, and the last words would be lost.
        process.toHandle().destroy();
        boolean inTime = await(grace);
        if (!inTime) {
            process.destroyForcibly();
            await(AFTER_KILL);
        }
        join(Duration.ofSeconds(2));
        return inTime;
    }

    private boolean await(Duration time) {
        try {
            return process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return !process.isAlive();
        }
    }

    private void join(Duration time) {
        try {
            pump.join(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
