package dev.landlord.controlplane.scheduler;

import dev.landlord.api.id.NodeName;
import dev.landlord.api.sync.ObservedPhase;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Why a replica has no place, or why its replacement waits. */
public sealed interface Reason {
    /** One sentence for the tenant, without a full stop. Names only the tenant's own things and nodes. */
    String text();

    /** There is no node at all. */
    record NoNodes() implements Reason {
        @Override
        public String text() {
            return "the cluster has no nodes";
        }
    }

    /** What rejected a node. Each node is counted under the first that did. */
    enum Filter {
        NOT_READY,
        CORDONED,
        CAPABILITY,
        IMAGE,
        APART,
        PORT,
        ADDRESS,
        ROOM
    }

    /**
     * So many nodes were rejected by one filter.
     *
     * @param detail completes the sentence "1 of 3 nodes: ..."
     */
    record NodesRejected(Filter filter, String detail, int rejected, int nodes) implements Reason {
        @Override
        public String text() {
            return rejected + " of " + nodes + (nodes == 1 ? " node: " : " nodes: ") + detail;
        }
    }

    /** Of the nodes that lacked nothing but room, the one that lacked least. */
    record NearestMiss(NodeName node, Amounts lacking) implements Reason {
        @Override
        public String text() {
            return "node " + node + " lacks " + lacking.describe();
        }
    }

    /** Waiting does not help: no node at all would hold it even if it were empty. */
    record TooLarge() implements Reason {
        @Override
        public String text() {
            return "no node is large enough, even when empty";
        }
    }

    /** The tenant's allocations, those that still stop included, leave too little of its plan. */
    record PlanExhausted(Amounts lacking) implements Reason {
        @Override
        public String text() {
            return "the tenant's plan lacks " + lacking.describe();
        }
    }

    /** Nothing new is placed for a suspended tenant. */
    record Suspended() implements Reason {
        @Override
        public String text() {
            return "the tenant is suspended";
        }
    }

    /** Never more than one replica more than asked for: earlier ones must be gone first. */
    record StillStopping(int replicas) implements Reason {
        @Override
        public String text() {
            return "waits for " + replicas + (replicas == 1 ? " replica" : " replicas") + " to stop";
        }
    }

    /**
     * One replica at a time: another one does not serve yet.
     *
     * @param checked it has a health check, which has not passed
     */
    record ReplicaNotRunning(int index, @Nullable ObservedPhase phase, boolean checked) implements Reason {
        @Override
        public String text() {
            String seen = switch (phase) {
                case null -> "is not started yet";
                case RUNNING -> checked ? "is not healthy yet" : "has only just started";
                default -> "is " + phase.name().toLowerCase(Locale.ROOT).replace('_', '-');
            };
            return "waits for replica " + index + ", which " + seen;
        }
    }

    /** One replica at a time: the node of another one is silent, so nobody knows whether that one serves. */
    record NodeSilent(int index) implements Reason {
        @Override
        public String text() {
            return "waits for replica " + index + ", whose node is not heard of";
        }
    }

    /** A replica without a place would be joined by a second one if this one stopped to make room. */
    record WouldLoseAnother(int index) implements Reason {
        @Override
        public String text() {
            return "will not stop a replica while replica " + index + " has no place";
        }
    }

    /** Its node is lost, and so are so many others that it may be the network. */
    record MassLoss(int missing, int nodes) implements Reason {
        @Override
        public String text() {
            return "its node is lost with others, " + missing + " of " + nodes
                    + " nodes at once; replicas are replaced when fewer are, or when an operator confirms";
        }
    }

    /** The pass had its fill; the next one, at once, goes on. */
    record NextPass() implements Reason {
        @Override
        public String text() {
            return "its turn comes in the next pass";
        }
    }
}
