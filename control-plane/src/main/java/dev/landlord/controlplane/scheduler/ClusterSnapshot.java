package dev.landlord.controlplane.scheduler;

import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.ImageName;
import dev.landlord.api.id.NodeName;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.network.NodeNetwork;
import dev.landlord.api.plan.TenantState;
import dev.landlord.api.sync.ObservedPhase;
import dev.landlord.api.workload.NetworkSpec;
import dev.landlord.api.workload.ProcessSpec;
import dev.landlord.controlplane.network.Wiring;
import java.util.List;
import java.util.Map;
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

    /** What an operator lets a node do. */
    public enum Duty {
        OPEN,
        /** It takes nothing new. */
        CORDONED,
        /** The same, and what it has moves elsewhere. */
        DRAINING
    }

    /**
     * A node.
     *
     * @param capacity what it offers in all, used or not
     * @param capabilities names that it has verified by trying
     * @param missing those that it could not verify, with the reason
     */
    public record NodeView(
            NodeName name,
            NodeHealth health,
            Duty duty,
            Amounts capacity,
            Set<String> capabilities,
            Map<String, String> missing,
            Set<ImageName> images,
            Reach reach,
            Loss loss) {
        public NodeView {
            capabilities = Set.copyOf(capabilities);
            missing = Map.copyOf(missing);
            images = Set.copyOf(images);
        }
    }

    /**
     * How the sandboxes of a node can be reached.
     *
     * @param lastHost highest number of an address within its subnet, 0 if it has none
     * @param offer which of its ports can be had; null for none
     */
    public record Reach(int lastHost, @Nullable NodeNetwork offer) {
        public static final Reach NONE = new Reach(0, null);
    }

    /**
     * How a node was lost; of no meaning unless it is.
     *
     * @param sinceMillis for how long it has been lost
     * @param confirmed an operator has said that it is to be replaced, however many others are lost
     */
    public record Loss(long sinceMillis, boolean confirmed) {
        public static final Loss NONE = new Loss(0, false);
    }

    /**
     * A tenant.
     *
     * @param plan the most that its allocations may hold together, over all nodes
     * @param priority its plan's; higher is served first
     * @param trustClass tenants of different classes never share a node
     * @param avoids tenants that it never shares a node with, nor they with it
     */
    public record TenantView(
            TenantName name, TenantState state, Amounts plan, int priority, String trustClass, Set<TenantName> avoids) {
        public TenantView {
            avoids = Set.copyOf(avoids);
        }
    }

    /**
     * What one replica asks of its node.
     *
     * @param capabilities besides those that every sandbox needs
     */
    public record Ask(Amounts needs, ImageName image, NetworkSpec network, Set<String> capabilities) {
        public Ask {
            capabilities = Set.copyOf(capabilities);
        }

        /** Of what tells most apart: a pass asks for it once for each replica that waits. */
        @Override
        public int hashCode() {
            return 31 * needs.hashCode() + image.hashCode();
        }

        /** Of a replica of this there is never more than one, whatever that costs. */
        boolean mustBeAlone() {
            return capabilities.contains(ProcessSpec.LEASE_CAPABILITY);
        }
    }

    /**
     * A workload.
     *
     * @param specVersion of what one replica is; a change of {@code replicas} alone does not change it
     */
    public record WorkloadView(
            WorkloadKey key, long specVersion, long restartCounter, int replicas, Ask ask, boolean deleting) {}

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
     * @param ask what it was placed for, or last resized to
     * @param applied limits that its node has told are in force; zero where it has told none
     * @param wiring its address and its ports of the node
     * @param restarting it was told to restart and has not done so yet
     * @param displaced another allocation takes its place; it runs on only until that one serves
     * @param resizable it is of an older version, from which the newest differs only in limits that can change while it runs
     */
    public record AllocationView(
            AllocationId id,
            WorkloadKey workload,
            int index,
            NodeName node,
            long specVersion,
            Ask ask,
            Amounts applied,
            Wiring wiring,
            Wanted wanted,
            Seen seen,
            long restartCounter,
            boolean restarting,
            boolean displaced,
            boolean resizable) {

        /** Until it is gone. A node may still have to lower its limits, and they are its to use until then. */
        Amounts holds() {
            return ask.needs().max(applied);
        }

        boolean live() {
            return wanted == Wanted.RUNNING && !seen.gone();
        }
    }

    /** What its health check says of an allocation. */
    public enum Check {
        /** It has none. */
        NONE,
        WAITING,
        PASSED
    }

    /**
     * What its node last said about an allocation.
     *
     * @param phase null until the node has spoken of it
     * @param succeeded it ended by itself with exit code 0
     * @param runningMillis for how long it has been seen running without a break; 0 when it does not run
     * @param gone its node has nothing left of it
     * @param fenced its node has ended it with the lease, or may not begin it: it never runs again
     */
    public record Seen(
            @Nullable ObservedPhase phase,
            boolean succeeded,
            long runningMillis,
            Check check,
            boolean gone,
            boolean fenced) {
        public static final Seen NOTHING_YET = new Seen(null, false, 0, Check.NONE, false);

        /** Of one that the lease has not ended. */
        public Seen(@Nullable ObservedPhase phase, boolean succeeded, long runningMillis, Check check, boolean gone) {
            this(phase, succeeded, runningMillis, check, gone, false);
        }

        /** It does what it was started for: its check has passed, or it has run for a while, or it has ended well. */
        boolean arrived(long settleMillis) {
            boolean serves = switch (check) {
                case NONE -> runningMillis >= settleMillis;
                case WAITING -> false;
                case PASSED -> true;
            };
            return (phase == ObservedPhase.RUNNING && serves) || (phase == ObservedPhase.EXITED && succeeded);
        }

        boolean running() {
            return phase == ObservedPhase.RUNNING || phase == ObservedPhase.FROZEN;
        }

        /** Its program does not run and will not run again by itself. */
        boolean ended() {
            return phase == ObservedPhase.STOPPED || phase == ObservedPhase.EXITED || phase == ObservedPhase.FAILED;
        }

        /** Its program has ended, and not well; it may be started again later. */
        boolean broken() {
            return phase == ObservedPhase.BACKING_OFF
                    || phase == ObservedPhase.FAILED
                    || (phase == ObservedPhase.EXITED && !succeeded);
        }
    }
}
