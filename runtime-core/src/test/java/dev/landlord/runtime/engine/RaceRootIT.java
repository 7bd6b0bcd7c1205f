package dev.landlord.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.SandboxException.Kind;
import dev.landlord.runtime.SandboxRuntime;
import dev.landlord.runtime.SandboxSpec;
import dev.landlord.runtime.SandboxStatus.Phase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Operations that meet: nothing is done twice, and nothing is done to a number that has become somebody else's. */
@Tag("root")
@Tag("cgroup2")
class RaceRootIT {
    @TempDir
    private static Path scratch;

    private static Host host;
    private static SandboxRuntime runtime;

    /** Once: a runtime that opens tries out what the host can, and that takes longer than most of these tests. */
    @BeforeAll
    static void open() throws IOException {
        host = new Host(scratch);
        runtime = host.open();
    }

    @AfterEach
    void leavesNothingOnTheHost() throws IOException {
        host.clean(runtime);
    }

    @AfterAll
    static void takeDown() throws IOException {
        host.takeDown(runtime);
    }

    @Test
    void deletedByManyAtOnceItIsDeletedOnce() throws Exception {
        SandboxSpec parked = host.spec(Host.NO_PROCESS);
        runtime.create(parked);
        SandboxSpec running = host.spec(Host.shell("sleep 1000"));
        runtime.create(running);
        runtime.start(running.id());

        List<Callable<Boolean>> deletions = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            SandboxSpec spec = i % 2 == 0 ? parked : running;
            deletions.add(() -> {
                runtime.delete(spec.id());
                return true;
            });
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(deletions.size())) {
            for (Future<Boolean> deletion : threads.invokeAll(deletions)) {
                assertThat(deletion).succeedsWithin(Host.PATIENCE);
            }
        }
        assertThat(runtime.list()).isEmpty();
    }

    /** A group inside keeps the sandbox's own from being removed. */
    @Test
    void aDeletionThatFailedCanBeRepeated() throws IOException {
        SandboxSpec spec = host.spec(Host.NO_PROCESS);
        runtime.create(spec);
        Path obstacle = Files.createDirectory(host.group("pids", spec.id()).resolve("obstacle"));
        try {
            assertThatThrownBy(() -> runtime.delete(spec.id()))
                    .isInstanceOfSatisfying(
                            SandboxException.class, e -> assertThat(e.kind()).isEqualTo(Kind.HOST_FAULT))
                    .hasMessageContaining("remove control group");
        } finally {
            Files.delete(obstacle);
        }
        runtime.delete(spec.id());
        assertThat(runtime.list()).isEmpty();
    }

    @Test
    void aListenerThatFailsKeepsNobodyFromHearingOfTheEnd() {
        CompletableFuture<Phase> heard = new CompletableFuture<>();
        runtime.onExit(status -> {
            throw new IllegalStateException("planted");
        });
        runtime.onExit(status -> heard.complete(status.phase()));
        SandboxSpec spec = host.spec(Host.shell("exit 6"));
        runtime.create(spec);
        runtime.start(spec.id());
        assertThat(runtime.awaitExit(spec.id(), Host.PATIENCE).orElseThrow().exitCode())
                .isEqualTo(6);
        assertThat(heard).succeedsWithin(Host.PATIENCE).isEqualTo(Phase.EXITED);
        runtime.delete(spec.id());
    }
}
