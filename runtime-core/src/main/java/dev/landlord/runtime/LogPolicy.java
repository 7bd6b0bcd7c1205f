package dev.landlord.runtime;

/**
 * Bounds of the captured output, per stream.
 *
 * @param maxBytesPerFile a file is rotated when it reaches this size, 4 KiB to 1 GiB
 * @param maxFiles files kept per stream, the current one included, 1 to 16
 * @param dropWhenFull false: a slow disk slows the writer down; true: what does not fit is dropped and counted
 */
public record LogPolicy(long maxBytesPerFile, int maxFiles, boolean dropWhenFull) {
    public static final LogPolicy DEFAULT = new LogPolicy(4L << 20, 2, false);

    public LogPolicy {
        if (maxBytesPerFile < 4096 || maxBytesPerFile > (1L << 30) || maxFiles < 1 || maxFiles > 16) {
            throw new IllegalArgumentException("LogPolicy: 4096..2^30 bytes per file and 1..16 files");
        }
    }
}
