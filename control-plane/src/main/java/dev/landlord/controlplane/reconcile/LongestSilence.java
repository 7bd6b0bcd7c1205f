package dev.landlord.controlplane.reconcile;

/**
 * Leases of the length of yesterday may be held when a setting, or the size of the cluster, has made them shorter. Says when
 * the last one of them is over. Pure; for one thread.
 */
final class LongestSilence {
    private static final long NEVER = -1;

    private long longest = NEVER;
    private long shorterSince;

    /**
     * Whether what is stored may be lowered to what is wanted now.
     *
     * @param stored milliseconds of silence that leases were granted upon
     * @param now milliseconds of a clock that does not jump
     */
    boolean isOver(long stored, long wanted, long now) {
        if (stored <= wanted) {
            longest = NEVER;
            return false;
        }
        if (stored != longest) {
            longest = stored;
            shorterSince = now;
        }
        // Once for the leases themselves, and once more for replicas that learn of the size of the cluster later.
        return now - shorterSince >= 2 * stored;
    }

    /** Another process may have granted until now. */
    void beginAnew() {
        longest = NEVER;
    }
}
