package dev.landlord.controlplane.allocation;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.landlord.api.id.Generation;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.network.Attachment;
import dev.landlord.api.network.ClusterNetwork;
import dev.landlord.api.plan.PlanSpec;
import dev.landlord.api.sync.Assignment;
import dev.landlord.api.sync.DesiredState;
import dev.landlord.api.workload.IoRates;
import dev.landlord.controlplane.network.Subnet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a node should run, before it has a number. Pure.
 *
 * @param assignments by allocation id
 * @param frozen suspended tenants that have allocations here, by name
 * @param network what the node must know of the others; null when it connects no sandboxes
 */
public record DesiredSet(
        List<Assignment> assignments,
        List<TenantName> frozen,
        @Nullable ClusterNetwork network) {
    /** Time between SIGTERM and SIGKILL. */
    private static final long STOP_GRACE_MILLIS = 10_000;

    public static final DesiredSet EMPTY = new DesiredSet(List.of(), List.of(), null);

    public DesiredSet {
        assignments = List.copyOf(assignments);
        frozen = List.copyOf(frozen);
    }

    /**
     * What of a tenant a node must know.
     *
     * @param cpuWeight its plan's
     * @param io its plan's; null for no limit
     * @param ioWeight likewise
     * @param cpuBurstPercent likewise
     */
    public record Terms(
            int cpuWeight,
            @Nullable IoRates io,
            @Nullable Integer ioWeight,
            @Nullable Integer cpuBurstPercent,
            boolean suspended) {
        public Terms(int cpuWeight, boolean suspended) {
            this(cpuWeight, null, null, null, suspended);
        }

        public static Terms of(PlanSpec plan, boolean suspended) {
            return new Terms(plan.cpuWeight(), plan.io(), plan.ioWeight(), plan.cpuBurstPercent(), suspended);
        }
    }

    /** Assembles the set from the node's allocations. */
    public static DesiredSet of(
            List<Allocation> onNode, Map<TenantName, Terms> terms, @Nullable ClusterNetwork network) {
        Set<TenantName> frozen = new HashSet<>();
        List<Assignment> assignments = onNode.stream()
                .filter(Allocation::isDesired)
                .sorted(Comparator.comparing(allocation -> allocation.id().value()))
                .map(allocation -> {
                    TenantName tenant = allocation.workload().tenant();
                    Terms its = terms.get(tenant);
                    if (its == null) {
                        throw new IllegalArgumentException("allocation " + allocation.id() + " has no tenant");
                    }
                    if (its.suspended()) {
                        frozen.add(tenant);
                    }
                    return assignment(allocation, its);
                })
                .toList();
        return new DesiredSet(
                assignments,
                frozen.stream().sorted(Comparator.comparing(TenantName::value)).toList(),
                network);
    }

    private static Assignment assignment(Allocation allocation, Terms terms) {
        boolean runs = allocation.isLive();
        return new Assignment(
                allocation.id(),
                allocation.workload().tenant(),
                allocation.workload().name(),
                allocation.index(),
                runs ? Assignment.Desired.RUNNING : Assignment.Desired.STOPPED,
                allocation.template().process(),
                allocation.template().resources(),
                terms.cpuWeight(),
                allocation.template().restart(),
                allocation.restartCounter(),
                STOP_GRACE_MILLIS,
                attachment(allocation),
                allocation.template().health(),
                terms.io(),
                terms.ioWeight(),
                terms.cpuBurstPercent());
    }

    private static @Nullable Attachment attachment(Allocation allocation) {
        Long address = allocation.address();
        return address == null ? null : new Attachment(Subnet.text(address), allocation.publishedPorts());
    }

    /** Equal sets have equal digests, in this process and the next. */
    public String sha256() {
        return ContentJson.sha256(ContentJson.write(new Content(this)));
    }

    /** What of a set is written: in one order, and without what is not there. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Content(
            List<Assignment> assignments,
            List<TenantName> frozen,
            @Nullable ClusterNetwork network,
            @Nullable List<String> hosts) {
        Content(DesiredSet set) {
            this(
                    set.assignments,
                    set.frozen,
                    set.network == null ? null : withoutHosts(set.network),
                    set.network == null
                            ? null
                            : set.network.hosts().stream().sorted().toList());
        }

        private static ClusterNetwork withoutHosts(ClusterNetwork network) {
            return new ClusterNetwork(network.cluster(), network.subnet(), network.routes(), network.peers(), Set.of());
        }
    }

    /** Whether a numbered set has these assignments; its network is not looked at, which would cost much. */
    public boolean isContentOf(DesiredState state) {
        return assignments.equals(state.assignments()) && Set.copyOf(frozen).equals(state.frozen());
    }

    public DesiredState numbered(Generation generation) {
        return new DesiredState(generation, assignments, Set.copyOf(frozen), network);
    }
}
