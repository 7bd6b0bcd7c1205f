package dev.landlord.runtime;

/**
 * How a program ended, as its supervisor recorded it before it went.
 *
 * @param exitCode 0 to 255; 128 + signal when a signal ended it
 * @param signal 0 when it exited by itself
 * @param oomKilled the kernel killed at least one of its processes for want of memory
 * @param oomFromAbove it did so although neither this sandbox nor its owner's slice was ever at its limit: the host, or the group
 *     that all sandboxes of this runtime are in, was out of memory. False if the kernel cannot tell
 * @param fenced its supervisor ended it because the lease of this host had run out
 */
public record ExitRecord(
        int exitCode, int signal, boolean oomKilled, boolean oomFromAbove, long endedAtEpochMillis, boolean fenced) {
    public ExitRecord(int exitCode, int signal, boolean oomKilled, long endedAtEpochMillis) {
        this(exitCode, signal, oomKilled, false, endedAtEpochMillis, false);
    }
}
