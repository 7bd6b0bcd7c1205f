package dev.landlord.api.workload;

/**
 * What happens when the program ends.
 *
 * @param initialBackoffMillis wait before the first restart, 10 to 3,600,000; doubles with each further one
 * @param maxBackoffMillis upper bound of the wait
 */
public record RestartPolicy(Mode mode, long initialBackoffMillis, long maxBackoffMillis) {
    public enum Mode {
        ALWAYS,
        ON_FAILURE,
        NEVER
    }

    public static final RestartPolicy DEFAULT = new RestartPolicy(Mode.ALWAYS, 500, 300_000);

    public RestartPolicy {
        Check.range("restart.initialBackoffMillis", initialBackoffMillis, 10, 3_600_000);
        Check.range("restart.maxBackoffMillis", maxBackoffMillis, initialBackoffMillis, 24 * 3_600_000L);
    }
}
