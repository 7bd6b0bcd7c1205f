package dev.landlord.runtime;

/**
 * Bounds of the captured output, per stream.
 *
 * @param maxBytesPerFile a file is rotated when it reaches this size, 4 KiB to 1 GiB
 * @param maxFiles files kept per stream, the current one included, 1 to 16
 * @param maxBytesPerSecond what is kept in the long run, 64 KiB to 1 GiB; a program that writes more has to wait, so that
 *     its output cannot take the host's disk and processors. What a full disk refuses is lost
 */
public record LogPolicy(long maxBytesPerFile, int maxFiles, long maxBytesPerSecond) {
    public static final LogPolicy DEFAULT = new LogPolicy(4L << 20, 2, 8L << 20);

    public LogPolicy {
        if (maxBytesPerFile < 4096 || maxBytesPerFile > (1L << 30) || maxFiles < 1 || maxFiles > 16) {
            throw new IllegalArgumentException("LogPolicy: 4096..2^30 bytes per file and 1..16 files");
        }
        if (maxBytesPerSecond < 65_536 || maxBytesPerSecond > (1L << 30)) {
            throw new IllegalArgumentException("LogPolicy: 65536..2^30 bytes per second");
        }
    }
}
