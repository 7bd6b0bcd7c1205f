package dev.landlord.e2e.fault;

/**
 * One fault to come.
 *
 * @param atMillis not before this, counted from the begin of the run
 * @param lengthMillis between its begin and when it is healed
 * @param pick 0 or more; which one, where there are several
 */
public record Fault(FaultKind kind, long atMillis, long lengthMillis, int pick) {
    /** One of so many, 0 to {@code count - 1}. */
    public int pickOf(int count) {
        return pick % count;
    }
}
