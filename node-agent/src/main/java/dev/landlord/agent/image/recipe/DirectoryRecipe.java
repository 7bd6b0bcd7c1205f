package dev.landlord.agent.image.recipe;

import dev.landlord.agent.image.tree.Attributes;
import dev.landlord.agent.image.tree.ImageException;
import dev.landlord.agent.image.tree.Node;
import dev.landlord.agent.image.tree.NodeType;
import dev.landlord.agent.image.tree.RawName;
import dev.landlord.agent.image.tree.TreeLimits;
import dev.landlord.agent.image.tree.TreeWalk;
import dev.landlord.agent.image.tree.TreeWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * A copy of a directory that the operator keeps and only the operator can write. Symlinks are copied as they are, hard
 * links stay links.
 *
 * @param store the images directory, which must not lie inside of the source: a copy would contain itself
 */
public record DirectoryRecipe(Path directory, Path store, TreeLimits limits) implements Recipe {
    private static final String OPERATION = "copy directory";

    @Override
    public String fingerprint() throws IOException {
        Fingerprint fingerprint = new Fingerprint("directory");
        walk(fingerprint::node);
        return fingerprint.hex();
    }

    @Override
    public void lay(TreeWriter writer) throws IOException {
        Map<Long, RawName> nameOfInode = new HashMap<>();
        walk(node -> copy(node, nameOfInode, writer));
    }

    /** Takes one node. */
    private interface Visitor {
        void visit(Node node) throws IOException;
    }

    private void walk(Visitor visitor) throws IOException {
        Node top = SourcePath.require(OPERATION, directory, NodeType.DIRECTORY);
        if (store.toRealPath().startsWith(top.path())) {
            throw new ImageException(OPERATION, directory.toString(), "it contains the image store " + store);
        }
        try {
            for (Node node : TreeWalk.list(top.path(), limits)) {
                visitor.visit(node);
            }
        } catch (IOException e) {
            throw new ImageException(
                    OPERATION,
                    directory.toString(),
                    ImageException.of("read", directory.toString(), e).getMessage());
        }
    }

    private static void copy(Node node, Map<Long, RawName> nameOfInode, TreeWriter writer) throws IOException {
        Attributes attributes = Attributes.of(node);
        switch (node.type()) {
            case DIRECTORY -> writer.directory(node.name(), attributes);
            case SYMLINK -> writer.symlink(node.name(), RawName.of(Files.readSymbolicLink(node.path())), attributes);
            case FILE -> copyFile(node, nameOfInode, writer);
            case CHARACTER_DEVICE, BLOCK_DEVICE, PIPE, SOCKET ->
                throw new ImageException(
                        "entry", node.name().toString(), "is a " + node.type().words() + "; not allowed in an image");
        }
    }

    private static void copyFile(Node node, Map<Long, RawName> nameOfInode, TreeWriter writer) throws IOException {
        RawName before = node.links() > 1 ? nameOfInode.putIfAbsent(node.inode(), node.name()) : null;
        if (before == null) {
            writer.copy(node.name(), Attributes.of(node), node.path());
        } else {
            writer.hardLink(node.name(), before);
        }
    }
}
