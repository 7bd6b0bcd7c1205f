package dev.landlord.agent.image.tree;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * The digest of what a tree is: SHA-256 over a canonical listing, so that equal content has an equal digest on every host,
 * whatever the file system, the locale or the order in which it was written. The listing begins with the line
 * {@code landlord-tree-1}; then comes one line per node, the root excluded, sorted by the bytes of the name:
 *
 * <pre>
 * d MODE UID GID - - LENGTH:NAME
 * f MODE UID GID SIZE SHA256 LENGTH:NAME
 * l - UID GID - - LENGTH:NAME LENGTH:TARGET
 * </pre>
 *
 * MODE is four octal digits, the other numbers are decimal, SHA256 is of the content in hex, LENGTH is in bytes and makes
 * any name unambiguous. Times, extended attributes, and whether equal files are one inode, are not part of it.
 *
 * @param hex 64 hex digits
 * @param bytes sum of the sizes of the files, each hard link counted
 * @param entries nodes, the root excluded
 */
public record TreeDigest(String hex, long bytes, long entries) {
    private static final String HEADER = "landlord-tree-1\n";

    /** Refuses a tree with anything but files, directories and symlinks, and an empty one. */
    public static TreeDigest of(Path root, TreeLimits limits) throws IOException {
        List<Node> nodes = TreeWalk.list(root, limits);
        if (nodes.stream().allMatch(Node::isDirectory)) {
            throw new ImageException("digest", root.toString(), "the image holds no file");
        }
        return of(nodes);
    }

    private static TreeDigest of(List<Node> nodes) throws IOException {
        MessageDigest listing = sha256();
        listing.update(HEADER.getBytes(ISO_8859_1));
        Map<Long, String> hashOfInode = new HashMap<>();
        long bytes = 0;
        for (Node node : nodes) {
            listing.update(line(node, hashOfInode).getBytes(ISO_8859_1));
            bytes += node.type() == NodeType.FILE ? node.size() : 0;
        }
        return new TreeDigest(HexFormat.of().formatHex(listing.digest()), bytes, nodes.size());
    }

    private static String line(Node node, Map<Long, String> hashOfInode) throws IOException {
        String name = sized(node.name());
        return switch (node.type()) {
            case DIRECTORY -> "d %04o %d %d - - %s\n".formatted(node.mode(), node.uid(), node.gid(), name);
            case FILE ->
                "f %04o %d %d %d %s %s\n"
                        .formatted(node.mode(), node.uid(), node.gid(), node.size(), hash(node, hashOfInode), name);
            case SYMLINK ->
                "l - %d %d - - %s %s\n"
                        .formatted(
                                node.uid(), node.gid(), name, sized(RawName.of(Files.readSymbolicLink(node.path()))));
            case CHARACTER_DEVICE, BLOCK_DEVICE, PIPE, SOCKET ->
                throw new ImageException(
                        "entry", node.name().toString(), "is a " + node.type().words() + "; not allowed in an image");
        };
    }

    private static String sized(RawName name) {
        return name.length() + ":" + name.octets();
    }

    private static String hash(Node node, Map<Long, String> hashOfInode) throws IOException {
        String known = hashOfInode.get(node.inode());
        if (known != null) {
            return known;
        }
        String hash = hashFile(node.path());
        if (node.links() > 1) {
            hashOfInode.put(node.inode(), hash);
        }
        return hash;
    }

    private static String hashFile(Path file) throws IOException {
        MessageDigest digest = sha256();
        try (InputStream in = Files.newInputStream(file)) {
            byte[] buffer = new byte[64 * 1024];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
