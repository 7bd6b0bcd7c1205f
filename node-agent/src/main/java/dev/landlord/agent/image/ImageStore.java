package dev.landlord.agent.image;

import dev.landlord.agent.image.tree.ImageException;
import dev.landlord.agent.image.tree.TreeDigest;
import dev.landlord.agent.image.tree.TreeLimits;
import dev.landlord.agent.image.tree.TreeRemoval;
import dev.landlord.agent.image.tree.TreeSync;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The images on disk, by the digest of their content:
 *
 * <pre>
 * DIGEST/rootfs      the root file system; never changes once it is there
 * DIGEST/manifest    its size; written before the directory gets its name, so an entry is whole or absent
 * names/NAME         which digest was made for a name, and the fingerprint of what it was made from
 * staging/           what is being built or removed; emptied at start
 * failures/NAME.log  the output of the tool that failed last
 * </pre>
 *
 * The directory itself is 0700: images hold setuid files of the host's root. One process uses it at a time.
 */
final class ImageStore {
    /** Images may not fill the disk that the agent's own state is on. */
    private static final long RESERVED_BYTES = 256L << 20;

    private static final String DIGEST = "[0-9a-f]{64}";

    /** An image that is in the store. */
    record Stored(String hex, Path rootfs, long bytes) {}

    /** What is known of a name since the last time that it was built. */
    record Named(String hex, String fingerprint) {}

    private final Path directory;
    private final Path staging;
    private final Path names;

    private ImageStore(Path directory) {
        this.directory = directory;
        this.staging = directory.resolve("staging");
        this.names = directory.resolve("names");
    }

    /** Makes what is absent and sweeps what an earlier life left half done. */
    static ImageStore open(Path directory) throws IOException {
        ImageStore store = new ImageStore(directory);
        Files.createDirectories(directory);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        Files.createDirectories(store.staging);
        Files.createDirectories(store.names);
        Files.createDirectories(directory.resolve("failures"));
        TreeRemoval.empty(store.staging);
        return store;
    }

    Path directory() {
        return directory;
    }

    Path failureLog(String name) {
        return directory.resolve("failures").resolve(name + ".log");
    }

    /** A new directory with an empty {@code rootfs} inside. */
    Path stage() throws IOException {
        Path stage = Files.createTempDirectory(staging, "build-");
        Files.createDirectory(stage.resolve("rootfs"));
        return stage;
    }

    void discard(Path stage) throws IOException {
        TreeRemoval.remove(stage);
    }

    /** How much may be written now. */
    TreeLimits bounded(TreeLimits limits) throws IOException {
        return limits.atMostBytes(Files.getFileStore(directory).getUsableSpace() - RESERVED_BYTES);
    }

    /** Gives a staged tree its place. The stage is used up or, if the content is there already, left to the caller. */
    Stored publish(Path stage, TreeDigest digest, TreeLimits limits) throws IOException {
        Path target = directory.resolve(digest.hex());
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            return find(digest.hex())
                    .orElseThrow(() -> new ImageException(
                            "publish", target.toString(), "is there but damaged; remove it while no sandbox uses it"));
        }
        Map<String, String> manifest = Map.of(
                "digest", digest.hex(),
                "bytes", Long.toString(digest.bytes()),
                "entries", Long.toString(digest.entries()));
        TreeSync.sync(stage.resolve("rootfs"), limits);
        new StoreRecord(manifest).write(stage, "manifest");
        Files.setPosixFilePermissions(stage, PosixFilePermissions.fromString("rwxr-xr-x"));
        TreeSync.syncOne(stage);
        Files.move(stage, target, StandardCopyOption.ATOMIC_MOVE);
        TreeSync.syncOne(directory);
        return new Stored(digest.hex(), target.resolve("rootfs"), digest.bytes());
    }

    Optional<Stored> find(String hex) throws IOException {
        Path entry = directory.resolve(hex);
        Path rootfs = entry.resolve("rootfs");
        Optional<StoreRecord> manifest = StoreRecord.read(entry.resolve("manifest"))
                .filter(read -> read.text("digest").equals(Optional.of(hex)))
                .filter(read -> read.number("bytes").isPresent());
        return manifest.filter(valid -> Files.isDirectory(rootfs, LinkOption.NOFOLLOW_LINKS))
                .map(read -> new Stored(hex, rootfs, read.number("bytes").orElseThrow()));
    }

    Optional<Named> named(String name) throws IOException {
        return StoreRecord.read(names.resolve(name))
                .filter(read -> read.text("digest").orElse("").matches(DIGEST))
                .map(read -> new Named(
                        read.text("digest").orElseThrow(),
                        read.text("fingerprint").orElse("")));
    }

    void remember(String name, Named named) throws IOException {
        new StoreRecord(Map.of("digest", named.hex(), "fingerprint", named.fingerprint())).write(names, name);
    }

    /** Removes every name but those given. */
    void forgetAllBut(Set<String> kept) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(names)) {
            for (Path entry : entries) {
                if (!kept.contains(entry.getFileName().toString())) {
                    Files.delete(entry);
                }
            }
        }
    }

    /** Removes every image but those given; what is not an image is left alone. */
    Set<String> removeAllBut(Set<String> kept) throws IOException {
        Set<String> removed = new LinkedHashSet<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                String hex = entry.getFileName().toString();
                if (hex.matches(DIGEST) && !kept.contains(hex)) {
                    // First out of sight, in one step: half an image must not have an image's name.
                    Path doomed = Files.createTempDirectory(staging, "remove-");
                    Files.move(entry, doomed.resolve(hex), StandardCopyOption.ATOMIC_MOVE);
                    TreeRemoval.remove(doomed);
                    removed.add(hex);
                }
            }
        }
        return removed;
    }
}
