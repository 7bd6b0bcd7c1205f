package dev.landlord.e2e.lesson;

import dev.landlord.runtime.ExitRecord;
import dev.landlord.runtime.IdBlock;
import dev.landlord.runtime.Isolation;
import dev.landlord.runtime.Limits;
import dev.landlord.runtime.LogPage;
import dev.landlord.runtime.LogPolicy;
import dev.landlord.runtime.OwnerId;
import dev.landlord.runtime.ProcessSpec;
import dev.landlord.runtime.SandboxId;
import dev.landlord.runtime.SandboxRuntime;
import dev.landlord.runtime.SandboxSpec;
import dev.landlord.runtime.SandboxStatus;
import dev.landlord.runtime.Usage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** One shell command in a sandbox of the lesson; closing it removes the sandbox. */
final class LessonSandbox implements AutoCloseable {
    private static final long MIB = 1L << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final SandboxRuntime runtime;
    private final SandboxId id;

    private LessonSandbox(SandboxRuntime runtime, SandboxId id) {
        this.runtime = runtime;
        this.id = id;
    }

    /** Who runs what, with how much confinement. */
    record Request(String owner, long idBase, Isolation isolation, Limits limits, String script) {}

    static LessonSandbox start(SandboxRuntime runtime, Path image, Request request) {
        SandboxId id = new SandboxId("lesson-" + request.owner() + "-" + Long.toString(System.nanoTime(), 36));
        runtime.create(new SandboxSpec(
                id,
                new OwnerId("lesson-" + request.owner()),
                new IdBlock(request.idBase(), IdBlock.DEFAULT_SIZE),
                image,
                new ProcessSpec(
                        List.of("/bin/sh", "-c", request.script()),
                        Map.of("PATH", "/bin:/sbin:/usr/bin:/usr/sbin"),
                        "/",
                        0,
                        0,
                        List.of()),
                request.owner(),
                request.limits(),
                8 * MIB,
                1000,
                MIB,
                true,
                LogPolicy.DEFAULT,
                request.isolation(),
                null,
                null));
        runtime.start(id);
        return new LessonSandbox(runtime, id);
    }

    SandboxStatus status() {
        return runtime.status(id);
    }

    Usage usage() {
        return runtime.usage(id);
    }

    ExitRecord awaitExit() {
        return runtime.awaitExit(id, PATIENCE)
                .orElseThrow(() -> new IllegalStateException("sandbox " + id + " did not end in " + PATIENCE));
    }

    /** Both outputs after the end of the program, stdout first. */
    String output() {
        return text(LogPage.Stream.STDOUT) + text(LogPage.Stream.STDERR);
    }

    private String text(LogPage.Stream stream) {
        return new String(runtime.logs(id, stream, 0, 64 * 1024).bytes(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        runtime.delete(id);
    }
}
