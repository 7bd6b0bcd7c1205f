package dev.landlord.runtime.facts;

import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.SandboxException.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A shell that waits outside, is put into groups, and only then runs its script. */
final class Subject implements AutoCloseable {
    private static final String SHELL = "/bin/sh";
    private static final long PATIENCE_SECONDS = 30;

    private final Process process;

    private Subject(Process process) {
        this.process = process;
    }

    /** Waits in the groups until {@link #go}. */
    static Subject in(List<Path> joinFiles, String script) {
        try {
            Process process = new ProcessBuilder(SHELL, "-c", "read go; " + script)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            Subject subject = new Subject(process);
            subject.join(joinFiles);
            return subject;
        } catch (IOException e) {
            throw fault("start", SHELL, e);
        }
    }

    private void join(List<Path> joinFiles) {
        for (Path file : joinFiles) {
            try {
                Files.writeString(file, Long.toString(process.pid()));
            } catch (IOException e) {
                close();
                throw fault("join", file.toString(), e);
            }
        }
    }

    long pid() {
        return process.pid();
    }

    /** Lets the script run to its end. */
    int go() {
        release();
        return ended();
    }

    /** Lets the script run. */
    void release() {
        try {
            process.getOutputStream().write("go\n".getBytes(StandardCharsets.US_ASCII));
            process.getOutputStream().flush();
        } catch (IOException e) {
            throw fault("write to", SHELL, e);
        }
    }

    /** Between two looks at counters that the kernel gives no event for. */
    static void rest() {
        LockSupport.parkNanos(2_000_000);
    }

    /** Exit code, 128 + signal if one ended it. */
    int ended() {
        try {
            if (process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                return process.exitValue();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new SandboxException(Kind.TIMEOUT, "await", SHELL, "not ended in " + PATIENCE_SECONDS + " s");
    }

    private static SandboxException fault(String operation, String object, IOException e) {
        return new SandboxException(Kind.HOST_FAULT, operation, object, 0, String.valueOf(e.getMessage()), e);
    }

    @Override
    public void close() {
        process.destroyForcibly(); // what it has started is killed with its group
    }
}
