package dev.landlord.agent.diff;

import org.jspecify.annotations.Nullable;

/**
 * How one run of an allocation ended, or why it could not start.
 *
 * @param startedAtMillis epoch; 0 if the program never ran
 * @param endedAtMillis epoch
 * @param exitCode 128 + signal when a signal ended it; null when it never ran or nobody saw its end
 * @param message operation, object and reason; null when there is nothing to say
 * @param fenced true: the right to run it had ended, and with it this allocation; null: no
 */
public record Ending(
        long startedAtMillis,
        long endedAtMillis,
        @Nullable Integer exitCode,
        boolean oomKilled,
        @Nullable String message,
        @Nullable Boolean fenced) {
    /** What people are told of an end by the lease. */
    public static final String FENCED = "was stopped by its host at the end of its lease";

    /** A message longer than this is cut: reports and the ledger carry one per allocation. */
    static final int MAX_MESSAGE = 512;

    public Ending {
        if (message != null && message.length() > MAX_MESSAGE) {
            message = message.substring(0, MAX_MESSAGE);
        }
        fenced = Boolean.TRUE.equals(fenced) ? fenced : null;
    }

    /** That the lease has nothing to do with. */
    public Ending(
            long startedAtMillis,
            long endedAtMillis,
            @Nullable Integer exitCode,
            boolean oomKilled,
            @Nullable String message) {
        this(startedAtMillis, endedAtMillis, exitCode, oomKilled, message, null);
    }

    /** Of one that did not run when the lease ended: it must not begin any more. */
    static Ending fencedAt(long nowMillis) {
        return new Ending(0, nowMillis, null, false, FENCED, true);
    }

    boolean isFenced() {
        return fenced != null;
    }

    boolean successful() {
        return exitCode != null && exitCode == 0;
    }

    long ranMillis() {
        return startedAtMillis == 0 ? 0 : Math.max(0, endedAtMillis - startedAtMillis);
    }
}
