package dev.landlord.controlplane.scheduler;

import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.NodeName;
import dev.landlord.controlplane.network.Wiring;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One change to the allocations. Whoever carries it out checks that what it was decided upon still holds. */
public sealed interface Decision {
    /**
     * Make a new allocation; its id is given by whoever carries it out.
     *
     * @param specVersion the workload's, or an older one, and then it is a copy of the allocation that it displaces
     * @param displaces allocations of the same index whose place it takes: they count no more, and run on only until it
     *     serves
     */
    record Place(
            WorkloadKey workload,
            int index,
            NodeName node,
            long specVersion,
            long restartCounter,
            Wiring wiring,
            List<AllocationId> displaces)
            implements Decision {
        public Place {
            displaces = List.copyOf(displaces);
        }
    }

    /**
     * Count a displaced allocation again, because what was to take its place is gone or lost.
     *
     * @param displaces allocations of the same index that count no more
     */
    record Reclaim(AllocationId allocation, List<AllocationId> displaces) implements Decision {
        public Reclaim {
            displaces = List.copyOf(displaces);
        }
    }

    /** Change the limits of an allocation to those of this spec version, in place; its program runs on. */
    record Resize(AllocationId allocation, long specVersion) implements Decision {}

    /**
     * Want a running allocation stopped.
     *
     * @param instead the allocation that serves in its place, without which it goes on; null if none has to
     */
    record Stop(AllocationId allocation, Why why, @Nullable AllocationId instead) implements Decision {}

    /** An allocation has stopped: it leaves its node's desired set. */
    record Release(AllocationId allocation) implements Decision {}

    /** Nothing is left of an allocation: forget it. */
    record Remove(AllocationId allocation) implements Decision {}

    /** Pass the workload's restart counter on to an allocation. */
    record Restart(AllocationId allocation, long restartCounter) implements Decision {}

    /** Why an allocation stops. */
    enum Why {
        WORKLOAD_DELETED,
        SCALED_DOWN,
        /** Two live allocations of one version had the same index. */
        DUPLICATE,
        /** A newer version came before this one had replaced the one before it. */
        SUPERSEDED,
        /** Its replacement runs. */
        REPLACED,
        /** It was to take the place of one that serves again, and does not run itself. */
        NOT_NEEDED,
        /** Its replacement has no room beside it. */
        MAKES_ROOM,
        /** There must not be two of it, so that its replacement begins when it has ended. */
        MAKES_WAY,
        /** Its host has ended it with the lease: it never runs again. */
        LEASE_ENDED,
        /** It is frozen and is to leave its node: it is started anew, elsewhere, when its tenant is active again. */
        LEAVES_WHILE_SUSPENDED;

        /** Lower case, for sentences. */
        public String text() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }
}
