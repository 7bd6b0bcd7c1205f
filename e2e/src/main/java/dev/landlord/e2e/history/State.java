package dev.landlord.e2e.history;

/**
 * A workload as far as it matters here.
 *
 * @param specVersion 0 if it is not there, or about to go
 * @param restarts asked for
 * @param mark the number by which each change of one workload can be told from all others
 */
public record State(long specVersion, long restarts, int mark) {
    /** Not there, or being deleted: the two are one to whoever asked for it. */
    public static final State ABSENT = new State(0, 0, 0);
}
