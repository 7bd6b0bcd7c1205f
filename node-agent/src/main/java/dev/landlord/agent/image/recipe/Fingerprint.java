package dev.landlord.agent.image.recipe;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.landlord.agent.image.tree.Node;
import dev.landlord.agent.image.tree.RawName;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Collects what a recipe depends on. A file counts by its inode, size and times, not by its content: that is the point. */
final class Fingerprint {
    /** Raise it when a recipe lays the same source differently: all images are then made anew. */
    private static final String RECIPES = "recipes-1";

    private final MessageDigest digest;

    Fingerprint(String kind) {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
        text(RECIPES).text(kind);
    }

    Fingerprint text(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        digest.update((bytes.length + ":").getBytes(UTF_8));
        digest.update(bytes);
        return this;
    }

    /** A symlink counts as itself. */
    Fingerprint file(Path file) throws IOException {
        return node(Node.read(RawName.of(file), file));
    }

    Fingerprint node(Node node) {
        return text(node.name().octets())
                .text("%s %o %d %d %d %d %d %s %s"
                        .formatted(
                                node.type(),
                                node.mode(),
                                node.uid(),
                                node.gid(),
                                node.size(),
                                node.device(),
                                node.inode(),
                                node.modified(),
                                node.changed()));
    }

    String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
