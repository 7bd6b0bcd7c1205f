package dev.landlord.runtime.cgroup;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A real process that waits outside, joins groups, and only then runs its script. */
final class Member implements AutoCloseable {
    static final String SPIN = "while :; do :; done";
    static final String SLEEP = "exec sleep 600";

    private final Process process;
    private final BufferedReader output;

    private Member(Process process) {
        this.process = process;
        this.output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    static Member start(List<Path> joinFiles, String script) {
        try {
            Process process = new ProcessBuilder("/bin/sh", "-c", "read go; " + script)
                    .redirectErrorStream(true)
                    .start();
            Member member = new Member(process);
            for (Path file : joinFiles) {
                Files.writeString(file, Long.toString(process.pid()));
            }
            process.getOutputStream().write('\n');
            process.getOutputStream().flush();
            return member;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    long pid() {
        return process.pid();
    }

    boolean alive() {
        return process.isAlive();
    }

    /** The next line that the script prints, standard error included. */
    String line() {
        try {
            return String.valueOf(output.readLine());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As the shell counts: 128 + signal. */
    int exitCode() throws InterruptedException {
        if (!process.waitFor(120, TimeUnit.SECONDS)) {
            throw new IllegalStateException("process " + process.pid() + " did not end");
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
