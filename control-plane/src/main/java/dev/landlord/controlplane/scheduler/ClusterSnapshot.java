package dev.landlord.controlplane.scheduler;

import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.ImageName;
import dev.landlord.api.id.NodeName;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.plan.TenantState;
import dev.landlord.api.sync.ObservedPhase;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Everything the scheduler may know, as it was at one moment. The order of the lists has no meaning. */
public record ClusterSnapshot(
        List<NodeView> nodes,
        List<TenantView> tenants,
        List<WorkloadView> workloads,
        List<AllocationView> allocations) {
    public ClusterSnapshot {
        nodes = List.copyOf(nodes);
        tenants = List.copyOf(tenants);
        workloads = List.copyOf(workloads);
        allocations = List.copyOf(allocations);
    }

    /** How a node is, as the control plane sees it. Only {@code READY} takes new allocations. */
    public enum NodeHealth {
        JOINED,
        READY,
        SUSPECT,
        LOST
    }

    /**
     * A node.
     *
     * @param cordoned takes nothing new by the operator's word
     * @param capacity what it offers in all, used or not
     * @param capabilities names that it has verified by trying
     */
    public record NodeView(
            NodeName name,
            NodeHealth health,
            boolean cordoned,
            Amounts capacity,
            Set<String> capabilities,
            Set<ImageName> images) {
        public NodeView {
            capabilities = Set.copyOf(capabilities);
            images = Set.copyOf(images);
        }
    }

    /**
     * A tenant.
     *
     * @param plan the most that its allocations may hold together, over all nodes
     * @param priority its plan's; higher is served first
     */
    public record TenantView(TenantName name, TenantState state, Amounts plan, int priority) {}

    /**
     * A workload.
     *
     * @param specVersion of what one replica is; a change of {@code replicas} alone does not change it
     * @param needs of one replica
     */
    public record WorkloadView(
            WorkloadKey key,
            long specVersion,
            long restartCounter,
            int replicas,
            Amounts needs,
            ImageName image,
            boolean deleting) {}

    /** What is wanted of an allocation. */
    public enum Wanted {
        RUNNING,
        /** Its node is told to stop it and to keep its record. */
        STOPPED,
        /** It has left its node's desired set; the node is to remove what is left. */
        RELEASED
    }

    /**
     * An allocation.
     *
     * @param restarting it was told to restart and has not done so yet
     */
    public record AllocationView(
            AllocationId id,
            WorkloadKey workload,
            int index,
            NodeName node,
            long specVersion,
            Amounts holds,
            Wanted wanted,
            Seen seen,
            long restartCounter,
            boolean restarting) {

        boolean live() {
            return wanted == Wanted.RUNNING && !seen.gone();
        }

        boolean stopping() {
            return wanted != Wanted.RUNNING && !seen.gone();
        }
    }

    /**
     * What its node last said about an allocation.
     *
     * @param phase null until the node has spoken of it
     * @param succeeded it ended by itself with exit code 0
     * @param runningMillis for how long it has been seen running without a break; 0 when it does not run
     * @param gone its node has nothing left of it
     */
    public record Seen(@Nullable ObservedPhase phase, boolean succeeded, long runningMillis, boolean gone) {
        public static final Seen NOTHING_YET = new Seen(null, false, 0, false);

        /** It does what it was started for: it has run for a while, or it has ended well. */
        boolean arrived(long settleMillis) {
            return (phase == ObservedPhase.RUNNING && runningMillis >= settleMillis)
                    || (phase == ObservedPhase.EXITED && succeeded);
        }

        boolean running() {
            return phase == ObservedPhase.RUNNING || phase == ObservedPhase.FROZEN;
        }

        /** Its program does not run and will not run again by itself. */
        boolean ended() {
            return phase == ObservedPhase.STOPPED || phase == ObservedPhase.EXITED || phase == ObservedPhase.FAILED;
        }
    }
}
