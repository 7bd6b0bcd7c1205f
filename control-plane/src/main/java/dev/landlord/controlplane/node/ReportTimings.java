package dev.landlord.controlplane.node;

/**
 * The timing of a small cluster; a large one reports less often, in the same proportions. All times in milliseconds.
 *
 * @param interval between two reports of an agent that has nothing to say, 100 to 60,000
 * @param suspectAfter silence that makes a node suspect, two intervals or more
 * @param lostAfter silence that makes a node lost, an interval more than that or more, at most an hour
 */
public record ReportTimings(long interval, long suspectAfter, long lostAfter) {
    /** All agents together send at most about this many heartbeats per second. */
    private static final int HEARTBEATS_PER_SECOND = 1000;

    private static final long KILL_MILLIS = 1000;
    private static final long CLOCKS_DIFFER_BY = 50;

    public static final ReportTimings DEFAULT = ofInterval(1000);

    public ReportTimings {
        require(interval >= 100 && interval <= 60_000, "report-interval must be between 100ms and 1m, was " + interval);
        require(
                suspectAfter >= 2 * interval,
                "suspect-after must be at least two report intervals, was " + suspectAfter);
        require(
                lostAfter >= suspectAfter + interval && lostAfter <= 3_600_000,
                "lost-after must be at least a report interval more than suspect-after, and at most 1h, was "
                        + lostAfter);
    }

    private static void require(boolean holds, String rule) {
        if (!holds) {
            throw new IllegalArgumentException("landlord.node." + rule + " ms");
        }
    }

    /** What goes with an interval when nothing else is said. */
    public static ReportTimings ofInterval(long interval) {
        return new ReportTimings(interval, 3 * interval, 9 * interval);
    }

    /** For a cluster of so many nodes. */
    public ReportTiming of(int nodes) {
        long next = Math.max(interval, nodes * 1000L / HEARTBEATS_PER_SECOND);
        double stretch = (double) next / interval;
        long lost = Math.round(lostAfter * stretch);
        return new ReportTiming(next, Math.round(suspectAfter * stretch), lost - margin(next, lost), lost);
    }

    /**
     * From when an agent's deadline is past until its node is lost: enough for supervisors of a busy host to do what they have
     * to, and for clocks of which one runs by a fiftieth faster than the other. Less than two fifths of the whole.
     */
    private static long margin(long next, long lost) {
        return Math.max(next, Math.min(KILL_MILLIS, lost / 3)) + lost / CLOCKS_DIFFER_BY;
    }
}
