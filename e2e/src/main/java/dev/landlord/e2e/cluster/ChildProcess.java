package dev.landlord.e2e.cluster;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A program that runs beside ours until it is ended; its output goes to a file. */
public final class ChildProcess implements AutoCloseable {
    private static final Duration GRACE = Duration.ofSeconds(15);
    private static final int TAIL_LINES = 15;

    private final String name;
    private final Path log;
    private final Process process;

    private ChildProcess(String name, Path log, Process process) {
        this.name = name;
        this.log = log;
        this.process = process;
    }

    /** Starts in a session of its own: Ctrl-C at the terminal is for us, and we end our children in the right order. */
    public static ChildProcess start(String name, Path log, Map<String, String> environment, List<String> command)
            throws IOException {
        List<String> inOwnSession = new ArrayList<>(List.of("setsid"));
        inOwnSession.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(inOwnSession);
        builder.environment().putAll(environment);
        builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        return new ChildProcess(name, log, builder.start());
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** {@code kill -9}, and waits until it is gone. */
    public void killHard() {
        process.destroyForcibly();
        await(GRACE);
    }

    /** Asks it to end, waits, and kills it when it does not. */
    @Override
    public void close() {
        process.destroy();
        if (!await(GRACE)) {
            killHard();
        }
    }

    /** Waits for a file that it writes when it is ready. */
    public void awaitFile(Path file, Duration patience) throws InterruptedException {
        boolean there = Eventually.observe(patience, () -> Files.exists(file) || !isAlive(), found -> found);
        if (!there || !isAlive()) {
            throw failure("did not write " + file.getFileName() + " within " + patience);
        }
    }

    /** Waits for its end: the exit code and the last line, or that there was no end. */
    String lastWords(Duration patience) throws InterruptedException {
        if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            return "runs on after " + patience;
        }
        return "exit code " + process.exitValue() + ": " + tail().lines().reduce("", (first, last) -> last);
    }

    /** What to tell when it should run and does not. */
    public IllegalStateException failure(String what) {
        String state = process.isAlive() ? "runs" : "has ended with " + process.exitValue();
        return new IllegalStateException(name + " " + what + "; it " + state + ". Its last lines:\n" + tail());
    }

    private boolean await(Duration patience) {
        try {
            return process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private String tail() {
        try {
            List<String> lines = Files.readAllLines(log);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
        } catch (IOException e) {
            return "(no log: " + e.getMessage() + ")";
        }
    }
}
