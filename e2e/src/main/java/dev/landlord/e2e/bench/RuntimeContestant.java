package dev.landlord.e2e.bench;

import dev.landlord.runtime.Connection;
import dev.landlord.runtime.Connection.Protocol;
import dev.landlord.runtime.Connection.PublishedPort;
import dev.landlord.runtime.ExitRecord;
import dev.landlord.runtime.IdBlock;
import dev.landlord.runtime.Ipv4;
import dev.landlord.runtime.Ipv4Prefix;
import dev.landlord.runtime.Isolation;
import dev.landlord.runtime.Limits;
import dev.landlord.runtime.LogPolicy;
import dev.landlord.runtime.Neighbourhood;
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
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Ours: create, start, the end of the program, delete, by the calls that the agent makes. */
final class RuntimeContestant implements Contestant {
    private static final long MIB = 1L << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Limits LIMITS = new Limits(100, 500L, 64 * MIB, 64L, null, List.of());

    private final String name;
    private final @Nullable Connection connection;
    private final SandboxRuntime runtime;
    private final Path image;
    private final IdBlock ids;
    private long runs;

    /** @param connection null for a loopback alone */
    private RuntimeContestant(String name, @Nullable Connection connection, SandboxRuntime runtime, BenchFiles files) {
        this.name = name;
        this.connection = connection;
        this.runtime = runtime;
        this.image = files.image();
        this.ids = new IdBlock(files.footprint().blockFromTheEnd(0), IdBlock.DEFAULT_SIZE);
    }

    static RuntimeContestant alone(SandboxRuntime runtime, BenchFiles files) {
        return new RuntimeContestant(Summary.OURS, null, runtime, files);
    }

    /** With an address, a link, a published port, and what the firewall must know of them. */
    static RuntimeContestant connected(SandboxRuntime runtime, BenchFiles files) {
        Ipv4Prefix subnet = Ipv4Prefix.parse("100.127.252.0/22");
        runtime.surround(new Neighbourhood(Ipv4Prefix.parse("100.64.0.0/10"), subnet, Map.of(), Map.of(), Set.of()));
        Connection connection = new Connection(
                new Ipv4(subnet.first().bits() + 2), 1, List.of(new PublishedPort(Protocol.TCP, 8080, 29_999)));
        return new RuntimeContestant(Summary.CONNECTED, connection, runtime, files);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Launch launch() throws IOException {
        SandboxId id = new SandboxId("bench-" + (connection == null ? "a" : "c") + runs++);
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
                connection,
                null);
    }

    @Override
    public void close() {
        runtime.list().stream()
                .filter(status -> status.id().value().startsWith("bench-"))
                .forEach(status -> runtime.delete(status.id()));
        if (connection != null) {
            runtime.leaveNetwork();
        }
    }
}
