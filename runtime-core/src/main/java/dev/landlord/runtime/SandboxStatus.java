package dev.landlord.runtime;

import org.jspecify.annotations.Nullable;

/**
 * What is known of one sandbox.
 *
 * @param supervisorPid host pid of the supervisor, 0 when it is gone
 * @param programPid host pid of pid 1 inside, 0 when it is gone
 * @param startedAtEpochMillis 0 when not started
 * @param exit present once the program has ended
 */
public record SandboxStatus(
        SandboxId id,
        OwnerId owner,
        Phase phase,
        int supervisorPid,
        int programPid,
        long startedAtEpochMillis,
        @Nullable ExitRecord exit) {
    public enum Phase {
        /** Built and parked before its exec. */
        CREATED,
        RUNNING,
        FROZEN,
        EXITED,
        /** The supervisor vanished without a record: killed from outside, or the host restarted. */
        LOST
    }
}
