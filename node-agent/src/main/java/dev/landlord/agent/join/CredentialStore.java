package dev.landlord.agent.join;

import dev.landlord.agent.sync.HttpCalls;
import dev.landlord.agent.sync.PinnedTls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * The credentials as files of the state directory: {@code ca.crt metrics.crt metrics.key credentials.json}, all 0600. The
 * last one is written last, so its presence means that the join was complete.
 */
final class CredentialStore {
    private static final String VERSIONED = "credentials.json";

    private final Path directory;

    CredentialStore(Path directory) {
        this.directory = directory;
    }

    /** @param node whose credentials these are, so that a renamed node does not use another's */
    record Stored(int version, String node, String nodeToken, String scrapeTokenSha256) {
        static final int VERSION = 1;
    }

    /** @throws JoinException if what is there is broken or another node's */
    Optional<NodeCredentials> load(String node) {
        Path file = directory.resolve(VERSIONED);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            Stored stored = HttpCalls.JSON.readValue(Files.readAllBytes(file), Stored.class);
            if (stored == null || stored.version() != Stored.VERSION || stored.nodeToken() == null) {
                throw broken(file, "it is not of a known version", null);
            }
            if (!node.equals(stored.node())) {
                throw new JoinException(
                        "node " + node + ": " + file + " belongs to node " + stored.node()
                                + "; give each node a state directory of its own",
                        null);
            }
            return Optional.of(new NodeCredentials(
                    PinnedTls.certificate(Files.readString(directory.resolve("ca.crt"))),
                    stored.nodeToken(),
                    directory.resolve("metrics.crt"),
                    directory.resolve("metrics.key"),
                    stored.scrapeTokenSha256()));
        } catch (JacksonException | GeneralSecurityException e) {
            throw broken(file, String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw broken(file, e.toString(), e);
        }
    }

    private static JoinException broken(Path file, String reason, @Nullable Throwable cause) {
        return new JoinException(
                "read " + file + ": " + reason + "; restore it, or delete it and join again with a new token", cause);
    }

    void save(String caPem, String certificatePem, String keyPem, Stored stored) {
        write("ca.crt", caPem.getBytes(StandardCharsets.UTF_8));
        write("metrics.key", keyPem.getBytes(StandardCharsets.UTF_8));
        write("metrics.crt", certificatePem.getBytes(StandardCharsets.UTF_8));
        write(VERSIONED, HttpCalls.JSON.writeValueAsBytes(stored));
    }

    private void write(String name, byte[] bytes) {
        Path file = directory.resolve(name);
        Path fresh = directory.resolve(name + ".new");
        try {
            Files.deleteIfExists(fresh);
            Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            // The join token is spent: what a power cut would take could not be had again.
            try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                ByteBuffer left = ByteBuffer.wrap(bytes);
                while (left.hasRemaining()) {
                    channel.write(left);
                }
                channel.force(true);
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("write " + file + ": " + e, e);
        }
    }
}
