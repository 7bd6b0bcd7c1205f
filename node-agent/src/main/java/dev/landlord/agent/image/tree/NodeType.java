package dev.landlord.agent.image.tree;

/** What a directory entry is, by the type bits of {@code st_mode}. */
public enum NodeType {
    FILE("file"),
    DIRECTORY("directory"),
    SYMLINK("symlink"),
    CHARACTER_DEVICE("character device"),
    BLOCK_DEVICE("block device"),
    PIPE("named pipe"),
    SOCKET("socket");

    private static final int S_IFMT = 0170000;

    private final String words;

    NodeType(String words) {
        this.words = words;
    }

    /** For messages. */
    public String words() {
        return words;
    }

    static NodeType ofMode(int mode) {
        return switch (mode & S_IFMT) {
            case 0100000 -> FILE;
            case 0040000 -> DIRECTORY;
            case 0120000 -> SYMLINK;
            case 0020000 -> CHARACTER_DEVICE;
            case 0060000 -> BLOCK_DEVICE;
            case 0010000 -> PIPE;
            case 0140000 -> SOCKET;
            default -> throw new IllegalArgumentException("st_mode with unknown type: " + Integer.toOctalString(mode));
        };
    }
}
