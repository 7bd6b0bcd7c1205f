package dev.landlord.runtime;

/**
 * How a program ended, as its supervisor recorded it before it went.
 *
 * @param exitCode 0 to 255; 128 + signal when a signal ended it
 * @param signal 0 when it exited by itself
 * @param oomKilled the memory limit of this sandbox killed at least one of its processes
 * @param fenced its supervisor ended it because the lease of this host had run out
 */
public record ExitRecord(int exitCode, int signal, boolean oomKilled, long endedAtEpochMillis, boolean fenced) {
    public ExitRecord(int exitCode, int signal, boolean oomKilled, long endedAtEpochMillis) {
        this(exitCode, signal, oomKilled, endedAtEpochMillis, false);
    }
}
