package dev.landlord.e2e.chaos;

import dev.landlord.e2e.cluster.ChildProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Makes every sync of some processes, and of those that they make, take longer, as a disk does that is about to fail. */
final class SlowSync implements AutoCloseable {
    private static final String DELAY = "inject=fsync,fdatasync:delay_enter=400ms";

    private final ChildProcess tracer;

    private SlowSync(ChildProcess tracer) {
        this.tracer = tracer;
    }

    static SlowSync of(List<Long> processes, Path log) throws IOException {
        List<String> command =
                new ArrayList<>(List.of("strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=fsync,fdatasync", "-e"));
        command.add(DELAY);
        processes.forEach(pid -> command.addAll(List.of("-p", Long.toString(pid))));
        return new SlowSync(ChildProcess.start("strace", log, Map.of(), command));
    }

    /** Otherwise nothing was slow. */
    boolean isTracing() {
        return tracer.isAlive();
    }

    /** It lets go of them when it ends. */
    @Override
    public void close() {
        tracer.close();
    }
}
