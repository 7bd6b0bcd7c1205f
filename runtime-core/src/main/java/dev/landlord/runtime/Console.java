package dev.landlord.runtime;

/** What a sandbox's own program reads, and whether somebody may sit in front of it later. */
public enum Console {
    /** It reads /dev/null. */
    NONE,
    /** A pipe that stays open for as long as the sandbox is there. */
    PIPE,
    /** A terminal, also for what it writes; so there is one output, and that is stdout. */
    TERMINAL
}
