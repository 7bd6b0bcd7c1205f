package dev.landlord.api.workload;

/** What a workload's own program reads; somebody may sit in front of it. */
public enum Console {
    /** A pipe that stays open for as long as the replica is there. */
    PIPE,
    /** A terminal, also for what it writes. */
    TERMINAL
}
