package dev.landlord.e2e.fault;

import java.util.Locale;

/** What can go wrong, and how long it lasts unless told otherwise. */
public enum FaultKind {
    KILL_LEADER(4_000),
    KILL_FOLLOWER(4_000),
    FREEZE_LEADER(6_000),
    KILL_AGENT(3_000),
    KILL_SUPERVISOR(1_000),
    KILL_DATABASE(3_000),
    CUT_HOST(25_000),
    CUT_LEADER(8_000),
    CUT_DATABASE(8_000),
    SLOW_FSYNC(10_000),
    FULL_DATABASE_DISK(8_000),
    FULL_AGENT_DISK(8_000),
    STORM(10_000);

    private final long usualMillis;

    FaultKind(long usualMillis) {
        this.usualMillis = usualMillis;
    }

    long usualMillis() {
        return usualMillis;
    }

    public String words() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
