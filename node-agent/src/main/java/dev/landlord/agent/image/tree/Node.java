package dev.landlord.agent.image.tree;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * One entry of a tree, as {@code lstat} sees it.
 *
 * @param name relative to the root of the tree; empty for the root
 * @param mode the permission bits, 0 to 07777
 * @param uid as on disk; negative when it does not fit into 31 bits
 */
public record Node(
        RawName name,
        Path path,
        NodeType type,
        int mode,
        int uid,
        int gid,
        long size,
        long device,
        long inode,
        int links,
        FileTime modified,
        FileTime changed) {

    private static final String ATTRIBUTES = "unix:mode,uid,gid,size,dev,ino,nlink,lastModifiedTime,ctime";

    /** Of the entry itself, never of what a symlink points to. */
    public static Node read(RawName name, Path path) throws IOException {
        Map<String, Object> values = Files.readAttributes(path, ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
        int mode = number(values, "mode").intValue();
        return new Node(
                name,
                path,
                NodeType.ofMode(mode),
                mode & 07777,
                number(values, "uid").intValue(),
                number(values, "gid").intValue(),
                number(values, "size").longValue(),
                number(values, "dev").longValue(),
                number(values, "ino").longValue(),
                number(values, "nlink").intValue(),
                (FileTime) value(values, "lastModifiedTime"),
                (FileTime) value(values, "ctime"));
    }

    /** Empty if there is no such entry. */
    public static Optional<Node> find(RawName name, Path path) throws IOException {
        try {
            return Optional.of(read(name, path));
        } catch (NoSuchFileException ignored) {
            return Optional.empty();
        }
    }

    public boolean isDirectory() {
        return type == NodeType.DIRECTORY;
    }

    private static Number number(Map<String, Object> values, String name) {
        return (Number) value(values, name);
    }

    private static Object value(Map<String, Object> values, String name) {
        return Objects.requireNonNull(values.get(name), name);
    }
}
