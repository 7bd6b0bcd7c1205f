package dev.landlord.agent.image.tree;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/** Removes a tree without following any symlink and without leaving its file system. */
public final class TreeRemoval {
    private static final RawName UNNAMED = new RawName("");

    private TreeRemoval() {}

    /** Does nothing if there is none. */
    public static void remove(Path root) throws IOException {
        Optional<Node> node = Node.find(UNNAMED, root);
        if (node.isPresent()) {
            remove(node.get(), node.get().device());
        }
    }

    /** Removes what a directory holds, and keeps it. */
    public static void empty(Path directory) throws IOException {
        Node top = Node.read(UNNAMED, directory);
        removeChildren(top, top.device());
    }

    private static void remove(Node node, long device) throws IOException {
        if (node.isDirectory()) {
            if (node.device() != device) {
                throw new ImageException("remove", node.path().toString(), "something is mounted there");
            }
            removeChildren(node, device);
        }
        Files.delete(node.path());
    }

    private static void removeChildren(Node directory, long device) throws IOException {
        openUp(directory.path());
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory.path())) {
            for (Path entry : entries) {
                remove(Node.read(UNNAMED, entry), device);
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    /** Without privilege, a directory that the image made read-only must be opened up first. */
    private static void openUp(Path directory) throws IOException {
        if (!Files.isWritable(directory) || !Files.isExecutable(directory)) {
            try {
                Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
            } catch (AccessDeniedException e) {
                throw ImageException.of("remove", directory.toString(), e);
            }
        }
    }
}
