package dev.landlord.agent.join;

import dev.landlord.agent.identity.NodeIdentity;
import dev.landlord.agent.sync.HttpCalls;
import dev.landlord.agent.sync.PinnedTls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * The credentials as files of the state directory: {@code ca.crt metrics.crt metrics.key node.pem credentials.json}, all
 * 0600. The last one is written last, so its presence means that the join was complete. A key and its certificate are one
 * file, so that they are exchanged together: what a renewal gives to the metrics listener is {@code metrics.pem}, and the two
 * files of the join stay for an agent of the version before.
 */
final class CredentialStore {
    static final String JOIN_ANEW =
            "Delete credentials.json in the agent's state directory, and let the node join with a"
                    + " new token (landlord node join-token)";

    private static final String VERSIONED = "credentials.json";
    private static final String IDENTITY = "node.pem";
    private static final String METRICS = "metrics.pem";

    private final Path directory;

    CredentialStore(Path directory) {
        this.directory = directory;
    }

    /** @param node whose credentials these are, so that a renamed node does not use another's */
    record Stored(int version, String node, String scrapeTokenSha256) {
        /** The first one had a token in place of a certificate. */
        static final int VERSION = 2;
    }

    /** @throws JoinException if what is there is broken or another node's */
    Optional<NodeCredentials> load(String node) {
        Path file = directory.resolve(VERSIONED);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            Stored stored = HttpCalls.JSON.readValue(Files.readAllBytes(file), Stored.class);
            if (stored == null || stored.version() != Stored.VERSION || stored.scrapeTokenSha256() == null) {
                throw broken(file, "it is not of a known version", null);
            }
            if (!node.equals(stored.node())) {
                throw new JoinException(
                        "node " + node + ": " + file + " belongs to node " + stored.node()
                                + "; give each node a state directory of its own",
                        null);
            }
            X509Certificate authority = PinnedTls.certificate(Files.readString(directory.resolve("ca.crt")));
            return Optional.of(new NodeCredentials(
                    authority, identity(authority), metrics(authority), stored.scrapeTokenSha256()));
        } catch (JacksonException | GeneralSecurityException e) {
            throw broken(file, String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw broken(file, e.toString(), e);
        }
    }

    private NodeIdentity identity(X509Certificate authority) throws IOException {
        Path file = directory.resolve(IDENTITY);
        try {
            return NodeIdentity.parse(Files.readString(file), authority);
        } catch (GeneralSecurityException e) {
            throw broken(file, String.valueOf(e.getMessage()), e);
        }
    }

    /** Of an earlier join, the renewed one is of no use. */
    private NodeIdentity metrics(X509Certificate authority) throws IOException {
        try {
            return NodeIdentity.parse(Files.readString(directory.resolve(METRICS)), authority);
        } catch (NoSuchFileException | GeneralSecurityException notRenewed) {
            return joinedMetrics(authority);
        }
    }

    private NodeIdentity joinedMetrics(X509Certificate authority) throws IOException {
        Path file = directory.resolve("metrics.crt");
        try {
            String key = Files.readString(directory.resolve("metrics.key"));
            return NodeIdentity.parse(key + Files.readString(file), authority);
        } catch (GeneralSecurityException e) {
            throw broken(file, String.valueOf(e.getMessage()), e);
        }
    }

    private static JoinException broken(Path file, String reason, @Nullable Throwable cause) {
        return new JoinException("read " + file + ": " + reason + ". " + JOIN_ANEW, cause);
    }

    /**
     * What a join gives.
     *
     * @param identity PEM of the node's key and then of its certificate
     */
    record Pems(String authority, String identity, String metricsCertificate, String metricsKey) {}

    void save(Pems pems, Stored stored) {
        write("ca.crt", pems.authority());
        write("metrics.key", pems.metricsKey());
        write("metrics.crt", pems.metricsCertificate());
        saveIdentity(pems.identity());
        write(VERSIONED, HttpCalls.JSON.writeValueAsBytes(stored));
    }

    /** @param identity PEM of the node's key and then of its certificate */
    void saveIdentity(String identity) {
        write(IDENTITY, identity);
    }

    /** @param metrics likewise, of the metrics listener */
    void saveMetrics(String metrics) {
        write(METRICS, metrics);
    }

    private void write(String name, String text) {
        write(name, text.getBytes(StandardCharsets.UTF_8));
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
