package dev.landlord.cli.wire;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/** A server of its own for each test, and terminals that know it. Their key is made once for all: that takes a second. */
public final class Wire implements BeforeEachCallback, AfterEachCallback {
    private static final Namespace NAMESPACE = Namespace.create(Wire.class);

    private @Nullable ServerKeys keys;
    private @Nullable WireServer server;

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        keys = context.getRoot()
                .getStore(NAMESPACE)
                .computeIfAbsent(Shared.class, key -> Shared.make(), Shared.class)
                .keys();
        server = new WireServer(keys);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        server().close();
    }

    public WireServer server() {
        return Objects.requireNonNull(server, "within a test");
    }

    public Path caFile() {
        return Objects.requireNonNull(keys, "within a test").caFile();
    }

    public TestTerminal terminal(Path home) {
        return new TestTerminal(home)
                .env("LANDLORD_SERVER", server().uri().toString())
                .env("LANDLORD_CA_FILE", caFile().toString());
    }

    /** The store of the run closes it in the end. */
    private record Shared(Path folder, ServerKeys keys) implements AutoCloseable {
        static Shared make() {
            try {
                Path folder = Files.createTempDirectory("landlord-wire");
                return new Shared(folder, ServerKeys.make(folder, "server"));
            } catch (IOException failure) {
                throw new UncheckedIOException("make the key of the tests' servers", failure);
            } catch (GeneralSecurityException failure) {
                throw new IllegalStateException("make the key of the tests' servers", failure);
            }
        }

        @Override
        public void close() throws IOException {
            try (var files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
        }
    }
}
