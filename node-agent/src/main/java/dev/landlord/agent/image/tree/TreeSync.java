package dev.landlord.agent.image.tree;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** Makes a tree survive a power cut, once it has been written whole. */
public final class TreeSync {
    private TreeSync() {}

    /** Files first, then directories: a durable name must not point to content that is lost. */
    public static void sync(Path root, TreeLimits limits) throws IOException {
        List<Node> nodes = TreeWalk.list(root, limits);
        for (Node node : nodes) {
            if (node.type() == NodeType.FILE) {
                syncOne(node.path());
            }
        }
        for (Node node : nodes.reversed()) {
            if (node.isDirectory()) {
                syncOne(node.path());
            }
        }
        syncOne(root);
    }

    /** One file, or the names in one directory. */
    public static void syncOne(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
