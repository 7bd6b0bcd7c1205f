package dev.landlord.controlplane.node;

/**
 * How often agents report, and what silence means. All times in milliseconds.
 *
 * @param nextReport when an agent with nothing to say reports again
 * @param suspectAfter silence that makes a node suspect
 * @param lease how long an agent may run lease-bound workloads, from the moment it sent its report
 * @param lostAfter silence that makes a node lost; longer than the lease, so that the agent's clock runs out first
 */
public record ReportTiming(long nextReport, long suspectAfter, long lease, long lostAfter) {
    /** The same, but that no node is lost sooner than this. */
    public ReportTiming lostNoSoonerThan(long millis) {
        return new ReportTiming(nextReport, suspectAfter, lease, Math.max(lostAfter, millis));
    }

    /** What a node is that was ready and has been silent for so long. */
    NodeState judge(long silentMillis) {
        if (silentMillis >= lostAfter) {
            return NodeState.LOST;
        }
        return silentMillis >= suspectAfter ? NodeState.SUSPECT : NodeState.READY;
    }
}
