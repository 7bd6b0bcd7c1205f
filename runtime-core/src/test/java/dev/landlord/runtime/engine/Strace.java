package dev.landlord.runtime.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The system calls of one process, as strace(1) writes them down. */
final class Strace implements AutoCloseable {
    private final Process tracer;
    private final Path file;

    private Strace(Process tracer, Path file) {
        this.tracer = tracer;
        this.file = file;
    }

    /** Returns once nothing of the process escapes it. */
    static Strace attach(int pid, Path file) throws IOException {
        Process tracer = new ProcessBuilder("strace", "-o", file.toString(), "-p", Integer.toString(pid))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        Path status = Path.of("/proc", Integer.toString(pid), "status");
        Host.await("the tracer", () -> Files.readString(status).contains("TracerPid:\t" + tracer.pid()));
        return new Strace(tracer, file);
    }

    /** All calls, once the process has gone. */
    List<String> awaitEnd() throws IOException, InterruptedException {
        if (!tracer.waitFor(Host.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("the traced process does not end");
        }
        return Files.readAllLines(file);
    }

    @Override
    public void close() {
        tracer.destroy(); // it lets go of what it traces
        tracer.onExit().join();
    }
}
