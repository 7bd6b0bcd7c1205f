package dev.landlord.controlplane.scheduler;

import dev.landlord.api.id.TenantName;
import dev.landlord.controlplane.network.PortNeeds;
import dev.landlord.controlplane.network.Wiring;
import dev.landlord.controlplane.network.WiringBook;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.NodeView;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One node and what is still free on it, as the pass goes on. */
final class NodeRoom {
    /** Its place among all rooms by name, from 0. */
    final int number;

    final NodeView view;
    final WiringBook wirings;
    private Amounts free;
    private double fullness;
    private final Map<TenantName, Integer> tenants = new HashMap<>();
    private final Map<WorkloadKey, Integer> workloads = new HashMap<>();

    NodeRoom(int number, NodeView view) {
        this.number = number;
        this.view = view;
        this.free = view.capacity();
        this.wirings = new WiringBook(view.reach().lastHost(), view.reach().offer());
        this.fullness = fullnessNow();
    }

    Amounts free() {
        return free;
    }

    /** How full the scarcer of CPU and memory is, 0 to 1; more if the node has shrunk. */
    double fullness() {
        return fullness;
    }

    /** How many allocations of the workload it has. */
    int count(WorkloadKey workload) {
        return workloads.getOrDefault(workload, 0);
    }

    /** How many allocations of the tenant it has. */
    int count(TenantName tenant) {
        return tenants.getOrDefault(tenant, 0);
    }

    void take(WorkloadKey workload, Amounts needs, Wiring wiring) {
        free = free.minus(needs);
        fullness = fullnessNow();
        wirings.take(wiring);
        workloads.merge(workload, 1, Integer::sum);
        tenants.merge(workload.tenant(), 1, Integer::sum);
    }

    /** What is here takes so much more. */
    void grow(Amounts more) {
        free = free.minus(more);
        fullness = fullnessNow();
    }

    boolean holds(Amounts needs) {
        return needs.fitsIn(free);
    }

    /** Whether it has an address and these ports. */
    boolean wires(PortNeeds ports) {
        return wirings.hasAddress()
                && (ports.isNothing()
                        || (wirings.takenOf(ports, List.of()) == null && wirings.rangeSuffices(ports, List.of())));
    }

    private double fullnessNow() {
        double cpu = fullness(view.capacity().cpuMillis(), free.cpuMillis());
        double memory = fullness(view.capacity().memoryBytes(), free.memoryBytes());
        return Math.max(cpu, memory);
    }

    private static double fullness(long capacity, long free) {
        return capacity == 0 ? 1 : 1 - (double) free / capacity;
    }
}
