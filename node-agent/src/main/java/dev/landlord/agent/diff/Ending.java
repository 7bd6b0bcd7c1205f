package dev.landlord.agent.diff;

import org.jspecify.annotations.Nullable;

/**
 * How one run of an allocation ended, or why it could not start.
 *
 * @param startedAtMillis epoch; 0 if the program never ran
 * @param endedAtMillis epoch
 * @param exitCode 128 + signal when a signal ended it; null when it never ran or nobody saw its end
 * @param message operation, object and reason; null when there is nothing to say
 */
public record Ending(
        long startedAtMillis,
        long endedAtMillis,
        @Nullable Integer exitCode,
        boolean oomKilled,
        @Nullable String message) {
    /** A message longer than this is cut: reports and the ledger carry one per allocation. */
    static final int MAX_MESSAGE = 512;

    public Ending {
        if (message != null && message.length() > MAX_MESSAGE) {
            message = message.substring(0, MAX_MESSAGE);
        }
    }

    boolean successful() {
        return exitCode != null && exitCode == 0;
    }

    long ranMillis() {
        return startedAtMillis == 0 ? 0 : Math.max(0, endedAtMillis - startedAtMillis);
    }
}
