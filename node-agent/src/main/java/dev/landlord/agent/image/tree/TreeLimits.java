package dev.landlord.agent.image.tree;

/**
 * How large a tree may be. A tree that reaches a limit is refused as a whole.
 *
 * @param entries files, directories and links
 * @param bytes sum of the sizes of the files; a hard link counts nothing
 * @param depth directories above one another
 * @param nameBytes length of one component
 * @param pathBytes length of a name from the root of the tree
 */
public record TreeLimits(long entries, long bytes, int depth, int nameBytes, int pathBytes) {
    /** 500,000 entries, 16 GiB; a path leaves room for the store's own directories below the kernel's PATH_MAX. */
    public static final TreeLimits DEFAULT = new TreeLimits(500_000, 16L << 30, 128, 255, 3072);

    public TreeLimits {
        if (entries < 1 || bytes < 0 || depth < 1 || nameBytes < 1 || pathBytes < 1) {
            throw new IllegalArgumentException("tree limits must be positive");
        }
    }

    /** The same with no more bytes than given. */
    public TreeLimits atMostBytes(long most) {
        return new TreeLimits(entries, Math.clamp(most, 0, bytes), depth, nameBytes, pathBytes);
    }
}
