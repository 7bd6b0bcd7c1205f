package dev.landlord.agent.image.tree;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Lists a tree without following any symlink and without leaving its file system. */
public final class TreeWalk {
    private final Node root;
    private final TreeBudget budget;
    private final List<Node> nodes = new ArrayList<>();

    private TreeWalk(Node root, TreeLimits limits) {
        this.root = root;
        this.budget = new TreeBudget(limits);
    }

    /** Every node but the root, sorted by the bytes of its name: a directory comes before what it holds. */
    public static List<Node> list(Path root, TreeLimits limits) throws IOException {
        Node top = Node.read(new RawName(""), root);
        if (!top.isDirectory()) {
            throw new ImageException(
                    "list", root.toString(), "is a " + top.type().words() + ", not a directory");
        }
        TreeWalk walk = new TreeWalk(top, limits);
        walk.descend(top);
        walk.nodes.sort(Comparator.comparing(Node::name));
        return walk.nodes;
    }

    private void descend(Node directory) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory.path())) {
            for (Path entry : entries) {
                RawName name = directory.name().child(RawName.of(entry.getFileName()));
                budget.entry(name);
                Node node = Node.read(name, entry);
                nodes.add(node);
                if (node.type() == NodeType.FILE) {
                    budget.bytes(name, node.size());
                } else if (node.isDirectory()) {
                    enter(node);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    private void enter(Node directory) throws IOException {
        if (directory.device() != root.device()) {
            throw new ImageException("list", directory.path().toString(), "is a mount point of another file system");
        }
        descend(directory);
    }
}
