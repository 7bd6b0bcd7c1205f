package dev.landlord.agent.image.recipe;

import dev.landlord.agent.image.tree.ImageException;
import dev.landlord.agent.image.tree.Node;
import dev.landlord.agent.image.tree.NodeType;
import dev.landlord.agent.image.tree.RawName;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Paths of this host that the operator wrote. */
public final class SourcePath {
    private SourcePath() {}

    /** Absolute and without "." and "..", so that the catalogue says what it means. */
    public static Path parse(String operation, String text) throws ImageException {
        Path path;
        try {
            path = Path.of(text);
        } catch (InvalidPathException e) {
            throw new ImageException(operation, text, "is not a path: " + e.getReason());
        }
        if (!path.isAbsolute() || !path.normalize().equals(path)) {
            throw new ImageException(operation, "\"" + text + "\"", "must be an absolute path without . and ..");
        }
        return path;
    }

    /** Of the file itself, after its symlinks. */
    static Node require(String operation, Path path, NodeType type) throws IOException {
        Node node;
        try {
            node = Node.read(RawName.of(path), path.toRealPath());
        } catch (IOException e) {
            throw ImageException.of(operation, path.toString(), e);
        }
        if (node.type() != type) {
            throw new ImageException(
                    operation, path.toString(), "is a " + node.type().words() + ", not a " + type.words());
        }
        return node;
    }
}
