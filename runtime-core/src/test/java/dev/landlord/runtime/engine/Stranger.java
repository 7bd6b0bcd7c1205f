package dev.landlord.runtime.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A process with a chosen pid. */
final class Stranger implements AutoCloseable {
    private static final Path LAST_PID = Path.of("/proc/sys/kernel/ns_last_pid");

    private final Process process;

    private Stranger(Process process) {
        this.process = process;
    }

    /** Others start processes too, so it may take several tries. */
    static Stranger withPid(int pid) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + Host.PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            Files.writeString(LAST_PID, Integer.toString(pid - 1));
            Process process = new ProcessBuilder("sleep", "1000").start();
            if (process.pid() == pid) {
                return new Stranger(process);
            }
            process.destroyForcibly().waitFor();
        }
        throw new AssertionError("no process gets the pid " + pid);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
