package dev.landlord.controlplane.node;

import dev.landlord.api.id.AllocationId;
import dev.landlord.api.sync.LimitDrift;
import dev.landlord.api.sync.NodeReport.HeldSet;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** What is known of one agent process that reports. Reports of one node are taken one after the other. */
public final class Contact {
    private final ReentrantLock lock = new ReentrantLock();
    private volatile long lastSeenAt;
    private volatile Said said = Said.NOTHING;
    private volatile boolean everHeard;
    private volatile boolean asleep = true;
    private volatile long storedAt = Long.MIN_VALUE;
    private @Nullable String run;
    private long sequence;

    /** How a report relates to the ones before it. */
    public enum Turn {
        /** It goes on where the last one ended. */
        NEXT,
        /** It was taken before. */
        REPEATED,
        /** The server does not know this run, and the report does not tell everything. */
        UNKNOWN_RUN,
        /** Another process reports for this node, was heard of within its time, and is not known to this one. */
        OTHER_AGENT
    }

    /**
     * What the agent last said besides its allocations.
     *
     * @param orphans sandboxes on the host that nobody asked for
     * @param held a desired set that waits for an operator on the node
     * @param drifts limits found changed; told again if the answer to the last report was lost
     */
    public record Said(List<AllocationId> orphans, @Nullable HeldSet held, List<LimitDrift> drifts) {
        static final Said NOTHING = new Said(List.of(), null, List.of());

        public Said {
            orphans = List.copyOf(orphans);
            drifts = List.copyOf(drifts);
        }
    }

    Contact(long lastSeenAt) {
        this.lastSeenAt = lastSeenAt;
    }

    /** To be held from {@link #judge} until after {@link #taken}. */
    public ReentrantLock lock() {
        return lock;
    }

    /**
     * Decides about a report; changes nothing. A first run, one after silence, and one that follows the last must begin by
     * telling everything.
     *
     * @param previousRun whom the reporting process follows on its state directory, which one process uses at a time: if it
     *     is the run heard last, that one has ended
     */
    public Turn judge(
            String agentRun,
            @Nullable String previousRun,
            long number,
            boolean complete,
            long now,
            ReportTiming timing) {
        if (agentRun.equals(run)) {
            return number > sequence ? Turn.NEXT : Turn.REPEATED;
        }
        boolean follows = run != null && run.equals(previousRun);
        if (run != null && !follows && now - lastSeenAt < timing.suspectAfter()) {
            return Turn.OTHER_AGENT;
        }
        return complete ? Turn.NEXT : Turn.UNKNOWN_RUN;
    }

    /** The report was stored. */
    public void taken(String agentRun, long number, Said words, long now) {
        run = agentRun;
        sequence = number;
        said = words;
        heard(now);
    }

    /** A sign of life that brought nothing new. */
    public void heard(long now) {
        lastSeenAt = now;
        everHeard = true;
    }

    /** A time at which it was heard of is in the store; the writing of it began then. */
    void stored(long beganAt) {
        storedAt = beganAt;
    }

    /**
     * For how long its agent may run what is bound to the lease, from when it sent the report that came now.
     *
     * @param isShared whether others may come to judge the node, by what of it is in the store alone
     * @return milliseconds, 0 for no longer than before
     */
    public long lease(long now, ReportTiming timing, boolean isShared) {
        if (!isShared) {
            return timing.lease();
        }
        long untold = storedAt == Long.MIN_VALUE ? timing.lease() : Math.max(0, now - storedAt);
        return Math.max(0, timing.lease() - untold);
    }

    /** Milliseconds by the clock of contacts; until it is first heard of, when this process began to listen for it. */
    public long lastSeenAt() {
        return lastSeenAt;
    }

    /** Whether the store may say that the node is anything but ready, so that its next report must be written. */
    public boolean isAsleep() {
        return asleep;
    }

    /** The store says that the node is silent. */
    public void markAsleep() {
        asleep = true;
    }

    /** The store says that the node is ready. */
    public void markAwake() {
        asleep = false;
    }

    boolean everHeard() {
        return everHeard;
    }

    public Said said() {
        return said;
    }

    /** The sequence that was taken last, 0 if none. */
    public long sequence() {
        return sequence;
    }
}
