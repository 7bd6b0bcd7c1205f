package dev.landlord.controlplane;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.springframework.util.FileSystemUtils;

/**
 * Gives tests of the API one control plane for all of them, because a start takes seconds. Each class uses names of its own,
 * and leaves alone what all have in common.
 */
public final class SharedControlPlane implements ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(SharedControlPlane.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == RunningControlPlane.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(NAMESPACE)
                .computeIfAbsent(Shared.class, key -> Shared.start(), Shared.class)
                .running();
    }

    /** The store of the run closes it in the end. */
    private record Shared(Path folder, RunningControlPlane running) implements AutoCloseable {
        static Shared start() {
            try {
                Path folder = Files.createTempDirectory("landlord-shared");
                return new Shared(folder, RunningControlPlane.start(folder));
            } catch (IOException failure) {
                throw new UncheckedIOException("start the shared control plane", failure);
            }
        }

        @Override
        public void close() throws IOException {
            running.close();
            FileSystemUtils.deleteRecursively(folder);
        }
    }
}
