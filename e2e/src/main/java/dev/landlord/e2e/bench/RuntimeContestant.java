package dev.landlord.e2e.bench;

import dev.landlord.runtime.ExitRecord;
import dev.landlord.runtime.IdBlock;
import dev.landlord.runtime.Isolation;
import dev.landlord.runtime.Limits;
import dev.landlord.runtime.LogPolicy;
import dev.landlord.runtime.OwnerId;
import dev.landlord.runtime.ProcessSpec;
import dev.landlord.runtime.SandboxId;
import dev.landlord.runtime.SandboxRuntime;
import dev.landlord.runtime.SandboxSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Ours: create, start, the end of the program, delete, by the calls that the agent makes. */
final class RuntimeContestant implements Contestant {
    private static final long MIB = 1L << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Limits LIMITS = new Limits(100, 500L, 64 * MIB, 64L, null, List.of());

    private final SandboxRuntime runtime;
    private final Path image;
    private final IdBlock ids;
    private long runs;

    RuntimeContestant(SandboxRuntime runtime, BenchFiles files) {
        this.runtime = runtime;
        this.image = files.image();
        this.ids = new IdBlock(files.footprint().blockFromTheEnd(0), IdBlock.DEFAULT_SIZE);
    }

    @Override
    public String name() {
        return Summary.OURS;
    }

    @Override
    public Launch launch() throws IOException {
        SandboxId id = new SandboxId("bench-" + runs++);
        SandboxSpec spec = spec(id);
        long begin = System.nanoTime();
        runtime.create(spec);
        runtime.start(id);
        long running = System.nanoTime();
        ExitRecord exit = runtime.awaitExit(id, PATIENCE)
                .orElseThrow(() -> new IOException(id + " did not end within " + PATIENCE));
        runtime.delete(id);
        long deleted = System.nanoTime();
        if (exit.exitCode() != 0) {
            throw new IOException(id + " ended with " + exit.exitCode());
        }
        return new Launch((running - begin) / 1000, (deleted - begin) / 1000);
    }

    private SandboxSpec spec(SandboxId id) {
        return new SandboxSpec(
                id,
                new OwnerId("bench"),
                ids,
                image,
                new ProcessSpec(List.of("/bin/busybox", "true"), Map.of("PATH", "/bin"), "/", 0, 0, List.of()),
                "bench",
                LIMITS,
                8 * MIB,
                1024,
                MIB,
                false,
                LogPolicy.DEFAULT,
                Isolation.FULL,
                null);
    }

    @Override
    public void close() {
        runtime.list().stream()
                .filter(status -> status.id().value().startsWith("bench-"))
                .forEach(status -> runtime.delete(status.id()));
    }
}
